package reforest.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reforest.bundle.Scorer;
import reforest.bundle.Task;
import reforest.config.Metric;
import reforest.evaluate.ComparisonPlan;
import reforest.evaluate.NamedSlice;
import reforest.evaluate.Role;
import reforest.evaluate.WindowSample;
import reforest.evaluate.WindowSample.Model;
import reforest.evaluate.WindowSample.SampledRow;
import reforest.explain.Dependences.Dependence;
import reforest.explain.Dependences.Point;
import reforest.explain.ErrorAnalysis.Segment;
import reforest.explain.ErrorAnalysis.Tail;
import reforest.explain.Importances.Importance;
import reforest.statistics.ClusterWays;
import reforest.statistics.JackknifeGroups;

/** Why models and verdicts are what they are. */
final class ExplainedTest {

  private static final int DAYS = 40;
  private static final int HOURS = 24;
  private static final long START = Instant.parse("2026-01-05T00:00:00Z").getEpochSecond();

  /** A row's true value. */
  private interface Truth {
    double of(double[] values, int hour);
  }

  @TempDir private Path folder;

  private SumsOfStumps additive() {
    return SumsOfStumps.of("a", "b", "c").plus("a", 10).plus("b", 4);
  }

  private Scorer scorer(SumsOfStumps model) {
    return model.scorer(folder.resolve("model" + folder.toFile().list().length));
  }

  /** Forty days by hour; each of three features is 0 or 1, drawn by a coin. */
  private static List<SampledRow> rows(Truth truth) {
    Random random = new Random(3);
    List<SampledRow> rows = new ArrayList<>();
    for (int i = 0; i < DAYS * HOURS; i++) {
      double[] values = {random.nextInt(2), random.nextInt(2), random.nextInt(2)};
      int hour = i % HOURS;
      rows.add(
          new SampledRow(
              random.nextLong(),
              new int[] {i / HOURS},
              new int[] {hour < 6 ? 0 : 1},
              OptionalLong.of((START + 3600L * i) * 1_000_000),
              truth.of(values, hour),
              values,
              values.clone()));
    }
    return rows;
  }

  private static WindowSample sample(
      Scorer challenger, Optional<Scorer> champion, List<SampledRow> rows) {
    return sample(challenger, champion, rows, Set.of(), true);
  }

  private static WindowSample sample(
      Scorer challenger,
      Optional<Scorer> champion,
      List<SampledRow> rows,
      Set<String> personal,
      boolean told) {
    List<Role> roles = new ArrayList<>(List.of(Role.CHALLENGER));
    champion.ifPresent(it -> roles.add(Role.CHAMPION));
    ComparisonPlan plan =
        new ComparisonPlan(
            Task.REGRESSION,
            List.of(),
            roles,
            List.of(NamedSlice.of("night"), NamedSlice.of("day")),
            1e-6,
            0);
    List<Long> days = new ArrayList<>();
    for (long day = 0; day < DAYS; day++) {
      days.add(day);
    }
    return new WindowSample(
        plan,
        ClusterWays.of(JackknifeGroups.ofPeriods(days, 200)),
        new Model(challenger, new int[0]),
        champion.map(it -> new Model(it, new int[0])),
        List.of(7.0),
        personal,
        told,
        rows,
        rows.size());
  }

  private static Explained explained(WindowSample sample) {
    return Explained.of(sample, Metric.RMSE, 7, List.of());
  }

  private static double additiveTruth(double[] values, int hour) {
    return 10 * values[0] + 4 * values[1];
  }

  @Test
  void tellsWhatIsLostWhenAFeatureIsShuffled() {
    Explained explained =
        explained(sample(scorer(additive()), Optional.empty(), rows(ExplainedTest::additiveTruth)));

    assertThat(explained.importances()).extracting(Importance::feature).startsWith("a", "b", "c");
    // Half of the rows get another value than their own, and err by 10 there.
    assertThat(explained.importances().get(0).rise().value())
        .isCloseTo(10 * Math.sqrt(0.5), within(0.3));
    assertThat(explained.importances().get(1).rise().value())
        .isCloseTo(4 * Math.sqrt(0.5), within(0.2));
    assertThat(explained.importances().get(2).rise().value()).isZero();
    assertThat(explained.importances().get(0).rise().lower(0.025)).isGreaterThan(6.5);
    assertThat(explained.importances().get(0).gain().isDefined()).isFalse();
    assertThat(explained.difference()).isEmpty();
  }

  @Test
  void tellsWhichFeatureMovedTheGainOverTheChampion() {
    Scorer champion = scorer(SumsOfStumps.of("a", "b", "c").plus("a", 10));

    Explained explained =
        explained(
            sample(scorer(additive()), Optional.of(champion), rows(ExplainedTest::additiveTruth)));

    Importance a = explained.importances().get(0);
    Importance b = explained.importances().get(1);
    // The champion lacks b: it errs by 4 in half of the rows. Shuffling b takes the gain away.
    assertThat(b.gain().value()).isCloseTo(4 * Math.sqrt(0.5), within(0.2));
    // Shuffling a harms both: what is left of the gain is small beside the error that both have.
    assertThat(a.gain().value()).isLessThan(b.gain().value());
    assertThat(a.rise().value()).isGreaterThan(b.rise().value());
  }

  @Test
  void addsThePartsOfTheDifferenceUpToTheChangeOfTheMeanPrediction() {
    Scorer champion = scorer(SumsOfStumps.of("a", "b", "c").plus("a", 10).plus("c", -3));
    List<SampledRow> rows = rows(ExplainedTest::additiveTruth);

    Difference difference =
        explained(sample(scorer(additive()), Optional.of(champion), rows))
            .difference()
            .orElseThrow();

    double mean =
        rows.stream().mapToDouble(r -> 4 * r.challenger()[1] + 3 * r.challenger()[2]).sum()
            / rows.size();
    assertThat(difference.why()).isEmpty();
    assertThat(difference.change().value()).isCloseTo(mean, within(1e-9));
    assertThat(
            difference.base().value()
                + difference.features().stream().mapToDouble(it -> it.change().value()).sum())
        .isCloseTo(difference.change().value(), within(1e-9));
    // 4 b and 3 c, each less its half on average, which is in the base.
    assertThat(difference.base().value()).isCloseTo(2 + 1.5, within(1e-9));
    assertThat(
            difference.slices().stream().mapToDouble(it -> it.share() * it.change().value()).sum())
        .isCloseTo(difference.change().value(), within(1e-9));
    assertThat(difference.slices()).extracting(Difference.OnSlice::slice).contains("night", "day");
  }

  @Test
  void warnsOfAFeatureThatCarriesTheModelAlone() {
    Scorer carried = scorer(SumsOfStumps.of("a", "b", "c").plus("a", 10).plus("b", 1));
    List<SampledRow> rows = rows((values, hour) -> 2 + 10 * values[0] + values[1]);

    Explained explained = explained(sample(carried, Optional.empty(), rows));

    Shortcut shortcut = explained.shortcuts().get(0);
    assertThat(shortcut.feature()).isEqualTo("a");
    assertThat(shortcut.carries()).isTrue();
    // The model errs by 2 anywhere, and without the feature by 5 more or less.
    assertThat(shortcut.loss().value()).isCloseTo(2, within(1e-9));
    assertThat(shortcut.without().value()).isCloseTo(Math.sqrt(4 + 25), within(0.4));
    assertThat(shortcut.slices()).hasSize(2);
    assertThat(explained.warnings()).hasSize(1);
    assertThat(explained.warnings().get(0))
        .startsWith("one feature carries the model: without a, ");
  }

  @Test
  void doesNotWarnOfAFeatureThatSomebodyHasAcknowledged() {
    Scorer carried = scorer(SumsOfStumps.of("a", "b", "c").plus("a", 10).plus("b", 1));
    List<SampledRow> rows = rows((values, hour) -> 2 + 10 * values[0] + values[1]);

    Explained explained =
        Explained.of(sample(carried, Optional.empty(), rows), Metric.RMSE, 7, List.of("a"));

    assertThat(explained.shortcuts().get(0).share().value()).isGreaterThan(0.8);
    assertThat(explained.shortcuts().get(0).carries()).isFalse();
    assertThat(explained.warnings()).isEmpty();
  }

  @Test
  void doesNotWarnWhereSeveralFeaturesShareTheWork() {
    Scorer shared = scorer(SumsOfStumps.of("a", "b", "c").plus("a", 6).plus("b", 6).plus("c", 6));
    List<SampledRow> rows = rows((values, hour) -> 6 * (values[0] + values[1] + values[2]));

    Explained explained = explained(sample(shared, Optional.empty(), rows));

    assertThat(explained.shortcuts()).hasSize(3);
    assertThat(explained.shortcuts())
        .allSatisfy(it -> assertThat(it.share().value()).isBetween(0.2, 0.5));
    assertThat(explained.warnings()).isEmpty();
  }

  @Test
  void doesNotCallAModelCarriedThatKnowsNothing() {
    // What it says of a is right in the direction, and far too large: worse than the dummy's 7.
    Scorer ignorant = scorer(SumsOfStumps.of("a", "b", "c").plus("a", 40));
    List<SampledRow> rows = rows((values, hour) -> 6 + 2 * values[0]);

    Explained explained = explained(sample(ignorant, Optional.empty(), rows));

    assertThat(explained.errors().bias().value()).isGreaterThan(10);
    assertThat(explained.warnings()).isEmpty();
  }

  @Test
  void followsThePredictionAlongAFeature() {
    Explained explained =
        explained(sample(scorer(additive()), Optional.empty(), rows(ExplainedTest::additiveTruth)));

    Dependence a = explained.dependences().get(0);
    assertThat(a.feature()).isEqualTo("a");
    assertThat(a.points()).extracting(Point::text).containsExactly("0", "1");
    assertThat(a.points().get(1).mean().value() - a.points().get(0).mean().value())
        .isCloseTo(10, within(1e-9));
    assertThat(a.points().get(0).clusters()).hasSize(5);
    assertThat(a.points().get(0).champion().isDefined()).isFalse();
  }

  @Test
  void tellsFeaturesApartThatWorkTogetherAndThatDoNot() {
    Scorer together = scorer(SumsOfStumps.of("a", "b", "c").plusBoth("a", "b", 8).plus("c", 4));

    Explained explained =
        explained(
            sample(
                together,
                Optional.empty(),
                rows((values, hour) -> 8 * values[0] * values[1] + 4 * values[2])));

    Dependences.Pair first = explained.pairs().get(0);
    assertThat(Set.of(first.one(), first.other())).containsExactlyInAnyOrder("a", "b");
    assertThat(first.strength().value()).isGreaterThan(0.2);
    assertThat(explained.pairs().get(1).strength().value()).isCloseTo(0, within(1e-9));
    assertThat(explained.pairs().get(2).strength().value()).isCloseTo(0, within(1e-9));
  }

  @Test
  void doesNotTakeRoundingForTwoFeaturesThatWorkTogether() {
    Scorer one = scorer(SumsOfStumps.of("a", "b", "c").plus("a", 0.1).plus("a", 0.7));

    Explained explained =
        explained(sample(one, Optional.empty(), rows((values, hour) -> values[0])));

    assertThat(explained.pairs()).hasSize(3);
    assertThat(explained.pairs())
        .allSatisfy(pair -> assertThat(pair.strength().value()).isCloseTo(0, within(1e-9)));
  }

  @Test
  void findsTheHoursAndFeaturesWhereTheModelErrs() {
    // At night and where b holds the truth is higher than the model says.
    List<SampledRow> rows =
        rows((values, hour) -> 10 * values[0] + 4 * values[1] + (hour < 6 ? 20 * values[2] : 0));

    ErrorAnalysis errors = explained(sample(scorer(additive()), Optional.empty(), rows)).errors();

    assertThat(errors.bias().value()).isCloseTo(-20 * 0.5 * 0.25, within(0.5));
    List<Segment> hours = errors.segments().stream().filter(it -> it.by().equals("hour")).toList();
    assertThat(hours).hasSize(HOURS);
    assertThat(hours.get(3).part()).isEqualTo("03");
    assertThat(hours.get(3).rows()).isEqualTo(DAYS);
    assertThat(hours.get(3).bias().upper(0.025)).isNegative();
    assertThat(hours.get(12).bias().value()).isZero();
    assertThat(errors.segments()).extracting(Segment::part).contains("Monday", "2026-01-05");
    Tail first = errors.tails().get(0);
    assertThat(first.feature()).isEqualTo("c");
    assertThat(first.under()).isEqualTo("1 (1 to 1)");
    assertThat(first.difference()).isGreaterThan(0.4);
    assertThat(errors.worst()).hasSize(10);
    assertThat(errors.worst().get(0).values()).containsEntry("c", "1");
  }

  @Test
  void showsNoPersonalColumnAndNoRowWhoseLabelIsPersonal() {
    List<SampledRow> rows = rows((values, hour) -> values[2]);
    Scorer scorer = scorer(additive());

    Explained hidden = explained(sample(scorer, Optional.empty(), rows, Set.of("a"), true));
    Explained untold = explained(sample(scorer, Optional.empty(), rows, Set.of(), false));

    assertThat(hidden.importances()).extracting(Importance::feature).contains("a");
    assertThat(hidden.dependences()).extracting(Dependence::feature).doesNotContain("a");
    assertThat(hidden.errors().segments()).extracting(Segment::by).doesNotContain("a");
    assertThat(hidden.errors().tails()).extracting(Tail::feature).doesNotContain("a");
    assertThat(hidden.errors().worst())
        .isNotEmpty()
        .noneMatch(row -> row.values().containsKey("a"));
    assertThat(untold.errors().worst()).isEmpty();
  }

  @Test
  void doesNotDependOnTheOrderOfTheRows() {
    List<SampledRow> rows =
        rows((values, hour) -> 10 * values[0] + 3 * values[1] + (hour < 6 ? values[2] : 0));
    Scorer champion = scorer(SumsOfStumps.of("a", "b", "c").plus("a", 9));
    Scorer challenger = scorer(additive());
    List<SampledRow> shuffled = new ArrayList<>(rows);
    Collections.shuffle(shuffled, new Random(5));

    Explained one = explained(sample(challenger, Optional.of(champion), rows));
    Explained other = explained(sample(challenger, Optional.of(champion), shuffled));

    assertThat(other.toString()).isEqualTo(one.toString());
  }
}
