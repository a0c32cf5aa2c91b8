package reforest.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import reforest.train.OneFit;

/**
 * One fit of a hundred trees, beside those of Python.
 *
 * @param name the case
 * @param rows rows of the generated regression
 * @param heap most heap of ours
 * @param memory our peak memory / LightGBM's
 * @param limits the machine's own speed
 */
record Fits(String name, int rows, String heap, Target memory, Limit limits) implements Case {

  private static final Target CPU = Target.atMost(1.5);
  private static final Target ERROR = Target.atMost(1.01);

  @Override
  public List<Ratio> run(Lab lab) {
    // As the peers start, and what remains between the errors is the trees themselves.
    Plan plan = Plans.single(lab, rows, 2).from("mean");
    String file = lab.plan(name, plan);
    Jvm jvm = Jvm.large(heap).sharing(lab.archive());
    double limit = plan.additions(rows) * limits.secondsPerAddition(lab);
    Measured us = lab.java(name + "-ours", jvm, OneFit.class, file);
    Map<String, Object> facts = facts(plan, jvm, limit);
    List<Ratio> ratios = new ArrayList<>();
    for (String peer : lab.peers(List.of("lightgbm", "xgboost", "sklearn"))) {
      Measured them = lab.python(name + "-" + peer, "peers.py", "fit", peer, file);
      boolean isLightgbm = peer.equals(Lab.HELD_TO);
      Pair pair = new Pair(name, peer, us, them, facts);
      Target cpu = isLightgbm ? CPU : Target.none();
      ratios.add(limited(pair.told("againSeconds", "CPU s of a fit", cpu), limit));
      ratios.add(
          limited(pair.told("firstSeconds", "CPU s of the process's first fit", cpu), limit));
      ratios.add(limited(pair.cpu(Target.none()), limit * plan.repeats()));
      ratios.add(pair.wall());
      ratios.add(pair.memory(isLightgbm ? memory : Target.none()));
      ratios.add(pair.tested(isLightgbm ? ERROR : Target.none()));
    }
    Plan fromTree = plan.from("tree");
    String fileOfTree = lab.plan(name + "-tree", fromTree);
    ratios.add(
        new Pair(
                name,
                "lightgbm, both with MLlib's first tree",
                lab.java(name + "-ours-tree", jvm, OneFit.class, fileOfTree),
                lab.python(name + "-steps", "peers.py", "steps", "lightgbm", fileOfTree),
                facts(fromTree, jvm, limit))
            .tested(ERROR));
    return ratios;
  }

  private Map<String, Object> facts(Plan plan, Jvm jvm, double limit) {
    return Map.of(
        "rows",
        rows,
        "plan",
        plan.json(),
        "jvm",
        Map.of("ours", jvm.flags()),
        "limitSeconds",
        limit);
  }

  private static Ratio limited(Ratio ratio, double limit) {
    return ratio.with(
        Map.of("oursTimesLimit", ratio.ours() / limit, "peerTimesLimit", ratio.peer() / limit));
  }
}
