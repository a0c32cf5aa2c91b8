package reforest.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import reforest.bundle.Task;
import reforest.config.BoostingStart;
import reforest.train.binned.EnsembleFit;
import reforest.train.binned.TreeSettings;

/** Makes fits of candidates that one fit answers, as {@link Candidate#sharedFit} tells them. */
final class SharedFits {

  private final Task task;
  private final int classes;
  private final int features;
  private final int maxBins;
  private final long seed;

  /**
   * @param classes classes of the label; 0 for a regression
   * @param features features of a row
   */
  SharedFits(Task task, int classes, int features, int maxBins, long seed) {
    this.task = task;
    this.classes = classes;
    this.features = features;
    this.maxBins = maxBins;
    this.seed = seed;
  }

  /**
   * One fit.
   *
   * @param parts the longest and deepest ensemble in pieces that can be fitted apart, in the order
   *     of their trees
   * @param candidates positions of the candidates that it answers
   */
  record Unit(List<EnsembleFit> parts, List<Integer> candidates) {
    Unit {
      parts = List.copyOf(parts);
      candidates = List.copyOf(candidates);
    }
  }

  /**
   * The fits that answer some candidates.
   *
   * @param positions of the candidates
   * @param cores how many tasks can run at once: forests are cut into parts while there are fewer
   *     fits than that
   */
  List<Unit> of(List<Candidate> candidates, List<Integer> positions, int cores) {
    Map<Candidate, List<Integer>> groups = new LinkedHashMap<>();
    for (int position : positions) {
      Candidate candidate = candidates.get(position);
      groups
          .computeIfAbsent(
              candidate.sharedFit(String.valueOf(tried(candidate))), fit -> new ArrayList<>())
          .add(position);
    }
    int parts = Math.max(1, (cores + groups.size() - 1) / groups.size());
    List<Unit> units = new ArrayList<>();
    for (List<Integer> group : groups.values()) {
      List<Candidate> of = group.stream().map(candidates::get).toList();
      units.add(
          new Unit(
              of.get(0) instanceof Candidate.RandomForest
                  ? forest(of, parts)
                  : List.of(boosting(of)),
              group));
    }
    return units;
  }

  private List<EnsembleFit> forest(List<Candidate> group, int parts) {
    int trees = 0;
    int depth = 0;
    for (Candidate candidate : group) {
      Candidate.RandomForest forest = (Candidate.RandomForest) candidate;
      trees = Math.max(trees, forest.trees());
      depth = Math.max(depth, forest.depth());
    }
    Candidate.RandomForest first = (Candidate.RandomForest) group.get(0);
    TreeSettings growth =
        new TreeSettings(classes, depth, first.minInstances(), 0, tried(first), maxBins, false);
    List<EnsembleFit> cut = new ArrayList<>();
    int many = Math.min(parts, trees);
    for (int part = 0; part < many; part++) {
      int from = (int) ((long) trees * part / many);
      int to = (int) ((long) trees * (part + 1) / many);
      cut.add(new EnsembleFit.Forest(growth, from, to, true, first.subsample(), seed));
    }
    return cut;
  }

  private EnsembleFit boosting(List<Candidate> group) {
    int iterations = 0;
    for (Candidate candidate : group) {
      iterations = Math.max(iterations, ((Candidate.GradientBoosting) candidate).iterations());
    }
    Candidate.GradientBoosting first = (Candidate.GradientBoosting) group.get(0);
    TreeSettings growth =
        new TreeSettings(0, first.depth(), first.minInstances(), 0, tried(first), maxBins, false);
    return new EnsembleFit.Boosting(
        growth,
        task.isClassification(),
        first.start() == BoostingStart.MEAN,
        iterations,
        first.stepSize(),
        first.subsample(),
        seed);
  }

  private int tried(Candidate candidate) {
    if (!candidate.features().equals("auto")) {
      return tried(candidate.features());
    }
    boolean isForest = candidate instanceof Candidate.RandomForest && candidate.trees() > 1;
    return tried(!isForest ? "all" : task.isClassification() ? "sqrt" : "onethird");
  }

  /** What MLlib makes of {@code featureSubsetStrategy}. */
  private int tried(String strategy) {
    double count =
        switch (strategy) {
          case "all" -> features;
          case "sqrt" -> Math.sqrt(features);
          case "log2" -> Math.log(features) / Math.log(2);
          case "onethird" -> features / 3.0;
          default ->
              strategy.contains(".")
                  ? Double.parseDouble(strategy) * features
                  : Double.parseDouble(strategy);
        };
    return (int) Math.max(1, Math.min(features, Math.ceil(count)));
  }
}
