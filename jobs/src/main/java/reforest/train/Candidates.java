package reforest.train;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import reforest.config.BoostingStart;
import reforest.config.Recency;
import reforest.config.SearchConfig.Interval;
import reforest.config.SearchConfig.Strategy;
import reforest.config.TrainConfig;
import reforest.config.TrainConfig.GradientBoostingGrid;
import reforest.config.TrainConfig.RandomForestGrid;

/**
 * What a search tries.
 *
 * @param all in the order in which they are fitted
 * @param championFirst whether the first has the champion's settings
 * @param remarks what a reader of the run's record should know of them, a sentence each
 */
record Candidates(List<Candidate> all, boolean championFirst, List<String> remarks) {

  /** Draws of a random search without a budget. */
  private static final int DRAWS = 20;

  /** Draws without a new fit after which a search space counts as exhausted. */
  private static final int PATIENCE = 100;

  Candidates {
    all = List.copyOf(all);
    remarks = List.copyOf(remarks);
  }

  /**
   * The grid or the draws of a configuration, after the champion's settings.
   *
   * <p>The champion, not the winner of the last run: what serves is what must be beaten, and how
   * often somebody has looked in between changes nothing.
   *
   * @param champion settings of the champion; empty before there is one
   * @param binned whether rows are binned columns, so that one fit of boosted trees answers all
   *     shorter ones, from any start
   */
  static Candidates of(TrainConfig config, Optional<Candidate> champion, boolean binned) {
    Set<Candidate> all = new LinkedHashSet<>();
    List<String> remarks = new ArrayList<>();
    Optional<Candidate> kept = champion.filter(it -> isSearched(it, config));
    kept.ifPresent(all::add);
    if (kept.isPresent()) {
      remarks.add("The first candidate has the champion's settings.");
    } else if (champion.isPresent()) {
      remarks.add(
          "The champion's settings were not tried, since its family is not searched: "
              + champion.get().describe()
              + ".");
    }
    OptionalInt fits = config.search().budget().fits();
    if (config.search().strategy() == Strategy.RANDOM) {
      draw(config, fits.orElse(DRAWS), all, remarks);
    } else {
      take(Candidate.of(config), fits, all, remarks);
    }
    OptionalInt every = config.search().earlyStopping();
    if (every.isPresent() && binned) {
      stopEarly(List.copyOf(all), every.getAsInt(), all);
    } else if (every.isPresent()) {
      remarks.add(
          "Early stopping was not tried, since MLlib's own training would fit each length anew.");
    }
    List<Candidate> tried = binned ? List.copyOf(all) : startingByTree(all);
    if (!tried.equals(List.copyOf(all))) {
      remarks.add(
          "Boosting started by MLlib's first tree, since its own training cannot start from the"
              + " mean.");
    }
    return new Candidates(tried, kept.isPresent(), remarks);
  }

  private static List<Candidate> startingByTree(Set<Candidate> all) {
    return all.stream()
        .map(
            c ->
                c instanceof Candidate.GradientBoosting boosting
                    ? boosting.from(BoostingStart.TREE)
                    : c)
        .distinct()
        .toList();
  }

  private static void stopEarly(List<Candidate> whole, int every, Set<Candidate> all) {
    for (Candidate candidate : whole) {
      if (candidate instanceof Candidate.GradientBoosting boosting) {
        for (int trees = every; trees < boosting.iterations(); trees += every) {
          all.add(boosting.stoppedAfter(trees));
        }
      }
    }
  }

  /**
   * What early stopping cut from a candidate, in words.
   *
   * @param winner the candidate that won
   * @param results every candidate's
   * @return empty when nothing was cut
   */
  static Optional<String> cut(CandidateResult winner, List<CandidateResult> results) {
    return results.stream()
        .filter(r -> sharedFit(r.candidate()).equals(sharedFit(winner.candidate())))
        .max(Comparator.comparingInt(r -> r.candidate().trees()))
        .filter(longest -> longest.candidate().trees() > winner.candidate().trees())
        .map(
            longest ->
                String.format(
                    Locale.ROOT,
                    "Early stopping kept %d of %d trees: the mean score is %.6g, and %.6g with all of"
                        + " them.",
                    winner.candidate().trees(),
                    longest.candidate().trees(),
                    winner.meanScore(),
                    longest.meanScore()));
  }

  private static boolean isSearched(Candidate candidate, TrainConfig config) {
    return candidate instanceof Candidate.RandomForest
        ? config.randomForest().isPresent()
        : config.gradientBoosting().isPresent();
  }

  private static Candidate sharedFit(Candidate candidate) {
    return candidate.sharedFit(candidate.features());
  }

  private static void take(
      List<Candidate> grid, OptionalInt fits, Set<Candidate> all, List<String> remarks) {
    Map<Candidate, List<Candidate>> byFit = new LinkedHashMap<>();
    grid.forEach(c -> byFit.computeIfAbsent(sharedFit(c), k -> new ArrayList<>()).add(c));
    int most = Math.min(byFit.size(), fits.orElse(byFit.size()));
    if (most == byFit.size()) {
      // In the grid's own order, which readers know from the configuration.
      all.addAll(grid);
      return;
    }
    byFit.values().stream().limit(most).forEach(all::addAll);
    remarks.add(
        "train.budget.fits left out "
            + (byFit.size() - most)
            + " of the grid's "
            + byFit.size()
            + " fits, the last ones.");
  }

  private static void draw(TrainConfig config, int fits, Set<Candidate> all, List<String> remarks) {
    Set<Candidate> drawn = new LinkedHashSet<>();
    int misses = 0;
    for (int draw = 0; drawn.size() < fits && misses < PATIENCE; draw++) {
      List<Candidate> candidates = drawn(config, draw);
      if (drawn.add(sharedFit(candidates.get(0)))) {
        misses = 0;
      } else {
        misses++;
      }
      all.addAll(candidates);
    }
    remarks.add(
        drawn.size() < fits
            ? "A random search drew " + drawn.size() + " fits; there seem to be no more."
            : "A random search drew " + drawn.size() + (drawn.size() == 1 ? " fit." : " fits."));
  }

  /** One draw; it depends on the seed and its own number alone. */
  private static List<Candidate> drawn(TrainConfig config, int draw) {
    SplittableRandom random = new SplittableRandom(config.seed() * 0x9e3779b97f4a7c15L + draw);
    List<Candidate> drawn = drawn(config, draw, random);
    Recency recency = new Axes(random, Map.of()).one(config.search().recency());
    return drawn.stream().map(candidate -> candidate.on(recency)).toList();
  }

  private static List<Candidate> drawn(TrainConfig config, int draw, SplittableRandom random) {
    boolean both = config.randomForest().isPresent() && config.gradientBoosting().isPresent();
    if (config.randomForest().isPresent() && (!both || draw % 2 == 0)) {
      RandomForestGrid grid = config.randomForest().get();
      Axes axes = new Axes(random, grid.ranges());
      return Candidate.of(
          new RandomForestGrid(
              axes.counts("trees", grid.trees()),
              axes.counts("depth", grid.depth()),
              List.of(axes.count("min-instances", grid.minInstances())),
              List.of(axes.features(grid.features())),
              List.of(axes.share("subsample", grid.subsample())),
              Map.of()));
    }
    GradientBoostingGrid grid = config.gradientBoosting().orElseThrow();
    Axes axes = new Axes(random, grid.ranges());
    return Candidate.of(
        new GradientBoostingGrid(
            axes.counts("iterations", grid.iterations()),
            List.of(axes.count("depth", grid.depth())),
            List.of(axes.share("step-size", grid.stepSize())),
            List.of(axes.count("min-instances", grid.minInstances())),
            List.of(axes.features(grid.features())),
            List.of(axes.share("subsample", grid.subsample())),
            grid.start(),
            Map.of()));
  }

  /** Draws settings one after the other. */
  private record Axes(SplittableRandom random, Map<String, Interval> ranges) {

    /** All that are listed, or one number from a range. */
    List<Integer> counts(String key, List<Integer> listed) {
      return ranges.containsKey(key) ? List.of(count(key, listed)) : listed;
    }

    int count(String key, List<Integer> listed) {
      Interval range = ranges.get(key);
      return range == null ? one(listed) : (int) Math.round(number(range));
    }

    double share(String key, List<Double> listed) {
      Interval range = ranges.get(key);
      return range == null ? one(listed) : rounded(range);
    }

    String features(List<String> listed) {
      Interval range = ranges.get("features");
      return range == null ? one(listed) : String.valueOf(rounded(range));
    }

    private <T> T one(List<T> listed) {
      return listed.get((int) (random.nextDouble() * listed.size()));
    }

    /** To three digits, so that what is recorded is what was fitted and can be typed again. */
    private double rounded(Interval range) {
      double drawn = new BigDecimal(number(range)).round(new MathContext(3)).doubleValue();
      return Math.max(range.from(), Math.min(range.to(), drawn));
    }

    private double number(Interval range) {
      double share = random.nextDouble();
      double drawn =
          range.log()
              ? range.from() * Math.pow(range.to() / range.from(), share)
              : range.from() + share * (range.to() - range.from());
      return Math.max(range.from(), Math.min(range.to(), drawn));
    }
  }
}
