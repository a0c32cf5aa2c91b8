package reforest.diagnose;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import reforest.diagnose.SliceSearch.Found;
import reforest.evaluate.Role;
import reforest.evaluate.RowLoss;
import reforest.evaluate.ScoredWindow;
import reforest.evaluate.ScoredWindow.Scored;
import reforest.statistics.CounterRandom;
import reforest.statistics.Estimate;
import reforest.statistics.ExactSum;
import reforest.statistics.FalseDiscoveries;

/**
 * Finds slices that nobody has declared on which the challenger is worse than elsewhere, or than
 * the champion.
 *
 * <p>Slices are looked for in half of the clusters ({@link SliceSearch}); at most five of a kind
 * that overlap little go on to the other half, which confirms them or not: by the cluster
 * jackknife, with at most a tenth of what is confirmed false on average ({@link FalseDiscoveries}).
 */
public final class WeakSlices {

  /** So many slices of a kind are looked at in the second half. */
  static final int MOST = 5;

  /** On average at most this share of what is confirmed is false. */
  static final double FALSE_SHARE = 0.1;

  /** A slice that shares more with a better one tells the same again. */
  private static final double MOST_ALIKE = 0.5;

  private static final double BOUND = 0.05;
  private static final long FEWEST_ROWS = 50;
  private static final double FEWEST_SHARE = 0.01;
  private static final int SAMPLE = 4_096;

  /** With fewer clusters in a half there is no uncertainty worth the name. */
  private static final int FEWEST_GROUPS = 5;

  private WeakSlices() {}

  /**
   * What was found, of each kind the clearest first.
   *
   * @param slices those that were looked at in the second half, confirmed or not
   * @param why why nothing was looked for; empty when it was
   */
  public record Result(List<WeakSlice> slices, Optional<String> why) {
    /** Of a run that did not look. */
    public static final Result NONE = new Result(List.of(), Optional.empty());

    public Result {
      slices = List.copyOf(slices);
    }

    /** The slices that were confirmed. */
    public List<WeakSlice> confirmed() {
      return slices.stream().filter(WeakSlice::confirmed).toList();
    }
  }

  /**
   * Looks for slices.
   *
   * @param loss the loss that the window's rows have
   */
  public static Result of(ScoredWindow window, RowLoss loss) {
    Halves halves = new Halves(window.ways());
    if (halves.least() < FEWEST_GROUPS) {
      return new Result(
          List.of(),
          Optional.of(
              "half of the clusters are %d, and nothing can be confirmed by fewer than %d"
                  .formatted(halves.least(), FEWEST_GROUPS)));
    }
    Overview overview =
        window.fold(Overview::new, (to, row) -> to.add(row, halves), Overview::merge);
    Conditions conditions = new Conditions(window.inputs(), overview.sample());
    List<Question> questions = new ArrayList<>(List.of(overview.weak()));
    if (window.plan().has(Role.CHAMPION)) {
      questions.add(overview.harmed());
    }
    List<Asked> asked = new ArrayList<>();
    for (Question question : questions) {
      if (question.unit() > 0 && Double.isFinite(question.unit())) {
        for (Found found : chosen(window, halves, conditions, question, overview.rows())) {
          asked.add(new Asked(question.kind(), found.conditions()));
        }
      }
    }
    return new Result(confirm(window, halves, conditions, asked, loss), Optional.empty());
  }

  /**
   * What is looked for.
   *
   * @param kind what may be the matter
   * @param usual the loss that is usual; 0 where it is the champion's
   * @param unit one standard deviation of what exceeds it
   */
  private record Question(WeakSlice.Kind kind, double usual, double unit) implements Serializable {
    private static final long serialVersionUID = 1L;

    long excess(Scored row) {
      double exceeds =
          kind == WeakSlice.Kind.WEAK
              ? row.challenger() - usual
              : row.challenger() - row.champion();
      return Counts.units(exceeds / unit);
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Asked(WeakSlice.Kind kind, int[] conditions) implements Serializable {
    private static final long serialVersionUID = 1L;
  }

  /** The slices that are worth a look in the second half. */
  private static List<Found> chosen(
      ScoredWindow window, Halves halves, Conditions conditions, Question question, long rows) {
    long fewest = Math.max(FEWEST_ROWS, (long) Math.ceil(FEWEST_SHARE * rows));
    SliceSearch search =
        new SliceSearch(
            conditions.features(),
            fewest,
            candidates ->
                window.fold(
                    () -> new Counts(candidates.size()),
                    (counts, row) -> {
                      if (halves.isForFinding(row.groups())) {
                        candidates.add(
                            conditions.holding(row.values()),
                            halves.bucket(row.groups()),
                            question.excess(row),
                            counts);
                      }
                    },
                    Counts::merge));
    List<Found> best = search.best();
    if (best.isEmpty()) {
      return List.of();
    }
    long[][] shared = shared(window, halves, conditions, best);
    List<Integer> chosen = new ArrayList<>();
    for (int i = 0; i < best.size() && chosen.size() < MOST; i++) {
      final int next = i;
      if (chosen.stream().noneMatch(it -> tellsTheSame(best, shared, it, next))) {
        chosen.add(i);
      }
    }
    return chosen.stream().map(best::get).toList();
  }

  private static boolean tellsTheSame(List<Found> best, long[][] shared, int one, int other) {
    long both = shared[one][other];
    long either = best.get(one).rows() + best.get(other).rows() - both;
    return both >= MOST_ALIKE * either;
  }

  /** How many rows any two slices share. */
  private static long[][] shared(
      ScoredWindow window, Halves halves, Conditions conditions, List<Found> slices) {
    int[][] each = slices.stream().map(Found::conditions).toArray(int[][]::new);
    return window.fold(
        () -> new long[each.length][each.length],
        (to, row) -> {
          if (halves.isForFinding(row.groups())) {
            int[] holding = conditions.holding(row.values());
            int[] in =
                IntStream.range(0, each.length)
                    .filter(it -> Candidates.holds(each[it], holding))
                    .toArray();
            for (int one : in) {
              for (int other : in) {
                to[one][other]++;
              }
            }
          }
        },
        (to, from) -> {
          for (int i = 0; i < to.length; i++) {
            for (int j = 0; j < to.length; j++) {
              to[i][j] += from[i][j];
            }
          }
          return to;
        });
  }

  private static List<WeakSlice> confirm(
      ScoredWindow window, Halves halves, Conditions conditions, List<Asked> asked, RowLoss loss) {
    if (asked.isEmpty()) {
      return List.of();
    }
    var ways = window.ways();
    ArrayList<SliceProof> proofs =
        window.fold(
            () -> {
              ArrayList<SliceProof> none = new ArrayList<>();
              asked.forEach(it -> none.add(new SliceProof(ways)));
              return none;
            },
            (to, row) -> {
              if (!halves.isForFinding(row.groups())) {
                int[] holding = conditions.holding(row.values());
                for (int i = 0; i < to.size(); i++) {
                  to.get(i).add(row, Candidates.holds(asked.get(i).conditions(), holding));
                }
              }
            },
            (to, from) -> {
              for (int i = 0; i < to.size(); i++) {
                to.get(i).merge(from.get(i));
              }
              return to;
            });
    List<Estimate> excesses = new ArrayList<>();
    for (int i = 0; i < asked.size(); i++) {
      excesses.add(proofs.get(i).excess(asked.get(i).kind(), ways));
    }
    double[] chances = excesses.stream().mapToDouble(WeakSlices::chance).toArray();
    boolean[] holds = FalseDiscoveries.hold(chances, FALSE_SHARE);
    List<WeakSlice> slices = new ArrayList<>();
    for (int i = 0; i < asked.size(); i++) {
      SliceProof proof = proofs.get(i);
      // Of what has no rows in this half, or no others beside it, there is nothing to tell.
      if (Double.isFinite(excesses.get(i).value())) {
        slices.add(
            slice(asked.get(i), conditions, proof, excesses.get(i), chances[i], holds[i], loss));
      }
    }
    return slices;
  }

  private static double chance(Estimate excess) {
    double chance = excess.spread().below(-excess.value());
    return Double.isNaN(chance) ? 1 : chance;
  }

  private static WeakSlice slice(
      Asked asked,
      Conditions conditions,
      SliceProof proof,
      Estimate excess,
      double chance,
      boolean holds,
      RowLoss loss) {
    List<Condition> each = IntStream.of(asked.conditions()).mapToObj(conditions::get).toList();
    boolean inSql = each.stream().noneMatch(it -> it.predicate().isEmpty());
    return new WeakSlice(
        asked.kind(),
        each.stream().map(Condition::words).toList(),
        inSql
            ? Optional.of(
                each.stream().map(Condition::predicate).collect(Collectors.joining(" AND ")))
            : Optional.empty(),
        proof.rows(),
        proof.share(),
        loss,
        loss.told(proof.challenger()),
        loss.told(proof.elsewhere()),
        loss.told(proof.champion()),
        excess.value(),
        excess.lower(BOUND),
        chance,
        holds && excess.value() > 0);
  }

  /** What must be known of all rows first. */
  private static final class Overview implements Serializable {
    private static final long serialVersionUID = 1L;

    private final ExactSum losses = new ExactSum();
    private final ExactSum squares = new ExactSum();
    private final ExactSum squaredDifferences = new ExactSum();
    private long rows;

    /** Rows by a hash of their keys, the largest first; the least are kept. */
    private final PriorityQueue<Sampled> least = new PriorityQueue<>(new LargestFirst());

    private static final class LargestFirst implements Comparator<Sampled>, Serializable {
      private static final long serialVersionUID = 1L;

      @Override
      public int compare(Sampled one, Sampled other) {
        return Long.compareUnsigned(other.hash(), one.hash());
      }
    }

    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Sampled(long hash, double[] values) implements Serializable {
      private static final long serialVersionUID = 1L;
    }

    void add(Scored row, Halves halves) {
      if (halves.isForFinding(row.groups())) {
        rows++;
        losses.add(row.challenger());
        squares.add(row.challenger() * row.challenger());
        double difference = row.challenger() - row.champion();
        squaredDifferences.add(difference * difference);
        add(new Sampled(CounterRandom.mix(row.key()), row.values()));
      }
    }

    private void add(Sampled row) {
      least.add(row);
      if (least.size() > SAMPLE) {
        least.remove();
      }
    }

    Overview merge(Overview other) {
      rows += other.rows;
      losses.add(other.losses);
      squares.add(other.squares);
      squaredDifferences.add(other.squaredDifferences);
      other.least.forEach(this::add);
      return this;
    }

    long rows() {
      return rows;
    }

    /** Values of rows that stand for all. */
    List<double[]> sample() {
      return least.stream().map(Sampled::values).toList();
    }

    Question weak() {
      double mean = losses.value() / rows;
      return new Question(
          WeakSlice.Kind.WEAK, mean, Math.sqrt(squares.value() / rows - mean * mean));
    }

    Question harmed() {
      return new Question(WeakSlice.Kind.HARMED, 0, Math.sqrt(squaredDifferences.value() / rows));
    }
  }
}
