package reforest.evaluate;

import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import reforest.bundle.Bundle;
import reforest.bundle.Manifest.Input;
import reforest.bundle.ReforestException;
import reforest.bundle.Task;
import reforest.config.DataConfig;
import reforest.config.ErrorCosts;
import reforest.config.EvaluateConfig;
import reforest.config.EvaluateConfig.Slice;
import reforest.config.FairnessConfig;
import reforest.config.Metric;
import reforest.ingest.Contracts;
import reforest.statistics.Estimate;
import reforest.statistics.JackknifeGroups;
import reforest.testing.SparkExtension;

@ExtendWith(SparkExtension.class)
final class EvaluateTest {

  @TempDir private Path folder;

  private static DataConfig data(String... key) {
    return new DataConfig(
        new DataConfig.Source("csv", Map.of(), Optional.empty()),
        List.of(),
        List.of(key),
        Optional.of("ts"),
        "y",
        Optional.empty(),
        List.of(),
        0,
        Duration.ofDays(400));
  }

  private static EvaluateConfig byDay(Slice... slices) {
    return byPeriod(Duration.ofDays(1), slices);
  }

  private static EvaluateConfig byPeriod(Duration period, Slice... slices) {
    return new EvaluateConfig(
        List.of(),
        Optional.of(period),
        200,
        1e-6,
        Optional.empty(),
        Optional.empty(),
        List.of(slices));
  }

  private static EvaluateConfig byKey(int maxGroups, Slice... slices) {
    return new EvaluateConfig(
        List.of(),
        Optional.empty(),
        maxGroups,
        1e-6,
        Optional.empty(),
        Optional.empty(),
        List.of(slices));
  }

  private static Slice where(String name, String predicate) {
    return new Slice(name, List.of(), Optional.of(predicate), true, Optional.of(0.5));
  }

  private static Slice family(String name, String... columns) {
    return new Slice(name, List.of(columns), Optional.empty(), false, Optional.empty());
  }

  /** 240 hours: x is 0 to 23, y is 2 x. */
  private static Dataset<Row> hours(SparkSession spark) {
    return spark.sql(
        """
        SELECT id, timestamp_seconds(3600 * id) AS ts, cast(id % 24 AS int) AS x,
          cast(2 * (id % 24) AS double) AS y,
          if(id % 24 < 2, NULL, cast(id % 2 AS string)) AS `odd.or \uD83D\uDEB2 even`,
          if(id % 10 = 0, NULL, cast(id % 24 AS double)) AS rule
        FROM range(240)
        """);
  }

  private Comparison compare(Dataset<Row> rows, EvaluateConfig config, Bundle challenger) {
    Bundle champion = Stumps.regression(folder.resolve("champion"), "x", 10, 30);
    return new Evaluate(config, data("id"))
        .of(rows, challenger, Optional.of(champion), List.of(23.0), Optional.empty());
  }

  private Bundle stump(double left, double right) {
    return Stumps.regression(folder.resolve(left + "," + right), "x", left, right);
  }

  @Test
  void followsOneAlteredLeafOfTheStagedBundle(SparkSession spark) {
    EvaluateConfig config = byDay();

    Comparison same = compare(hours(spark), config, stump(10, 30));
    Comparison altered = compare(hours(spark), config, stump(10, 34));

    // Hours 11 to 23 have labels 22 to 46, whose mean is 34.
    assertThat(same.differing()).isZero();
    assertThat(same.overall().metric(Role.CHALLENGER, Metric.BIAS).value())
        .isEqualTo((11 * 0 + 13 * -4) / 24.0);
    assertThat(altered.differing()).isEqualTo(130);
    assertThat(altered.overall().metric(Role.CHALLENGER, Metric.BIAS).value()).isZero();
    assertThat(altered.overall().metric(Role.CHAMPION, Metric.BIAS).value())
        .isEqualTo(same.overall().metric(Role.CHAMPION, Metric.BIAS).value());
    assertThat(altered.overall().gain(Role.CHAMPION, Metric.BIAS).value()).isEqualTo(13 * 4 / 24.0);
  }

  /** The rows that somebody gets who wants to look at so many. */
  private WindowSample sample(Dataset<Row> rows, int wanted) {
    List<WindowSample> samples = new ArrayList<>();
    new Evaluate(byDay(where("early", "x < 6"), family("half", "x")), data("id"))
        .sampled(wanted, samples::add)
        .of(rows, stump(10, 34), Optional.of(stump(10, 30)), List.of(23.0), Optional.empty());
    return samples.get(0);
  }

  @Test
  void letsSomebodyLookAtAllRowsWithTheModelsAtHand(SparkSession spark) {
    WindowSample sample = sample(hours(spark), 240);

    assertThat(sample.rows()).hasSize(240);
    assertThat(sample.of()).isEqualTo(240);
    assertThat(sample.dummy()).containsExactly(23.0);
    for (WindowSample.SampledRow row : sample.rows()) {
      double x = row.challenger()[0];
      long hour = row.micros().orElseThrow() / 3_600_000_000L;
      assertThat(x).isEqualTo((double) (hour % 24));
      assertThat(row.label()).isEqualTo(2 * x);
      assertThat(row.groups()).containsExactly((int) (hour / 24));
      assertThat(sample.challenger().predict(row.challenger())).containsExactly(x <= 10 ? 10 : 34);
      assertThat(sample.champion().orElseThrow().predict(row.champion()))
          .containsExactly(x <= 10 ? 10 : 30);
      List<String> in =
          IntStream.of(row.slices()).mapToObj(i -> sample.plan().slices().get(i).name()).toList();
      assertThat(in).contains("half=" + (int) x);
      assertThat(in.contains("early")).isEqualTo(x < 6);
    }
  }

  @Test
  void leavesGroupsThatAreToldApartOutOfTheSlicesOfItsRows(SparkSession spark) {
    List<WindowSample> samples = new ArrayList<>();
    FairnessConfig groups = new FairnessConfig(List.of("x"), 2, Map.of());
    new Evaluate(byDay(where("early", "x < 6")), data("id"))
        .fair(groups, Metric.RMSE)
        .sampled(240, samples::add)
        .of(hours(spark), stump(10, 34), Optional.empty(), List.of(23.0), Optional.empty());

    int slices = samples.get(0).plan().slices().size();
    assertThat(slices).isEqualTo(1);
    assertThat(samples.get(0).rows())
        .hasSize(240)
        .allSatisfy(
            row -> assertThat(IntStream.of(row.slices()).allMatch(it -> it < slices)).isTrue());
  }

  @Test
  void drawsTheSameRowsHoweverTheyLie(SparkSession spark) {
    WindowSample one = sample(hours(spark).coalesce(1), 60);
    WindowSample other = sample(hours(spark).repartition(7), 60);

    assertThat(one.rows()).hasSizeBetween(40, 80);
    assertThat(one.of()).isEqualTo(240);
    assertThat(other.rows())
        .extracting(WindowSample.SampledRow::key)
        .containsExactlyElementsOf(one.rows().stream().map(WindowSample.SampledRow::key).toList());
  }

  @Test
  void letsSomebodyLookAtTheRowsInMemoryOrInSpark(SparkSession spark) {
    List<Looked> looks = new ArrayList<>();
    for (long few : List.of(240L, 239L)) {
      new Evaluate(byDay(), data("id"))
          .studied(RowLoss.ABSOLUTE_ERROR, window -> looks.add(Looked.at(window)), few)
          .of(
              hours(spark),
              stump(10, 34),
              Optional.of(stump(10, 30)),
              List.of(23.0),
              Optional.empty());
    }

    // x = 11: the label is 22, the challenger says 34 and the champion 30.
    assertThat(looks.get(0).losses())
        .contains("11.0 loses 12.0, before 8.0", "0.0 loses 10.0, before 10.0");
    assertThat(looks.get(0).rows()).isEqualTo(240);
    assertThat(looks.get(1)).isEqualTo(looks.get(0));
  }

  private record Looked(long rows, TreeSet<String> losses) {
    static Looked at(ScoredWindow window) {
      assertThat(window.inputs()).extracting(Input::name).containsExactly("x");
      ArrayList<String> all =
          window.fold(
              ArrayList::new,
              (to, row) ->
                  to.add(
                      "%s loses %s, before %s"
                          .formatted(row.values()[0], row.challenger(), row.champion())),
              (to, from) -> {
                to.addAll(from);
                return to;
              });
      return new Looked(all.size(), new TreeSet<>(all));
    }
  }

  @Test
  void personalColumnsAreNotLookedAt(SparkSession spark) {
    DataConfig personal =
        new DataConfig(
            new DataConfig.Source("csv", Map.of(), Optional.empty()),
            List.of(Contracts.personal("x", "int")),
            List.of("id"),
            Optional.of("ts"),
            "y",
            Optional.empty(),
            List.of(),
            0,
            Duration.ofDays(400));
    List<Input> seen = new ArrayList<>();

    new Evaluate(byDay(), personal)
        .studied(RowLoss.ABSOLUTE_ERROR, window -> seen.addAll(window.inputs()))
        .of(hours(spark), stump(10, 34), Optional.empty(), List.of(23.0), Optional.empty());

    assertThat(seen).isEmpty();
  }

  @Test
  void scoresTheAnchorFromItsBundleToo(SparkSession spark) {
    Comparison comparison =
        new Evaluate(byDay(), data("id"))
            .of(
                hours(spark),
                stump(10, 34),
                Optional.of(stump(10, 30)),
                Optional.of(stump(10, 33)),
                List.of(23.0),
                Optional.empty());

    assertThat(comparison.plan().roles())
        .containsExactly(Role.CHALLENGER, Role.CHAMPION, Role.ANCHOR, Role.DUMMY);
    assertThat(comparison.overall().gain(Role.ANCHOR, Metric.BIAS).value())
        .isCloseTo(13 * 1 / 24.0, within(1e-12));
  }

  @Test
  void countsPeriodsBackFromTheEndOfTheWindow(SparkSession spark) {
    Instant end = Instant.EPOCH.plus(Duration.ofDays(10));
    EvaluateConfig weeks = byPeriod(Duration.ofDays(7));
    Bundle champion = stump(10, 30);

    Comparison counted =
        new Evaluate(weeks, data("id"), Optional.of(end))
            .of(
                hours(spark).where("id >= 72"),
                stump(10, 34),
                Optional.of(champion),
                List.of(23.0),
                Optional.empty());

    // Seven days before the end, all of them one week; from 1970 they would lie in two.
    assertThat(counted.clusters()).isEqualTo(1);
  }

  @Test
  void clustersByPeriodsOfEventTime(SparkSession spark) {
    Comparison comparison = compare(hours(spark), byDay(), stump(10, 34));

    assertThat(comparison.clusters()).isEqualTo(10);
    assertThat(comparison.overall().groups()).isEqualTo(10);
    assertThat(comparison.shared()).isFalse();
  }

  @Test
  void sharesGroupsByHashWhenEveryKeyIsACluster(SparkSession spark) {
    EvaluateConfig config = byKey(50);
    Comparison comparison = compare(hours(spark), config, stump(10, 34));

    assertThat(comparison.clusters()).isEqualTo(240);
    assertThat(comparison.shared()).isTrue();
    assertThat(comparison.overall().groups()).isBetween(45, 50);
  }

  @Test
  void clustersByColumnsOfAnyName(SparkSession spark) {
    EvaluateConfig config =
        new EvaluateConfig(
            List.of("odd.or \uD83D\uDEB2 even", "x"),
            Optional.empty(),
            200,
            1e-6,
            Optional.empty(),
            Optional.empty(),
            List.of());

    assertThat(compare(hours(spark), config, stump(10, 34)).clusters()).isEqualTo(24);
  }

  private static EvaluateConfig byDayAnd(int maxGroups, String... columns) {
    return new EvaluateConfig(
        List.of(columns),
        Optional.of(Duration.ofDays(1)),
        maxGroups,
        1e-6,
        Optional.empty(),
        Optional.empty(),
        List.of());
  }

  @Test
  void clustersInTwoWaysWhereColumnsAndAPeriodAreDeclared(SparkSession spark) {
    // Labels between both models' answers, of which hour and day each have a part.
    String label = "30D + x % 4 * 0.5D + id DIV 24 % 5 * 0.5D + (id * 37) % 11 * 0.05D";
    Dataset<Row> rows = hours(spark).withColumn("y", expr(label));
    Bundle challenger = stump(10, 34);

    Comparison both = compare(rows, byDayAnd(300, "x"), challenger);

    // 24 hours of 10 days: each combination of both is one row.
    Estimate gain = both.overall().gain(Role.CHAMPION, Metric.MAE);
    double days = error(compare(rows, byDayAnd(300), challenger));
    double hours = error(compare(rows, byColumn("x", 300), challenger));
    double single = error(compare(rows, byKey(300), challenger));
    double crossed = days * days + hours * hours - single * single;
    assertThat(crossed).isGreaterThan(1.01 * Math.max(days * days, hours * hours));
    assertThat(gain.standardError()).isCloseTo(Math.sqrt(crossed), within(1e-12));
    assertThat(gain.neighbours()).isNotNaN();
    assertThat(both.clusters()).isEqualTo(10);
    assertThat(both.overall().groups()).isEqualTo(10);
    assertThat(both.shared()).isFalse();

    Comparison hashed = compare(rows, byDayAnd(15, "x"), challenger);
    assertThat(hashed.shared()).isTrue();
    assertThat(hashed.clusters()).isEqualTo(10);
    assertThat(compare(rows, byDayAnd(5, "x"), challenger).clusters()).isEqualTo(10);
  }

  private static double error(Comparison comparison) {
    return comparison.overall().gain(Role.CHAMPION, Metric.MAE).standardError();
  }

  @Test
  void scoresAnAnchorFromItsBundle(SparkSession spark) {
    Comparison comparison =
        new Evaluate(byDay(), data("id"))
            .of(
                hours(spark),
                stump(10, 34),
                Optional.of(stump(10, 30)),
                Optional.of(stump(10, 32)),
                List.of(23.0),
                Optional.empty());

    assertThat(comparison.overall().metric(Role.ANCHOR, Metric.BIAS).value())
        .isEqualTo(13 * -2 / 24.0);
    assertThat(comparison.overall().metric(Role.CHAMPION, Metric.BIAS).value())
        .isEqualTo(13 * -4 / 24.0);
  }

  @Test
  void slicesByValuesAndByPredicates(SparkSession spark) {
    Comparison comparison =
        compare(
            hours(spark),
            byDay(
                where("night", "x < 6"),
                family("parity", "odd.or \uD83D\uDEB2 even"),
                where("even", "`odd.or \uD83D\uDEB2 even` = '0'")),
            stump(10, 34));

    assertThat(comparison.slices())
        .extracting(slice -> slice.slice().name() + " " + slice.rows())
        .containsExactly(
            "night 60", "even 110", "parity=(missing) 20", "parity=0 110", "parity=1 110");
    assertThat(comparison.slices().get(0).slice()).isEqualTo(new NamedSlice("night", true, 0.5));
    assertThat(comparison.slices().get(0).metric(Role.CHALLENGER, Metric.MAE).value()).isEqualTo(5);
  }

  @Test
  void givesTheSameBitsHoweverRowsArePartitioned(SparkSession spark) {
    EvaluateConfig config = byDay(family("x", "x"));
    Bundle challenger = stump(10.1, 34.3);

    String one = compare(hours(spark).repartition(1), config, challenger).toString();
    String many = compare(hours(spark).repartition(7), config, challenger).toString();

    assertThat(many).isEqualTo(one);
  }

  @Test
  void readsInputsWhoseNamesSqlDoesNotLike(SparkSession spark) {
    String odd = "x.`\uD83D\uDEB2` y";
    Dataset<Row> rows = hours(spark).withColumnRenamed("x", odd);
    Bundle challenger = Stumps.regression(folder.resolve("odd"), odd, 10, 34);

    Comparison comparison =
        new Evaluate(byKey(200), data("id"))
            .of(rows, challenger, Optional.empty(), List.of(23.0), Optional.empty());

    assertThat(comparison.overall().metric(Role.CHALLENGER, Metric.BIAS).value()).isZero();
    assertThat(comparison.plan().roles()).containsExactly(Role.CHALLENGER, Role.DUMMY);
  }

  @Test
  void letsTheDummyStandInWhereTheRuleHasNoAnswer(SparkSession spark) {
    Comparison comparison =
        new Evaluate(byKey(200), data("id"))
            .of(hours(spark), stump(10, 34), Optional.empty(), List.of(23.0), Optional.of("rule"));

    double expected = 0;
    for (int id = 0; id < 240; id++) {
      expected += (id % 10 == 0 ? 23.0 : id % 24) - 2.0 * (id % 24);
    }
    assertThat(comparison.overall().metric(Role.RULE, Metric.BIAS).value())
        .isEqualTo(expected / 240);
    assertThat(comparison.overall().metric(Role.DUMMY, Metric.BIAS).value()).isZero();
  }

  @Test
  void measuresProbabilitiesOfClasses(SparkSession spark) {
    Dataset<Row> rows = hours(spark).withColumn("y", expr("if(x > 15, 'yes', 'no')"));

    Comparison comparison =
        new Evaluate(byDay(), data("id"))
            .of(
                rows,
                Stumps.binary(folder.resolve("a"), 0.25, 0.75),
                Optional.of(Stumps.binary(folder.resolve("b"), 0.75, 0.25)),
                List.of(0.6, 0.4),
                Optional.empty());

    SliceResult all = comparison.overall();
    assertThat(all.metric(Role.CHALLENGER, Metric.ACCURACY).value()).isEqualTo(19 / 24.0);
    assertThat(all.confusion().get(Role.CHALLENGER))
        .containsExactly(List.of(110L, 50L), List.of(0L, 80L));
    // All 8 positive hours stand above 11 of 16 negative ones and tie with 5.
    assertThat(all.metric(Role.CHALLENGER, Metric.AUC).value()).isEqualTo((11 + 2.5) / 16);
    assertThat(all.metric(Role.DUMMY, Metric.AUC).value()).isEqualTo(0.5);
  }

  @Test
  void decidesAsEachBundleShipsItAndForABaselineAsErrorsCost(SparkSession spark) {
    // 80 positive rows of 240; the stumps part 110 rows from 130.
    Dataset<Row> rows = hours(spark).withColumn("y", expr("if(x > 15, 'yes', 'no')"));
    EvaluateConfig config =
        new EvaluateConfig(
            List.of(),
            Optional.of(Duration.ofDays(1)),
            200,
            1e-6,
            Optional.of(new ErrorCosts(1, 4)),
            Optional.empty(),
            List.of());
    List<String> classes = List.of("no", "yes");
    Bundle even = Stumps.binary(folder.resolve("even"), 0.25, 0.75);
    Bundle eager = Stumps.deciding(folder.resolve("eager"), classes, 0.25, 0.75, 0.25);
    List<Double> shares = List.of(0.7, 0.3);

    SliceResult one =
        new Evaluate(config, data("id"))
            .of(rows, eager, Optional.of(even), shares, Optional.empty())
            .overall();
    SliceResult other =
        new Evaluate(config, data("id"))
            .of(rows, even, Optional.of(eager), shares, Optional.empty())
            .overall();

    List<List<Long>> always = List.of(List.of(0L, 160L), List.of(0L, 80L));
    List<List<Long>> half = List.of(List.of(110L, 50L), List.of(0L, 80L));
    assertThat(one.confusion())
        .containsEntry(Role.CHALLENGER, always)
        .containsEntry(Role.CHAMPION, half)
        .containsEntry(Role.DUMMY, always);
    assertThat(other.confusion())
        .containsEntry(Role.CHALLENGER, half)
        .containsEntry(Role.CHAMPION, always);
    assertThat(one.metric(Role.CHALLENGER, Metric.COST).value()).isEqualTo(160 / 240.0);
    assertThat(one.metric(Role.CHAMPION, Metric.COST).value()).isEqualTo(50 / 240.0);
  }

  @Test
  void decidesAsAChampionWhosePositiveClassIsTheOtherOne(SparkSession spark) {
    Dataset<Row> rows = hours(spark).withColumn("y", expr("if(x > 15, 'yes', 'no')"));
    Bundle challenger = Stumps.binary(folder.resolve("challenger"), 0.25, 0.75);
    List<String> swapped = List.of("yes", "no");

    // Its probability of "no" is 0.75 on the left: reached by the first threshold only.
    for (double threshold : new double[] {0.75, 0.76}) {
      Bundle champion =
          Stumps.deciding(folder.resolve("c" + threshold), swapped, 0.75, 0.25, threshold);
      SliceResult all =
          new Evaluate(byDay(), data("id"))
              .of(rows, challenger, Optional.of(champion), List.of(0.5, 0.5), Optional.empty())
              .overall();

      List<Long> negative = threshold == 0.75 ? List.of(110L, 50L) : List.of(0L, 160L);
      assertThat(all.confusion().get(Role.CHAMPION)).containsExactly(negative, List.of(0L, 80L));
    }
  }

  @Test
  void refusesALabelThatIsNoClass(SparkSession spark) {
    Dataset<Row> rows =
        hours(spark).withColumn("y", expr("if(x = 3, 'maybe', if(x = 4, NULL, 'no'))"));

    refused(
            () ->
                new Evaluate(byKey(200), data("id"))
                    .of(
                        rows,
                        Stumps.binary(folder.resolve("a"), 0.25, 0.75),
                        Optional.empty(),
                        List.of(),
                        Optional.empty()))
        .hasMessage(
            "20 of 240 rows have a label that is none of the classes [no, yes] of the challenger;"
                + " counts by value of y: {maybe=10, null=10}");
  }

  @Test
  void refusesALabelThatIsNoNumber(SparkSession spark) {
    Dataset<Row> rows = hours(spark).withColumn("y", expr("if(x = 3, double('NaN'), y)"));

    refused(() -> compare(rows, byKey(200), stump(1, 2)))
        .hasMessage(
            "10 of 240 rows have a label that is no finite number; counts by value of y: {NaN=10}");
  }

  @Test
  void namesTheColumnThatAnOldBundleReadsAndTheTableHasNot(SparkSession spark) {
    Bundle challenger = stump(1, 2);

    refused(() -> compare(hours(spark).drop("x"), byKey(200), challenger))
        .hasMessage(
            "challenger %s reads the column x, which the table does not have; it has id, ts, y,"
                    .formatted(challenger.digest())
                + " odd.or \uD83D\uDEB2 even, rule");
  }

  @Test
  void refusesBeforeAnyTrainingAChampionThatCannotBeCompared(SparkSession spark) {
    Evaluate evaluate = new Evaluate(byKey(200), data("id"));
    Bundle champion = stump(1, 2);
    check(evaluate, hours(spark), Task.REGRESSION, champion);

    refused(() -> check(evaluate, hours(spark).drop("x"), Task.REGRESSION, champion))
        .hasMessageContaining(
            "champion %s reads the column x, which the table does not have"
                .formatted(champion.digest()));
    refused(() -> check(evaluate, hours(spark), Task.BINARY, champion))
        .hasMessageContaining("predicts a regression and the challenger a binary");
  }

  @Test
  void namesAnInputOfATypeThatNoModelReads(SparkSession spark) {
    Dataset<Row> rows = hours(spark).drop("x").withColumnRenamed("ts", "x");

    refused(() -> compare(rows, byKey(200), stump(1, 2)))
        .hasMessageEndingWith(
            "reads the column x, whose type timestamp is neither number, text nor boolean");
  }

  @Test
  void bringsARefusalHomeFromTheExecutors(SparkSession spark) {
    Dataset<Row> rows = hours(spark).withColumn("x", lit("eleven"));

    refused(() -> compare(rows, byKey(200), stump(1, 2))).hasMessageContaining("eleven");
  }

  @Test
  void refusesAnEmptyWindow(SparkSession spark) {
    refused(() -> compare(hours(spark).where("x > 99"), byKey(200), stump(1, 2)))
        .hasMessage("the window has no rows to compare on");
    refused(() -> compare(hours(spark).limit(0), byKey(200), stump(1, 2)))
        .hasMessage("the window has no rows to compare on");
  }

  @Test
  void refusesMoreSlicesThanAnybodyReads(SparkSession spark) {
    refused(() -> compare(hours(spark), byKey(200, family("each", "id")), stump(1, 2)))
        .hasMessage("the families of slices and fairness.groups make more than 200 slices");
  }

  @Test
  void tellsCombinationsApartWhoseTextsReadTheSame(SparkSession spark) {
    Dataset<Row> rows =
        hours(spark)
            .withColumn("l", expr("if(x < 6, 'a, b', 'a')"))
            .withColumn("r", expr("if(x < 6, 'c', 'b, c')"));

    assertThat(compare(rows, byDay(family("f", "l", "r")), stump(10, 34)).slices())
        .extracting(slice -> slice.slice().name() + " " + slice.rows())
        .containsExactly("f=a x b, c 180", "f=a, b x c 60");
  }

  @Test
  void refusesTwoSlicesOfOneName(SparkSession spark) {
    Dataset<Row> rows =
        hours(spark)
            .withColumn("l", expr("if(x < 6, 'a x b', 'a')"))
            .withColumn("r", expr("if(x < 6, 'c', 'b x c')"));

    refused(() -> compare(rows, byDay(family("f", "l", "r")), stump(10, 34)))
        .hasMessage("two slices have the name f=a x b x c");
    refused(() -> compare(rows, byDay(family("f", "l"), where("f=a", "x < 6")), stump(10, 34)))
        .hasMessage("two slices have the name f=a");
    refused(() -> compare(rows, byDay(where("overall", "x < 6")), stump(10, 34)))
        .hasMessage("a slice is named overall, which stands for all rows");
  }

  @Test
  void namesThePredicateThatFailsOnARow(SparkSession spark) {
    EvaluateConfig config = byDay(where("fine", "x < 6"), where("part", "10 / x > 2"));

    refused(() -> compare(hours(spark), config, stump(10, 34)))
        .isInstanceOfSatisfying(
            ReforestException.class,
            e -> assertThat(e.kind()).isEqualTo(ReforestException.Kind.ARGUMENTS))
        .hasMessageStartingWith(
            "the predicate of slice part, 10 / x > 2, fails on a row: [DIVIDE_BY_ZERO]");
    refused(
            () ->
                compare(
                    hours(spark).withColumn("t", lit("six")),
                    byDay(where("odd", "cast(t AS int) = x")),
                    stump(10, 34)))
        .hasMessageStartingWith("the predicate of slice odd, cast(t AS int) = x, fails on a row:");
  }

  @Test
  void namesTheBaselineThatFailsOnARow(SparkSession spark) {
    EvaluateConfig config =
        new EvaluateConfig(
            List.of(),
            Optional.empty(),
            200,
            1e-6,
            Optional.empty(),
            Optional.of("10 / x"),
            List.of());
    Dataset<Row> rows = hours(spark).withColumn("rule", expr("cast(10 / x AS double)"));

    refused(
            () ->
                new Evaluate(config, data("id"))
                    .of(rows, stump(1, 2), Optional.empty(), List.of(23.0), Optional.of("rule")))
        .hasMessageStartingWith("evaluate.baseline, 10 / x, fails on a row: [DIVIDE_BY_ZERO]");
  }

  @Test
  void refusesAPredicateThatIsNone(SparkSession spark) {
    refused(() -> compare(hours(spark), byKey(200, where("night", "hr <")), stump(1, 2)))
        .hasMessageStartingWith("the predicate of slice night, hr <, is refused: ");
    refused(() -> compare(hours(spark), byKey(200, where("night", "hr < 6")), stump(1, 2)))
        .hasMessageContaining("`hr`");
    refused(() -> compare(hours(spark), byKey(200, where("night", "x + 1")), stump(1, 2)))
        .hasMessage(
            "the predicate of slice night, x + 1, is refused: it gives int, not true or false");
  }

  @Test
  void refusesBeforeAnyTrainingWhatItWouldRefuseAfterIt(SparkSession spark) {
    Dataset<Row> rows =
        hours(spark)
            .withColumn("l", expr("if(x < 6, 'a x b', 'a')"))
            .withColumn("r", expr("if(x < 6, 'c', 'b x c')"));

    refused(() -> check(rows, byKey(200, family("each", "id"))))
        .hasMessage("the families of slices and fairness.groups make more than 200 slices");
    refused(() -> check(rows, byDay(family("f", "l", "r"))))
        .hasMessage("two slices have the name f=a x b x c");
    refused(() -> check(rows, byDay(family("f", "l"), where("f=a", "x < 6"))))
        .hasMessage("two slices have the name f=a");
    refused(() -> check(rows, byDay(where("overall", "x < 6"))))
        .hasMessage("a slice is named overall, which stands for all rows");
    refused(() -> check(rows, byDay(where("fine", "x < 6"), where("part", "10 / x > 2"))))
        .hasMessageStartingWith(
            "the predicate of slice part, 10 / x > 2, fails on a row: [DIVIDE_BY_ZERO]");
    refused(() -> check(rows, byDay(where("never", "1 / 0 > 2"))))
        .hasMessageStartingWith("the predicate of slice never, 1 / 0 > 2, fails on a row:");
    refused(() -> check(rows, byDay(where("night", "hr < 6")))).hasMessageContaining("`hr`");
    refused(() -> check(rows.where("x > 99"), byDay()))
        .hasMessage("the window has no rows to compare on");
    refused(() -> check(rows.withColumn("y", expr("if(x = 3, double('NaN'), y)")), byDay()))
        .hasMessage(
            "10 of 240 rows have a label that is no finite number; counts by value of y: {NaN=10}");
    check(rows, byDay(family("l", "l"), family("r", "r"), where("night", "x < 6")));
  }

  @Test
  void refusesBeforeAnyTrainingABaselineThatFailsOnARow(SparkSession spark) {
    EvaluateConfig config =
        new EvaluateConfig(
            List.of(),
            Optional.empty(),
            200,
            1e-6,
            Optional.empty(),
            Optional.of("10 / x"),
            List.of());
    Dataset<Row> rows = hours(spark).withColumn("rule", expr("cast(10 / x AS double)"));

    refused(
            () ->
                new Evaluate(config, data("id"))
                    .check(rows, Task.REGRESSION, Optional.empty(), Optional.of("rule")))
        .isInstanceOfSatisfying(
            ReforestException.class,
            e -> assertThat(e.kind()).isEqualTo(ReforestException.Kind.ARGUMENTS))
        .hasMessageStartingWith("evaluate.baseline, 10 / x, fails on a row: [DIVIDE_BY_ZERO]");
  }

  @Test
  void refusesBeforeAnyTrainingRowsOfOneClusterOrOneGroup(SparkSession spark) {
    // With two groups at the most, three clusters share them by hash, and these share one.
    JackknifeGroups two = JackknifeGroups.hashed(2);
    List<String> together =
        IntStream.range(0, 100)
            .mapToObj(String::valueOf)
            .filter(name -> two.group(name) == 0)
            .limit(3)
            .toList();
    Dataset<Row> rows =
        hours(spark)
            .withColumn("one", lit("here"))
            .withColumn(
                "three",
                expr(
                    "element_at(array('%s'), 1 + x %% 3)".formatted(String.join("','", together))));

    refused(() -> check(rows, byColumn("one", 200)))
        .hasMessageStartingWith(
            "the window's rows form 1 cluster, and no uncertainty can be told from fewer than two:"
                + " 240 rows from 1970-01-01T00:00:00Z to 1970-01-10T23:00:00Z, the newest"
                + " id=239 (1970-01-10T23:00:00Z), id=238 ");
    refused(() -> check(rows, byColumn("three", 2)))
        .hasMessage(
            "the window's 240 rows form 1 group, and no uncertainty can be told from fewer than"
                + " two");
    refused(() -> check(rows, byDayAnd(200, "one")))
        .hasMessageStartingWith(
            "the window's rows form 1 cluster by evaluate.cluster.columns, and no uncertainty can"
                + " be told from fewer than two: ");
    refused(() -> check(rows.where("id < 24"), byDayAnd(200, "x")))
        .hasMessageStartingWith(
            "the window's rows form 1 cluster by evaluate.cluster.period, and no uncertainty can be"
                + " told from fewer than two: ");
    refused(() -> check(rows, byDayAnd(2, "three")))
        .hasMessage(
            "the window's 240 rows form 1 group by evaluate.cluster.columns, and no uncertainty can"
                + " be told from fewer than two");
    check(rows, byDayAnd(200, "x"));
    check(rows, byColumn("three", 3));
    check(rows, byColumn("id", 2));
  }

  @Test
  void namesTheRowWithAWrongTimeThatAWindowConsistsOf(SparkSession spark) {
    DataConfig timed =
        new DataConfig(
            data("id").source(),
            List.of(Contracts.personal("who", "string")),
            List.of("id", "who"),
            Optional.of("ts"),
            "y",
            Optional.empty(),
            List.of(),
            0.01,
            Duration.ofDays(400));
    Dataset<Row> one =
        hours(spark)
            .where("id = 7")
            .withColumn("who", lit("Ada"))
            .withColumn("ts", expr("timestamp '9999-12-31 00:00:00'"));
    Evaluate evaluate = new Evaluate(byColumn("id", 200), timed);

    refused(() -> evaluate.check(one, Task.REGRESSION, Optional.empty(), Optional.empty()))
        .hasMessage(
            "the window's rows form 1 cluster, and no uncertainty can be told from fewer than two:"
                + " 1 row at 9999-12-31T00:00:00Z, the newest id=7,who=(personal)"
                + " (9999-12-31T00:00:00Z)")
        .isInstanceOfSatisfying(
            ReforestException.class,
            e -> assertThat(e.hint()).contains("'reforest remove --key id=7,who=(personal) "));
    Dataset<Row> days = one.union(one.withColumn("ts", expr("timestamp '9999-12-30 06:00:00.5'")));
    refused(() -> evaluate.check(days, Task.REGRESSION, Optional.empty(), Optional.empty()))
        .hasMessageContaining(": 2 rows from 9999-12-30T06:00:00.500Z to 9999-12-31T00:00:00Z, ");
  }

  @Test
  void refusesBeforeATryIsSpentAClassThatATrainedChallengerDoesNotKnow(SparkSession spark) {
    Dataset<Row> rows = hours(spark).withColumn("y", expr("if(x = 3, 'maybe', 'no')"));
    Evaluate evaluate = new Evaluate(byKey(200), data("id"));
    Bundle challenger = Stumps.binary(folder.resolve("a"), 0.25, 0.75);

    refused(() -> evaluate.check(rows, challenger, Optional.empty(), Optional.empty()))
        .hasMessage(
            "10 of 240 rows have a label that is none of the classes [no, yes] of the challenger;"
                + " counts by value of y: {maybe=10}");
    evaluate.check(rows, Task.BINARY, Optional.empty(), Optional.empty());
    evaluate.check(rows.where("x <> 3"), challenger, Optional.empty(), Optional.empty());
  }

  @Test
  void refusesBeforeAnyTrainingAChampionThatThisReleaseCannotLoad(SparkSession spark) {
    Bundle champion = stump(Double.NaN, 30);
    Evaluate evaluate = new Evaluate(byKey(200), data("id"));

    refused(() -> check(evaluate, hours(spark), Task.REGRESSION, champion))
        .hasMessageContaining("NaN");
    refused(
            () ->
                evaluate.check(hours(spark), stump(1, 2), Optional.of(champion), Optional.empty()))
        .hasMessageContaining("NaN");
  }

  private static EvaluateConfig byColumn(String column, int maxGroups) {
    return new EvaluateConfig(
        List.of(column),
        Optional.empty(),
        maxGroups,
        1e-6,
        Optional.empty(),
        Optional.empty(),
        List.of());
  }

  private static void check(Evaluate evaluate, Dataset<Row> rows, Task task, Bundle champion) {
    evaluate.check(rows, task, Optional.of(champion), Optional.empty());
  }

  private static void check(Dataset<Row> rows, EvaluateConfig config) {
    new Evaluate(config, data("id"))
        .check(rows, Task.REGRESSION, Optional.empty(), Optional.empty());
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> refused(ThrowingCallable call) {
    return assertThatThrownBy(call).isInstanceOf(ReforestException.class);
  }
}
