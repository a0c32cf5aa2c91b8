package reforest.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Forests of a class that few rows have, beside scikit-learn's: what they say of rows in folds that
 * they have not seen, in several divisions into folds.
 */
record RareClasses() implements Case {

  private static final String PEER = "sklearn";

  /** Divisions and draws differ; a twentieth more loss would be another forest. */
  private static final Target LOSS = Target.atMost(1.05);

  @Override
  public String name() {
    return "rare-classes";
  }

  @Override
  public boolean isLong() {
    return true;
  }

  @Override
  public List<Ratio> run(Lab lab) {
    List<Ratio> ratios = new ArrayList<>();
    for (String set : List.of("cancer", "digits", "generated")) {
      Plan plan = Plans.rare(lab, set);
      String label = name() + "-" + set;
      String file = lab.plan(label, plan);
      Jvm jvm = Jvm.small().sharing(lab.archive());
      Measured us = lab.java(label + "-ours", jvm, OurFolds.class, file);
      Measured them = lab.python(label + "-" + PEER, "peers.py", "folds", PEER, file);
      ratios.add(ratio(set, plan, us, them, "log-loss", LOSS));
      ratios.add(ratio(set, plan, us, them, "1 - auc", Target.none()));
    }
    return ratios;
  }

  private Ratio ratio(
      String set, Plan plan, Measured us, Measured them, String figure, Target target) {
    List<Double> ours = us.numbers(figure);
    List<Double> theirs = them.numbers(figure);
    Difference difference = Difference.of(ours, theirs);
    return Ratio.ofPeer(
            name(),
            "ours / " + PEER + " on " + set + ", " + figure + " (difference " + difference + ")",
            mean(ours),
            mean(theirs),
            target)
        .with(
            Map.of(
                "plan",
                plan.json(),
                "difference",
                difference.mean(),
                "standardError",
                difference.standardError(),
                "versions",
                Map.of("ours", us.text("version"), "peer", them.text("version"))));
  }

  private static double mean(List<Double> of) {
    return of.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
  }
}
