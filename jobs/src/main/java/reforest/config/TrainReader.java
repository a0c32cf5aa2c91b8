package reforest.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import reforest.bundle.Task;
import reforest.config.TrainConfig.GradientBoostingGrid;
import reforest.config.TrainConfig.RandomForestGrid;

/** Reads {@code train}: the search and its grids. */
final class TrainReader {

  private static final Pattern FEATURES =
      Pattern.compile("auto|all|sqrt|log2|onethird|0?\\.\\d*[1-9]\\d*|1\\.0+|[1-9]\\d{0,8}");

  /** Most bins that a byte tells apart; see {@code reforest.train.binned.Binning}. */
  private static final int BYTE_BINS = 255;

  private static final int MAX_ROWS = 1_000_000_000;

  private TrainReader() {}

  static TrainConfig read(Section train, Optional<Task> task) {
    Metric metric = MetricReader.read(train, "metric", task);
    Optional<RandomForestGrid> forest = Optional.empty();
    if (train.has("random-forest")) {
      Section section = train.section("random-forest");
      RandomForestGrid grid = randomForest(section);
      forest = section.flag("enabled", true) ? Optional.of(grid) : Optional.empty();
    }
    Optional<GradientBoostingGrid> boosting = Optional.empty();
    if (train.has("gradient-boosting")) {
      Section section = train.section("gradient-boosting");
      GradientBoostingGrid grid = gradientBoosting(section);
      boosting = section.flag("enabled", true) ? Optional.of(grid) : Optional.empty();
      if (boosting.isPresent() && task.filter(t -> t == Task.MULTICLASS).isPresent()) {
        section.problem(
            "enabled",
            "must be false for a multiclass task: MLlib boosts trees for numbers and two classes"
                + " only");
      }
    }
    if (forest.isEmpty() && boosting.isEmpty()) {
      train.problem(
          "random-forest",
          "and train.gradient-boosting are both off: enable one to have candidates");
    }
    Engine engine =
        train.choice("engine", List.of(Engine.values()), Engine::key).orElse(Engine.AUTO);
    int maxBins = train.count("max-bins", 4, 10_002);
    if (engine == Engine.BINNED && maxBins > BYTE_BINS) {
      train.problem(
          "max-bins",
          "must be at most " + BYTE_BINS + " with train.engine = binned, got " + maxBins);
    }
    return new TrainConfig(
        metric,
        train.count("folds", 2, 50),
        train.wholeNumber("seed"),
        train.count("parallelism", 1, 256),
        maxBins,
        engine,
        train.number("memory-share", Range.upTo(0, 1), "a share of the heap"),
        SearchReader.read(train),
        forest,
        boosting);
  }

  private static RandomForestGrid randomForest(Section section) {
    return new RandomForestGrid(
        counts(section, "trees", 1, 10_000),
        counts(section, "depth", 1, 30),
        counts(section, "min-instances", 1, MAX_ROWS),
        features(section),
        shares(section, "subsample"));
  }

  private static GradientBoostingGrid gradientBoosting(Section section) {
    return new GradientBoostingGrid(
        counts(section, "iterations", 1, 10_000),
        counts(section, "depth", 1, 30),
        shares(section, "step-size"),
        counts(section, "min-instances", 1, MAX_ROWS),
        features(section),
        shares(section, "subsample"));
  }

  private static List<Integer> counts(Section section, String key, int min, int max) {
    List<Integer> counts = section.counts(key, min, max);
    refuseEmpty(section, key, counts);
    return counts;
  }

  private static List<Double> shares(Section section, String key) {
    List<Double> shares = section.numbers(key, Range.upTo(0, 1));
    refuseEmpty(section, key, shares);
    return shares;
  }

  private static List<String> features(Section section) {
    List<String> texts = section.texts("features");
    refuseEmpty(section, "features", texts);
    List<String> features = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      String text = texts.get(i);
      if (FEATURES.matcher(text).matches()) {
        features.add(text);
      } else {
        section.problem(
            "features",
            i,
            "must hold auto, all, sqrt, log2, onethird, a share such as 0.5 or a count such as 3,"
                + " got "
                + text);
      }
    }
    return features;
  }

  private static void refuseEmpty(Section section, String key, List<?> list) {
    if (list.isEmpty() && section.isEmptyList(key)) {
      section.problem(key, "must hold at least one value");
    }
  }
}
