package reforest.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import reforest.config.TrainConfig;
import reforest.config.TrainConfig.GradientBoostingGrid;
import reforest.config.TrainConfig.RandomForestGrid;

/** One setting of one family: what cross-validation compares. */
public sealed interface Candidate {

  /** A random forest's settings; see {@link RandomForestGrid} for units. */
  record RandomForest(int trees, int depth, int minInstances, String features, double subsample)
      implements Candidate {
    @Override
    public String family() {
      return "random-forest";
    }

    @Override
    public Map<String, String> parameters() {
      Map<String, String> parameters = new LinkedHashMap<>();
      parameters.put("trees", String.valueOf(trees));
      parameters.put("depth", String.valueOf(depth));
      parameters.put("min-instances", String.valueOf(minInstances));
      parameters.put("features", features);
      parameters.put("subsample", String.valueOf(subsample));
      return parameters;
    }
  }

  /** Gradient-boosted trees' settings; see {@link GradientBoostingGrid} for units. */
  record GradientBoosting(
      int iterations,
      int depth,
      double stepSize,
      int minInstances,
      String features,
      double subsample)
      implements Candidate {
    @Override
    public int trees() {
      return iterations;
    }

    @Override
    public String family() {
      return "gradient-boosting";
    }

    @Override
    public Map<String, String> parameters() {
      Map<String, String> parameters = new LinkedHashMap<>();
      parameters.put("iterations", String.valueOf(iterations));
      parameters.put("depth", String.valueOf(depth));
      parameters.put("step-size", String.valueOf(stepSize));
      parameters.put("min-instances", String.valueOf(minInstances));
      parameters.put("features", features);
      parameters.put("subsample", String.valueOf(subsample));
      return parameters;
    }
  }

  /** {@code random-forest} or {@code gradient-boosting}. */
  String family();

  /** The settings by their names in the configuration. */
  Map<String, String> parameters();

  /** How many trees it has. */
  int trees();

  /** Its largest depth. */
  int depth();

  /** Family and settings in one line. */
  default String describe() {
    List<String> words = new ArrayList<>();
    parameters().forEach((name, value) -> words.add(name + "=" + value));
    return family() + " " + String.join(" ", words);
  }

  /** Every combination of the configured grids, forests first, in the order of their lists. */
  static List<Candidate> of(TrainConfig config) {
    List<Candidate> candidates = new ArrayList<>();
    config.randomForest().ifPresent(grid -> addForests(grid, candidates));
    config.gradientBoosting().ifPresent(grid -> addBoosters(grid, candidates));
    return List.copyOf(candidates);
  }

  /** Every combination of a grid of forests. */
  static List<Candidate> of(RandomForestGrid grid) {
    List<Candidate> candidates = new ArrayList<>();
    addForests(grid, candidates);
    return candidates;
  }

  /** Every combination of a grid of boosted trees. */
  static List<Candidate> of(GradientBoostingGrid grid) {
    List<Candidate> candidates = new ArrayList<>();
    addBoosters(grid, candidates);
    return candidates;
  }

  /**
   * A candidate by what {@link #family} and {@link #parameters} said of it; empty when they are not
   * those of a candidate, such as another release's.
   */
  static Optional<Candidate> parse(String family, Map<String, String> parameters) {
    try {
      Candidate parsed =
          family.equals("random-forest")
              ? new RandomForest(
                  Integer.parseInt(parameters.getOrDefault("trees", "")),
                  Integer.parseInt(parameters.getOrDefault("depth", "")),
                  Integer.parseInt(parameters.getOrDefault("min-instances", "")),
                  parameters.getOrDefault("features", ""),
                  Double.parseDouble(parameters.getOrDefault("subsample", "")))
              : new GradientBoosting(
                  Integer.parseInt(parameters.getOrDefault("iterations", "")),
                  Integer.parseInt(parameters.getOrDefault("depth", "")),
                  Double.parseDouble(parameters.getOrDefault("step-size", "")),
                  Integer.parseInt(parameters.getOrDefault("min-instances", "")),
                  parameters.getOrDefault("features", ""),
                  Double.parseDouble(parameters.getOrDefault("subsample", "")));
      // What says the same again is understood whole.
      return parsed.family().equals(family) && parsed.parameters().equals(parameters)
          ? Optional.of(parsed)
          : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static void addForests(RandomForestGrid grid, List<Candidate> candidates) {
    for (int trees : grid.trees()) {
      for (int depth : grid.depth()) {
        for (int minInstances : grid.minInstances()) {
          for (String features : grid.features()) {
            for (double subsample : grid.subsample()) {
              candidates.add(new RandomForest(trees, depth, minInstances, features, subsample));
            }
          }
        }
      }
    }
  }

  private static void addBoosters(GradientBoostingGrid grid, List<Candidate> candidates) {
    for (int iterations : grid.iterations()) {
      for (int depth : grid.depth()) {
        for (double stepSize : grid.stepSize()) {
          for (int minInstances : grid.minInstances()) {
            for (String features : grid.features()) {
              for (double subsample : grid.subsample()) {
                candidates.add(
                    new GradientBoosting(
                        iterations, depth, stepSize, minInstances, features, subsample));
              }
            }
          }
        }
      }
    }
  }
}
