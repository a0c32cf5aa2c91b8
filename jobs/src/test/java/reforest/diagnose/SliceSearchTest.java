package reforest.diagnose;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reforest.diagnose.SliceSearch.Found;

/** The search beside a look at every slice there is. */
final class SliceSearchTest {

  private static final int FEATURES = 5;
  private static final int VALUES = 3;
  private static final long FEWEST = 40;

  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Line(int[] holding, int bucket, long excess) {}

  /** Rows of five features with three values each, and an excess that a pair of them raises. */
  private static List<Line> lines(long seed) {
    Random random = new Random(seed);
    List<Line> lines = new ArrayList<>();
    for (int row = 0; row < 2_000; row++) {
      int[] holding =
          IntStream.range(0, FEATURES).map(f -> f * VALUES + random.nextInt(VALUES)).toArray();
      double excess = random.nextGaussian() + (holding[1] == 4 && holding[3] == 9 ? 0.6 : 0);
      lines.add(new Line(holding, random.nextInt(Counts.BUCKETS), Counts.units(excess)));
    }
    return lines;
  }

  private static Counts count(Candidates candidates, List<Line> lines) {
    Counts counts = new Counts(candidates.size());
    lines.forEach(it -> candidates.add(it.holding(), it.bucket(), it.excess(), counts));
    return counts;
  }

  private static int[] features() {
    return IntStream.range(0, FEATURES * VALUES).map(condition -> condition / VALUES).toArray();
  }

  /** All slices of so many conditions on different features. */
  private static List<int[]> slices(int depth) {
    List<int[]> all = new ArrayList<>();
    int conditions = FEATURES * VALUES;
    for (int a = 0; a < conditions; a++) {
      if (depth == 1) {
        all.add(new int[] {a});
      }
      for (int b = a + 1; depth > 1 && b < conditions; b++) {
        if (a / VALUES != b / VALUES && depth == 2) {
          all.add(new int[] {a, b});
        }
        for (int c = b + 1; depth > 2 && c < conditions; c++) {
          if (a / VALUES != b / VALUES && b / VALUES != c / VALUES) {
            all.add(new int[] {a, b, c});
          }
        }
      }
    }
    return all;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void findsWhatALookAtEverySliceFinds(long seed) {
    List<Line> lines = lines(seed);
    List<Found> every = new ArrayList<>();
    for (int depth = 1; depth <= SliceSearch.MOST_CONDITIONS; depth++) {
      Candidates candidates = new Candidates(FEATURES * VALUES, slices(depth));
      Counts counts = count(candidates, lines);
      for (int i = 0; i < candidates.size(); i++) {
        if (counts.rows(i) >= FEWEST) {
          every.add(new Found(candidates.get(i), counts.rows(i), counts.score(i)));
        }
      }
    }
    every.sort(Comparator.comparingDouble(Found::score).reversed());

    List<Found> found =
        new SliceSearch(features(), FEWEST, candidates -> count(candidates, lines)).best();

    assertThat(found.get(0).conditions()).containsExactly(4, 9);
    List<Double> scores =
        found.stream().map(Found::score).sorted(Comparator.reverseOrder()).toList();
    assertThat(scores)
        .isEqualTo(
            every.stream()
                .map(Found::score)
                .filter(score -> score >= 2)
                .limit(SliceSearch.KEPT)
                .toList());
  }

  @Test
  void noSliceWithinAnotherExceedsItsBound() {
    List<Line> lines = lines(7);
    Candidates pairs = new Candidates(FEATURES * VALUES, slices(2));
    Candidates triples = new Candidates(FEATURES * VALUES, slices(3));
    Counts ofPairs = count(pairs, lines);
    Counts ofTriples = count(triples, lines);

    int compared = 0;
    for (int i = 0; i < pairs.size(); i++) {
      for (int j = 0; j < triples.size(); j++) {
        if (Candidates.holds(pairs.get(i), triples.get(j)) && ofTriples.rows(j) >= FEWEST) {
          assertThat(ofTriples.score(j)).isLessThanOrEqualTo(ofPairs.bound(i, FEWEST));
          compared++;
        }
      }
    }
    assertThat(compared).isGreaterThan(500);
  }

  @Test
  void countsDoNotDependOnHowRowsAreDivided() {
    List<Line> lines = lines(9);
    Candidates candidates = new Candidates(FEATURES * VALUES, slices(2));

    Counts whole = count(candidates, lines);
    Counts parts =
        count(candidates, lines.subList(700, 2_000))
            .merge(count(candidates, lines.subList(0, 700)));

    for (int i = 0; i < candidates.size(); i++) {
      assertThat(parts.score(i)).isEqualTo(whole.score(i));
      assertThat(parts.bound(i, FEWEST)).isEqualTo(whole.bound(i, FEWEST));
    }
  }

  @Test
  void rowsOfASingleGroupOfClustersTellNothing() {
    Candidates one = new Candidates(1, List.of(new int[] {0}));
    Counts counts = new Counts(1);
    IntStream.range(0, 100).forEach(i -> one.add(new int[] {0}, 3, Counts.UNIT, counts));

    assertThat(counts.score(0)).isEqualTo(Double.NEGATIVE_INFINITY);
  }

  @Test
  void noSingleRowCountsAsMoreThanSixDeviations() {
    assertThat(Counts.units(1e300)).isEqualTo(6 * Counts.UNIT);
    assertThat(Counts.units(-7)).isEqualTo(-6 * Counts.UNIT);
    assertThat(Counts.units(0.5)).isEqualTo(Counts.UNIT / 2);
  }
}
