package reforest.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import reforest.config.SearchConfig.Budget;
import reforest.config.SearchConfig.Choose;
import reforest.config.SearchConfig.Interval;
import reforest.config.SearchConfig.Limits;
import reforest.config.SearchConfig.Strategy;

/** Reads which candidates are tried, and how the winner is found among them. */
final class SearchReader {

  private static final int MAX_FITS = 10_000;
  private static final Duration LONGEST = Duration.ofDays(30);

  /** After so many halvings a weight is still far from the smallest number. */
  private static final int MOST_HALVINGS = 500;

  private SearchReader() {}

  static SearchConfig read(Section train) {
    return new SearchConfig(
        strategy(train),
        budget(train.section("budget")),
        recency(train),
        earlyStopping(train),
        train.choice("choose", List.of(Choose.values()), Choose::key).orElse(Choose.BEST),
        limits(train.section("limits")));
  }

  static Strategy strategy(Section train) {
    return train.choice("search", List.of(Strategy.values()), Strategy::key).orElse(Strategy.GRID);
  }

  private static Budget budget(Section budget) {
    OptionalInt fits =
        budget.has("fits")
            ? OptionalInt.of(budget.count("fits", 1, MAX_FITS))
            : OptionalInt.empty();
    Optional<Duration> time = budget.duration("time", Duration.ofSeconds(1), LONGEST);
    return new Budget(fits, time);
  }

  private static OptionalInt earlyStopping(Section train) {
    if (!train.isObject("gradient-boosting")) {
      return OptionalInt.empty();
    }
    Section boosting = train.section("gradient-boosting");
    if (!boosting.has("early-stopping")) {
      return OptionalInt.empty();
    }
    int every = boosting.count("early-stopping", 1, MAX_FITS);
    if (train.choice("engine", List.of(Engine.values()), Engine::key).orElse(Engine.AUTO)
        == Engine.MLLIB) {
      boosting.problem(
          "early-stopping",
          "needs the binned trainer, whose longest fit answers all shorter ones: with train.engine"
              + " = mllib each look would be a fit of its own; list the iterations instead");
    }
    return OptionalInt.of(every);
  }

  private static List<Recency> recency(Section train) {
    Duration shortest = Duration.ofHours(1);
    Duration longest = Duration.ofDays(3650);
    List<Optional<Duration>> windows =
        train.durations("window", Recency.EVERYTHING, shortest, longest);
    List<Optional<Duration>> halfLives =
        train.durations("half-life", Recency.NONE, shortest, longest);
    for (String key : List.of("window", "half-life")) {
      if (train.isEmptyList(key)) {
        train.problem(key, "must hold at least one value");
      }
    }
    List<Recency> all = new ArrayList<>();
    windows.forEach(window -> halfLives.forEach(half -> all.add(new Recency(window, half))));
    return all;
  }

  /** Notes what the data and the windows do not allow. */
  static void check(Section train, SearchConfig search, boolean blocksOfTime, Duration labelDelay) {
    for (Recency recency : search.recency()) {
      if (!blocksOfTime && !recency.equals(Recency.ALL)) {
        train.problem(
            recency.window().isPresent() ? "window" : "half-life",
            "needs data.event-time without windows.groups: a row's age is its distance from a fold"
                + " that is a block of time");
        return;
      }
      if (recency.window().isPresent() && recency.window().get().compareTo(labelDelay) <= 0) {
        train.problem(
            "window",
            "must be longer than windows.label-delay, whose rows are left out, got "
                + recency.windowText()
                + " with "
                + Values.words(labelDelay));
        return;
      }
      if (recency.halfLife().isPresent()
          && recency.halfLife().get().multipliedBy(MOST_HALVINGS).compareTo(labelDelay) < 0) {
        train.problem(
            "half-life",
            "must be longer than windows.label-delay / "
                + MOST_HALVINGS
                + ", got "
                + recency.halfLifeText()
                + " with "
                + Values.words(labelDelay)
                + ": the newest rows that a fold may learn from are that old, and would weigh 0");
        return;
      }
    }
  }

  private static Limits limits(Section limits) {
    OptionalLong bytes = OptionalLong.empty();
    if (limits.has("bundle-bytes")) {
      bytes = OptionalLong.of(limits.count("bundle-bytes", 1, Integer.MAX_VALUE));
    }
    return new Limits(
        limits
            .number("node-visits", Range.above(0))
            .map(OptionalDouble::of)
            .orElse(OptionalDouble.empty()),
        bytes);
  }

  /**
   * Reads a setting that is a range, if it is one.
   *
   * @param strategy ranges are for draws only
   * @param range the numbers that the setting may take
   * @return whether it was a range
   */
  static boolean range(
      Section grid, String key, Strategy strategy, Range range, Map<String, Interval> ranges) {
    if (!grid.isObject(key)) {
      return false;
    }
    Section section = grid.section(key);
    if (strategy == Strategy.GRID) {
      grid.problem(key, "is a range, which train.search = random draws from: write a list [ ... ]");
    }
    double from = section.number("from", range, "the smallest number of the range");
    double to = section.number("to", range, "the largest number of the range");
    boolean log = section.flag("log", false);
    if (from >= to) {
      section.problem("to", "must be above from, got " + to + " with from " + from);
    }
    ranges.put(key, new Interval(from, to, log));
    return true;
  }
}
