package reforest.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import reforest.config.BoostingStart;
import reforest.config.Recency;
import reforest.config.TrainConfig;
import reforest.config.TrainConfig.GradientBoostingGrid;
import reforest.config.TrainConfig.RandomForestGrid;

/** One setting of one family: what cross-validation compares. */
public sealed interface Candidate {

  /** A random forest's settings; see {@link RandomForestGrid} for units. */
  record RandomForest(
      int trees, int depth, int minInstances, String features, double subsample, Recency recency)
      implements Candidate {

    /** Of all rows. */
    RandomForest(int trees, int depth, int minInstances, String features, double subsample) {
      this(trees, depth, minInstances, features, subsample, Recency.ALL);
    }

    @Override
    public RandomForest sharedFit(String tried) {
      return new RandomForest(1, 1, minInstances, tried, subsample, recency);
    }

    @Override
    public RandomForest on(Recency rows) {
      return new RandomForest(trees, depth, minInstances, features, subsample, rows);
    }

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
      put(recency, parameters);
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
      double subsample,
      BoostingStart start,
      Recency recency)
      implements Candidate {

    /** Of all rows, and starting as MLlib does. */
    GradientBoosting(
        int iterations,
        int depth,
        double stepSize,
        int minInstances,
        String features,
        double subsample) {
      this(
          iterations,
          depth,
          stepSize,
          minInstances,
          features,
          subsample,
          BoostingStart.TREE,
          Recency.ALL);
    }

    /** The same, with fewer trees. */
    GradientBoosting stoppedAfter(int trees) {
      return new GradientBoosting(
          trees, depth, stepSize, minInstances, features, subsample, start, recency);
    }

    /** The same, from another start. */
    GradientBoosting from(BoostingStart other) {
      return new GradientBoosting(
          iterations, depth, stepSize, minInstances, features, subsample, other, recency);
    }

    @Override
    public GradientBoosting sharedFit(String tried) {
      return new GradientBoosting(
          1, depth, stepSize, minInstances, tried, subsample, start, recency);
    }

    @Override
    public GradientBoosting on(Recency rows) {
      return new GradientBoosting(
          iterations, depth, stepSize, minInstances, features, subsample, start, rows);
    }

    @Override
    public int trees() {
      return iterations;
    }

    @Override
    public int members() {
      return start == BoostingStart.MEAN ? iterations + 1 : iterations;
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
      if (start != BoostingStart.TREE) {
        parameters.put("start", start.key());
      }
      put(recency, parameters);
      return parameters;
    }
  }

  /** {@code random-forest} or {@code gradient-boosting}. */
  String family();

  /** The settings by their names in the configuration. */
  Map<String, String> parameters();

  /** How many trees it has. */
  int trees();

  /** How many trees MLlib's model of it has: one more where it starts from a leaf. */
  default int members() {
    return trees();
  }

  /** Its largest depth. */
  int depth();

  /** Which features a split tries, in the configuration's words. */
  String features();

  /** Which training rows count, and how much. */
  Recency recency();

  /**
   * The settings that it shares with all candidates which one fit answers: those that differ in the
   * number of trees alone, and forests that differ in their depth, too. Equal for these.
   *
   * @param tried the features that a split tries, in words that are equal where it tries as many
   */
  Candidate sharedFit(String tried);

  /** The same settings on other rows. */
  Candidate on(Recency rows);

  private static void put(Recency recency, Map<String, String> parameters) {
    recency.window().ifPresent(window -> parameters.put("window", recency.windowText()));
    recency.halfLife().ifPresent(half -> parameters.put("half-life", recency.halfLifeText()));
  }

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
    return config.search().recency().stream()
        .flatMap(recency -> candidates.stream().map(candidate -> candidate.on(recency)))
        .toList();
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
                  Double.parseDouble(parameters.getOrDefault("subsample", "")),
                  BoostingStart.parse(parameters.getOrDefault("start", BoostingStart.TREE.key())),
                  Recency.ALL);
      parsed =
          parsed.on(
              Recency.parse(
                  parameters.getOrDefault("window", Recency.EVERYTHING),
                  parameters.getOrDefault("half-life", Recency.NONE)));
      // What says the same again is understood whole.
      return parsed.family().equals(family) && parsed.parameters().equals(parameters)
          ? Optional.of(parsed)
          : Optional.empty();
    } catch (IllegalArgumentException e) {
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
                        iterations,
                        depth,
                        stepSize,
                        minInstances,
                        features,
                        subsample,
                        grid.start(),
                        Recency.ALL));
              }
            }
          }
        }
      }
    }
  }
}
