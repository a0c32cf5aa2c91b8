package reforest.bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * A whole search, beside stock MLlib's and those of Python: boosted trees start from MLlib's first
 * tree beside the one, and from the mean beside the others.
 *
 * @param name the case
 * @param plan what is searched
 * @param profile how ours is started, beside an archive of its classes
 * @param plain CPU of stock MLlib's, started by default, / ours, started with an archive of its
 *     classes; empty to leave MLlib out
 * @param equal the same with the same flags
 * @param lightgbm our CPU / that of LightGBM's search
 * @param error our error / LightGBM's, and MLlib's
 * @param peers of {@code peers.py}
 */
record Searches(
    String name,
    Function<Lab, Plan> plan,
    Jvm profile,
    OptionalDouble plain,
    OptionalDouble equal,
    Target lightgbm,
    Target error,
    List<String> peers)
    implements Case {

  Searches {
    peers = List.copyOf(peers);
  }

  @Override
  public List<Ratio> run(Lab lab) {
    Plan wanted = plan.apply(lab);
    List<Ratio> ratios = new ArrayList<>();
    if (plain.isPresent() || equal.isPresent()) {
      ratios.addAll(besideMllib(lab, wanted));
    }
    ratios.addAll(besidePython(lab, wanted.from("mean")));
    return ratios;
  }

  private List<Ratio> besideMllib(Lab lab, Plan wanted) {
    String file = lab.plan(name, wanted);
    Jvm jvm = profile.sharing(lab.archive());
    Measured us = lab.java(name + "-ours", jvm, OurSearch.class, file);
    List<Ratio> ratios = new ArrayList<>();
    if (plain.isPresent()) {
      Measured stock =
          lab.java(name + "-mllib-plain", Jvm.plain(), StockSearch.class, "plain", file);
      Pair pair = pair("MLlib as started by default", jvm, us, stock, wanted, Jvm.plain().flags());
      ratios.add(pair.timesOurCpu(Target.atLeast(plain.getAsDouble())));
      ratios.add(pair.wall());
      ratios.add(pair.memory(Target.none()));
      ratios.add(pair.tested(error));
      Measured alone = lab.java(name + "-ours-unshared", profile, OurSearch.class, file);
      String without = "MLlib as started by default, ours without an archive of classes";
      ratios.add(
          pair(without, profile, alone, stock, wanted, Jvm.plain().flags())
              .timesOurCpu(Target.none()));
    }
    if (equal.isPresent()) {
      Measured stock = lab.java(name + "-mllib-equal", jvm, StockSearch.class, "tuned", file);
      Pair pair = pair("MLlib with our flags", jvm, us, stock, wanted, jvm.flags());
      ratios.add(pair.timesOurCpu(Target.atLeast(equal.getAsDouble())));
      ratios.add(pair.wall());
    }
    return ratios;
  }

  private List<Ratio> besidePython(Lab lab, Plan wanted) {
    List<String> measured = lab.peers(peers);
    if (measured.isEmpty()) {
      return List.of();
    }
    String file = lab.plan(name + "-mean", wanted);
    Jvm jvm = profile.sharing(lab.archive());
    Measured us = lab.java(name + "-ours-mean", jvm, OurSearch.class, file);
    List<Ratio> ratios = new ArrayList<>();
    for (String peer : measured) {
      Measured them = lab.python(name + "-" + peer, "peers.py", "search", peer, file);
      Pair pair = pair(peer, jvm, us, them, wanted, List.of());
      boolean isLightgbm = peer.equals(Lab.HELD_TO);
      ratios.add(pair.cpu(isLightgbm ? lightgbm : Target.none()));
      ratios.add(pair.wall());
      ratios.add(pair.memory(Target.none()));
      ratios.add(pair.tested(isLightgbm ? error : Target.none()));
    }
    return ratios;
  }

  private Pair pair(
      String peer, Jvm jvm, Measured us, Measured them, Plan plan, List<String> flags) {
    Map<String, Object> facts = new HashMap<>();
    facts.put("plan", plan.json());
    facts.put("jvm", Map.of("ours", jvm.flags(), "peer", flags));
    facts.put("winners", Map.of("ours", winner(us), "peer", winner(them)));
    return new Pair(name, peer, us, them, facts);
  }

  private static String winner(Measured of) {
    return "depth " + of.text("depth") + ", trees " + of.text("trees");
  }
}
