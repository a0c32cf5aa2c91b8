package reforest.diagnose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import reforest.bundle.CalendarField;
import reforest.bundle.Manifest.Input;
import reforest.bundle.Manifest.InputType;
import reforest.bundle.Task;
import reforest.evaluate.ComparisonPlan;
import reforest.evaluate.Role;
import reforest.evaluate.RowLoss;
import reforest.evaluate.ScoredWindow;
import reforest.evaluate.ScoredWindow.Scored;
import reforest.statistics.ClusterWays;
import reforest.statistics.JackknifeGroups;

/** Slices that nobody has declared. */
final class WeakSlicesTest {

  private static final int DAYS = 40;
  private static final int TEMP = 0;
  private static final int HUM = 1;
  private static final int SEASON = 2;
  private static final int HOUR = 3;

  /** What the challenger loses more on a row. */
  private interface Harm {
    double of(double[] values);
  }

  private static Input input(String name, InputType type, String... categories) {
    return new Input(
        name,
        type,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(categories),
        type == InputType.NUMBER ? "0" : "(missing)",
        Optional.empty(),
        Optional.empty());
  }

  private static final List<Input> INPUTS =
      List.of(
          input("te`mp", InputType.NUMBER),
          input("hum", InputType.NUMBER),
          input("season", InputType.CATEGORY, "fall", "it's winter"),
          new Input(
              "hour_of_ts",
              InputType.NUMBER,
              Optional.empty(),
              Optional.of(
                  new CalendarField(
                      "ts", CalendarField.Part.HOUR, ZoneOffset.UTC, Optional.empty())),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              List.of(),
              "0",
              Optional.empty(),
              Optional.empty()));

  /** Forty days of 200 rows; of the humidity a tenth is missing. */
  private static List<Scored> rows(Harm harm) {
    Random random = new Random(11);
    List<Scored> rows = new ArrayList<>();
    for (int row = 0; row < DAYS * 200; row++) {
      double[] values = {row % 40, random.nextDouble(), random.nextInt(2), random.nextInt(24)};
      if (random.nextInt(10) == 0) {
        values[HUM] = Double.NaN;
      }
      double champion = 5 + Math.abs(random.nextGaussian());
      rows.add(
          new Scored(
              random.nextLong(),
              new int[] {row / 200},
              values,
              champion + 0.3 * random.nextGaussian() + harm.of(values),
              champion));
    }
    return rows;
  }

  private static ScoredWindow window(List<Scored> rows, Role... roles) {
    ComparisonPlan plan =
        new ComparisonPlan(Task.REGRESSION, List.of(), List.of(roles), List.of(), 1e-6, 0);
    return ScoredWindow.of(plan, ClusterWays.of(days(DAYS)), INPUTS, rows);
  }

  private static JackknifeGroups days(int count) {
    return JackknifeGroups.ofPeriods(LongStream.range(0, count).boxed().toList(), count);
  }

  private static WeakSlices.Result found(Harm harm) {
    return WeakSlices.of(
        window(rows(harm), Role.CHALLENGER, Role.CHAMPION), RowLoss.ABSOLUTE_ERROR);
  }

  private static WeakSlice harmed(WeakSlices.Result result) {
    return result.confirmed().stream()
        .filter(it -> it.kind() == WeakSlice.Kind.HARMED)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void findsWhereTheChallengerDoesHarmAndSaysItInSql() {
    WeakSlice slice = harmed(found(values -> values[TEMP] >= 20 && values[SEASON] == 1 ? 0.5 : 0));

    assertThat(slice.conditions()).containsExactly("te`mp >= 20", "season = it's winter");
    assertThat(slice.name()).isEqualTo("te`mp >= 20 and season = it's winter");
    assertThat(slice.predicate()).contains("`te``mp` >= 20 AND `season` = 'it\\'s winter'");
    assertThat(slice.share()).isCloseTo(0.25, within(0.02));
    assertThat(slice.excess()).isCloseTo(0.5, within(0.05));
    assertThat(slice.lower()).isBetween(0.3, slice.excess());
    assertThat(slice.challenger() - slice.champion()).isCloseTo(slice.excess(), within(1e-9));
    assertThat(slice.chance()).isLessThan(0.001);
  }

  @Test
  void findsMissingValuesToo() {
    WeakSlice slice = harmed(found(values -> Double.isNaN(values[HUM]) ? 0.5 : 0));

    assertThat(slice.conditions()).containsExactly("hum is missing");
    assertThat(slice.predicate()).contains("`hum` IS NULL");
  }

  @Test
  void whatIsReadOffATimeHasNoPredicate() {
    WeakSlice slice = harmed(found(values -> values[HOUR] < 6 ? 0.5 : 0));

    assertThat(slice.conditions()).containsExactly("hour_of_ts < 6");
    assertThat(slice.predicate()).isEmpty();
  }

  @Test
  void whereBothModelsAreWeakNobodyIsHarmed() {
    List<Scored> rows = new ArrayList<>();
    for (Scored row : rows(values -> 0)) {
      double more = row.values()[TEMP] < 10 ? 3 : 0;
      rows.add(
          new Scored(
              row.key(),
              row.groups(),
              row.values(),
              row.challenger() + more,
              row.champion() + more));
    }

    List<WeakSlice> confirmed =
        WeakSlices.of(window(rows, Role.CHALLENGER, Role.CHAMPION), RowLoss.ABSOLUTE_ERROR)
            .confirmed();

    assertThat(confirmed).isNotEmpty();
    assertThat(confirmed).extracting(WeakSlice::kind).containsOnly(WeakSlice.Kind.WEAK);
    assertThat(confirmed.get(0).conditions()).containsExactly("te`mp < 10");
    assertThat(confirmed.get(0).challenger() - confirmed.get(0).elsewhere())
        .isCloseTo(3, within(0.1));
  }

  @Test
  void withoutAChampionOnlyWeaknessIsLookedFor() {
    WeakSlices.Result result =
        WeakSlices.of(
            window(rows(values -> values[TEMP] < 10 ? 3 : 0), Role.CHALLENGER),
            RowLoss.ABSOLUTE_ERROR);

    assertThat(result.slices()).extracting(WeakSlice::kind).containsOnly(WeakSlice.Kind.WEAK);
    assertThat(result.confirmed()).isNotEmpty();
  }

  @Test
  void theOrderOfTheRowsChangesNothing() {
    List<Scored> rows = rows(values -> values[TEMP] >= 20 ? 0.2 : 0);
    WeakSlices.Result once =
        WeakSlices.of(window(rows, Role.CHALLENGER, Role.CHAMPION), RowLoss.ABSOLUTE_ERROR);
    List<Scored> shuffled = new ArrayList<>(rows);
    Collections.shuffle(shuffled, new Random(3));

    assertThat(
            WeakSlices.of(window(shuffled, Role.CHALLENGER, Role.CHAMPION), RowLoss.ABSOLUTE_ERROR))
        .isEqualTo(once);
  }

  @Test
  void equalModelsHarmNobodyAndAreNotSearched() {
    List<Scored> rows =
        rows(values -> 0).stream()
            .map(
                row ->
                    new Scored(
                        row.key(), row.groups(), row.values(), row.champion(), row.champion()))
            .toList();

    assertThat(
            WeakSlices.of(window(rows, Role.CHALLENGER, Role.CHAMPION), RowLoss.ABSOLUTE_ERROR)
                .slices())
        .extracting(WeakSlice::kind)
        .doesNotContain(WeakSlice.Kind.HARMED);
  }

  @Test
  void fewClustersAreNotSearchedAndTheResultSaysWhy() {
    List<Scored> rows = rows(values -> 0).stream().filter(row -> row.groups()[0] < 8).toList();
    ScoredWindow window =
        ScoredWindow.of(
            window(rows, Role.CHALLENGER).plan(), ClusterWays.of(days(8)), INPUTS, rows);

    WeakSlices.Result result = WeakSlices.of(window, RowLoss.ABSOLUTE_ERROR);

    assertThat(result.slices()).isEmpty();
    assertThat(result.why())
        .contains("half of the clusters are 4, and nothing can be confirmed by fewer than 5");
  }

  @Test
  void numbersAreCutWhereAPersonCanReadThem() {
    List<double[]> sample =
        IntStream.range(0, 960)
            .mapToObj(i -> new double[] {i / 959.0 * 0.7654321, Double.NaN, 0, i % 24})
            .toList();

    Conditions conditions = new Conditions(INPUTS, sample);
    List<String> words =
        IntStream.range(0, conditions.size()).mapToObj(i -> conditions.get(i).words()).toList();

    assertThat(words)
        .contains("te`mp < 0.096", "0.383 <= te`mp < 0.479", "te`mp >= 0.383")
        .contains("hum is missing", "hour_of_ts < 12", "3 <= hour_of_ts < 6");
    assertThat(words).as("a category that all rows have").noneMatch(it -> it.contains("season"));
  }
}
