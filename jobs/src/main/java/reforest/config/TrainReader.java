package reforest.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import reforest.bundle.Task;
import reforest.config.SearchConfig.Interval;
import reforest.config.SearchConfig.Strategy;
import reforest.config.TrainConfig.GradientBoostingGrid;
import reforest.config.TrainConfig.RandomForestGrid;

/** Reads {@code train}: the search and its grids. */
final class TrainReader {

  private static final Pattern FEATURES =
      Pattern.compile("auto|all|sqrt|log2|onethird|0?\\.\\d*[1-9]\\d*|1\\.0+|[1-9]\\d{0,8}");

  /** Most bins that a byte tells apart. */
  private static final int BYTE_BINS = 255;

  private static final int MAX_TREES = 10_000;
  private static final int MAX_DEPTH = 30;
  private static final int MAX_ROWS = 1_000_000_000;

  private TrainReader() {}

  static TrainConfig read(Section train, Optional<Task> task, MetricReader metrics) {
    Metric metric = metrics.readRanking(train, "metric");
    Strategy strategy = SearchReader.strategy(train);
    Engine engine =
        train.choice("engine", List.of(Engine.values()), Engine::key).orElse(Engine.AUTO);
    Optional<RandomForestGrid> forest = Optional.empty();
    if (train.has("random-forest")) {
      Section section = train.section("random-forest");
      RandomForestGrid grid = randomForest(section, strategy);
      forest = section.flag("enabled", true) ? Optional.of(grid) : Optional.empty();
    }
    Optional<GradientBoostingGrid> boosting = Optional.empty();
    if (train.has("gradient-boosting")) {
      Section section = train.section("gradient-boosting");
      GradientBoostingGrid grid = gradientBoosting(section, strategy, engine);
      boolean isMulticlass = task.filter(t -> t == Task.MULTICLASS).isPresent();
      boosting = section.flag("enabled", !isMulticlass) ? Optional.of(grid) : Optional.empty();
      if (boosting.isPresent() && isMulticlass) {
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
    if (engine == Engine.MLLIB
        && boosting.filter(it -> it.start() == BoostingStart.MEAN).isPresent()) {
      train
          .section("gradient-boosting")
          .problem(
              "start",
              "must be tree with train.engine = mllib, whose first tree counts in full, got mean");
    }
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

  private static RandomForestGrid randomForest(Section section, Strategy strategy) {
    Map<String, Interval> ranges = new TreeMap<>();
    Reader reader = new Reader(section, strategy, ranges);
    return new RandomForestGrid(
        reader.counts("trees", MAX_TREES),
        reader.counts("depth", MAX_DEPTH),
        reader.counts("min-instances", MAX_ROWS),
        reader.features(),
        reader.shares("subsample"),
        ranges);
  }

  private static GradientBoostingGrid gradientBoosting(
      Section section, Strategy strategy, Engine engine) {
    Map<String, Interval> ranges = new TreeMap<>();
    Reader reader = new Reader(section, strategy, ranges);
    return new GradientBoostingGrid(
        reader.counts("iterations", MAX_TREES),
        reader.counts("depth", MAX_DEPTH),
        reader.shares("step-size"),
        reader.counts("min-instances", MAX_ROWS),
        reader.features(),
        reader.shares("subsample"),
        section
            .choice("start", List.of(BoostingStart.values()), BoostingStart::key)
            .orElse(engine == Engine.MLLIB ? BoostingStart.TREE : BoostingStart.MEAN),
        ranges);
  }

  /** Reads a grid's settings: a list each, or a range that goes into {@code ranges}. */
  private record Reader(Section section, Strategy strategy, Map<String, Interval> ranges) {

    List<Integer> counts(String key, int max) {
      return list(key, Range.of(1, max), () -> section.counts(key, 1, max));
    }

    List<Double> shares(String key) {
      Range range = Range.upTo(0, 1);
      return list(key, range, () -> section.numbers(key, range));
    }

    List<String> features() {
      return list("features", Range.upTo(0, 1), () -> TrainReader.features(section));
    }

    private <T> List<T> list(String key, Range range, Supplier<List<T>> read) {
      if (SearchReader.range(section, key, strategy, range, ranges)) {
        return List.of();
      }
      List<T> values = read.get();
      if (values.isEmpty() && section.isEmptyList(key)) {
        section.problem(key, "must hold at least one value");
      }
      return values;
    }
  }

  private static List<String> features(Section section) {
    List<String> texts = section.texts("features");
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
}
