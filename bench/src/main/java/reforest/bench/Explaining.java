package reforest.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Explaining rows beside Python's {@code shap}, on the same trees. */
record Explaining() implements Case {

  private static final int ROWS = 20_000;

  /** How far two exact explanations may lie apart. */
  private static final double ROUNDING = 1e-9;

  @Override
  public String name() {
    return "explaining";
  }

  @Override
  public List<Ratio> run(Lab lab) {
    List<Ratio> ratios = new ArrayList<>();
    for (int depth : List.of(6, 8)) {
      Plan plan = Plans.scored(lab, ROWS, depth);
      String label = "explaining-" + depth;
      Path folder = lab.work().resolve("models").resolve("explained-" + depth);
      lab.java(
          label + "-models",
          Jvm.plain(),
          MakeModels.class,
          lab.plan(label, plan),
          folder.toString());
      Path explained = lab.file(label, "doubles");
      Measured us =
          lab.java(
              label + "-ours",
              Jvm.plain(),
              ExplainRows.class,
              folder.toString(),
              explained.toString());
      String model = folder.resolve(MakeModels.BUNDLE).resolve("model.pmml").toString();
      Measured them =
          lab.python(
              label + "-shap",
              "explain.py",
              model,
              String.valueOf(plan.numbers().size()),
              explained.toString());
      String what = "100 trees of depth " + depth + ", ";
      Map<String, Object> facts =
          Map.of("plan", plan.json(), "version", them.text("version"), "lost", us.number("lost"));
      ratios.add(
          Ratio.ofPeer(
                  name(),
                  what + "CPU us a row: ours / shap",
                  us.number("microseconds"),
                  them.number("microseconds"),
                  Target.atMost(0.1))
              .with(facts));
      ratios.add(
          Ratio.ofPeer(
                  name(),
                  what + "largest difference / what rounding may do",
                  them.number("difference"),
                  ROUNDING,
                  Target.atMost(1))
              .with(facts));
    }
    return ratios;
  }
}
