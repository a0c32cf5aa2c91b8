package reforest.diagnose;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.commons.math3.util.CombinatoricsUtils;

/**
 * Finds the slices of up to three conditions whose losses exceed what is usual most clearly, by
 * going through the lattice of slices from the large to the small, and leaving out what has too few
 * rows or cannot exceed what was found (SliceLine, Sagadeeva and Boehm 2021).
 */
final class SliceSearch {

  static final int MOST_CONDITIONS = 3;

  /** So many of the best are kept, from which those are chosen that overlap little. */
  static final int KEPT = 200;

  /** Most slices that are counted at once: those that could be best by their bound. */
  private static final int MOST_CANDIDATES = 8_000;

  /** Most conditions that are joined with others. */
  private static final int MOST_JOINED = 500;

  /** Less is not worth a look in other rows. */
  private static final double LEAST_SCORE = 2;

  private final int[] features;
  private final long fewest;
  private final Counting counting;

  /**
   * @param features by condition the place of its feature
   * @param fewest rows that a slice must have
   * @param counting counts
   */
  SliceSearch(int[] features, long fewest, Counting counting) {
    this.features = features;
    this.fewest = fewest;
    this.counting = counting;
  }

  /** Goes through all rows. */
  interface Counting {
    Counts of(Candidates candidates);
  }

  /**
   * A slice that was found.
   *
   * @param conditions all must hold; ascending
   * @param rows how many it has
   * @param score how clearly it exceeds
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record Found(int[] conditions, long rows, double score) {}

  private static final Comparator<Found> IN_ORDER =
      Comparator.comparing(Found::conditions, Arrays::compare);

  private record Slice(List<Integer> conditions, double bound) {}

  /** The best slices, the least likely to be clear by chance first. */
  List<Found> best() {
    List<Found> best = new ArrayList<>();
    List<int[]> candidates =
        new ArrayList<>(
            IntStream.range(0, features.length).mapToObj(it -> new int[] {it}).toList());
    List<Slice> singles = List.of();
    for (int depth = 1; depth <= MOST_CONDITIONS && !candidates.isEmpty(); depth++) {
      Candidates counted = new Candidates(features.length, candidates);
      Counts counts = counting.of(counted);
      List<Slice> alive = new ArrayList<>();
      for (int place = 0; place < counted.size(); place++) {
        if (counts.rows(place) >= fewest) {
          int[] slice = counted.get(place);
          best.add(new Found(slice, counts.rows(place), counts.score(place)));
          alive.add(new Slice(IntStream.of(slice).boxed().toList(), counts.bound(place, fewest)));
        }
      }
      double threshold = keepBest(best);
      alive.removeIf(slice -> !(slice.bound() > threshold));
      if (depth == 1) {
        alive.sort(Comparator.comparingDouble(Slice::bound).reversed());
        singles = List.copyOf(alive.subList(0, Math.min(MOST_JOINED, alive.size())));
        alive = new ArrayList<>(singles);
      }
      candidates = joined(alive, singles, threshold);
    }
    best.removeIf(found -> found.score() < LEAST_SCORE);
    best.sort(Comparator.comparingDouble(this::logChance).thenComparing(IN_ORDER));
    return best;
  }

  /**
   * The logarithm of about how many slices of as many conditions would be so clear by chance: the
   * normal tail (Mills' ratio) times their number. There are far more slices of three conditions,
   * and the clearest of many is clear by chance.
   */
  private double logChance(Found found) {
    double score = found.score();
    double tail = -score * score / 2 - Math.log(score * Math.sqrt(2 * Math.PI));
    return tail
        + CombinatoricsUtils.binomialCoefficientLog(
            Math.max(features.length, found.conditions().length), found.conditions().length);
  }

  /** Keeps the best, and tells what a slice must exceed to become one of them. */
  private static double keepBest(List<Found> found) {
    found.removeIf(it -> !(it.score() > 0));
    found.sort(Comparator.comparingDouble(Found::score).reversed().thenComparing(IN_ORDER));
    if (found.size() <= KEPT) {
      return 0;
    }
    found.subList(KEPT, found.size()).clear();
    return found.get(KEPT - 1).score();
  }

  /** All slices of one more condition whose parts are all alive, the most promising ones. */
  private List<int[]> joined(List<Slice> alive, List<Slice> singles, double threshold) {
    Map<List<Integer>, Double> bounds = new HashMap<>();
    alive.forEach(slice -> bounds.put(slice.conditions(), slice.bound()));
    Set<List<Integer>> seen = new HashSet<>();
    List<Slice> joined = new ArrayList<>();
    for (Slice slice : alive) {
      int last = slice.conditions().get(slice.conditions().size() - 1);
      for (Slice single : singles) {
        int condition = single.conditions().get(0);
        if (condition <= last || sharesFeature(slice.conditions(), condition)) {
          continue;
        }
        List<Integer> both = new ArrayList<>(slice.conditions());
        both.add(condition);
        double bound = bound(both, Math.min(slice.bound(), single.bound()), bounds);
        if (bound > threshold && seen.add(both)) {
          joined.add(new Slice(both, bound));
        }
      }
    }
    joined.sort(Comparator.comparingDouble(Slice::bound).reversed());
    return joined.stream()
        .limit(MOST_CANDIDATES)
        .map(slice -> slice.conditions().stream().mapToInt(i -> i).toArray())
        .toList();
  }

  private boolean sharesFeature(List<Integer> conditions, int other) {
    return conditions.stream().anyMatch(it -> features[it] == features[other]);
  }

  /** The least bound of all parts with one condition less; 0 where one of them is not alive. */
  private static double bound(
      List<Integer> slice, double known, Map<List<Integer>, Double> bounds) {
    if (slice.size() == 2) {
      return known;
    }
    double least = known;
    for (int without = 0; without < slice.size(); without++) {
      List<Integer> part = new ArrayList<>(slice);
      part.remove(without);
      least = Math.min(least, bounds.getOrDefault(part, 0.0));
    }
    return least;
  }
}
