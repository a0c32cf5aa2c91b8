package reforest.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reforest.registry.Curves;
import reforest.registry.Drift;
import reforest.registry.ExplainedRecord;
import reforest.registry.RunRecord;
import reforest.registry.RunRecord.Candidate;
import reforest.registry.RunRecord.Check;
import reforest.registry.RunRecord.Column;
import reforest.registry.RunRecord.Confusion;
import reforest.registry.RunRecord.Data;
import reforest.registry.RunRecord.Gate;
import reforest.registry.RunRecord.Limit;
import reforest.registry.RunRecord.Metric;
import reforest.registry.RunRecord.Provenance;
import reforest.registry.RunRecord.WeakSlice;
import reforest.registry.RunRecord.Window;

/** Records of runs, written by hand: a regression that won, and whatever a test changes of it. */
final class Samples {

  static final String CHALLENGER =
      "c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00";
  static final String CHAMPION = "beef0000beef0000beef0000beef0000beef0000beef0000beef0000beef0000";

  String kind = "publish";
  String task = "regression";
  String verdict = "PROMOTE";
  String windowKind = "protected";
  String challenger = CHALLENGER;
  String finishedAt = "2011-08-01T03:02:07Z";
  @Nullable String champion = CHAMPION;
  @Nullable String reason;
  @Nullable Long promotion = 2L;
  List<String> reasons = List.of("rmse against the champion: it gains");
  int attempt = 1;
  @Nullable Double alpha = 0.045;
  @Nullable Double power = 0.8315;
  @Nullable Long moreClusters;
  List<Limit> limits = List.of();
  List<Check> checks =
      List.of(
          check("primary", "overall", "rmse", 5.234, 2.345, 8.123, 0.0, 28, "passed"),
          check("guardrail", "overall", "bias", 0.12, -3.4, 3.6, -15.0, 28, "passed"),
          check("slice", "workingday = 1", "rmse", 6.1, 2.8, 9.4, -10.0, 20, "passed"),
          check(
              "slice", "weathersit = light rain", "rmse", -2.5, -31.0, 26.0, -10.0, 4, "unproven"),
          check("slice", "night", "rmse", -0.41, -1.33, 0.51, -10.0, 28, "passed"));
  List<Candidate> candidates =
      List.of(
          new Candidate(
              "random-forest",
              Map.of("trees", "40", "depth", "8", "features", "0.6"),
              Arrays.asList(61.234, 58.91, 70.2),
              63.448,
              3.441,
              5.49,
              0.721,
              12.345,
              231.26,
              1_234_567.0,
              null),
          new Candidate(
              "gradient-boosting",
              Map.of("iterations", "40", "depth", "6", "step-size", "0.2"),
              Arrays.asList(55.5, 52.25, 66.125),
              57.958,
              4.189,
              0.0,
              0.0,
              41.9,
              160.0,
              412_345.0,
              null),
          new Candidate(
              "gradient-boosting",
              Map.of("iterations", "40", "depth", "5", "step-size", "0.2"),
              Arrays.asList(56.5, null, 67.125),
              null,
              null,
              null,
              null,
              38.2,
              null,
              null,
              "its score is undefined on a fold"));
  RunRecord.@Nullable Search search =
      new RunRecord.Search(
          "the best mean score", List.of("The first candidate has the champion's settings."), true);
  int winner = 1;
  List<Metric> metrics = regression();
  List<Confusion> confusion = List.of();
  @Nullable Curves curves;
  List<Column> profile =
      List.of(
          new Column(
              "temp",
              12,
              0.4876,
              0.2012,
              Map.of("0", 0.02, "0.25", 0.32, "0.5", 0.48, "0.75", 0.66, "1", 0.96),
              Map.of(),
              0L),
          new Column(
              "season",
              0,
              null,
              null,
              Map.of(),
              Map.of("winter", 2068L, "spring", 2203L, "summer", 2240L),
              3L));
  String windowStart = "2011-07-04T00:00:00Z";
  String windowEnd = "2011-08-01T00:00:00Z";
  @Nullable Drift drift;
  List<WeakSlice> weakSlices = List.of();
  @Nullable ExplainedRecord explained;
  List<RunRecord.Behaviour> behaviour = List.of();
  List<RunRecord.Fairness> fairness = List.of();
  Map<String, String> about =
      Map.of(
          "goal", "Rentals in each hour, from calendar and weather",
          "owner", "operations research",
          "decision", "How many bikes a crew moves between stations in the next hours",
          "limits", "One city, 2011 only; the fleet grew all year, so levels date quickly.");
  Map<String, String> configuration =
      Map.of(
          "data.label", "\"bikers\"",
          "data.columns[0]", "{\"name\":\"bikers\",\"type\":\"int\",\"unit\":\"rentals\"}",
          "data.columns[1]", "{\"name\":\"temp\",\"type\":\"double\",\"unit\":\"0 to 1\"}",
          "gate.primary", "\"rmse\"",
          "gate.worthwhile-gain", "3.0",
          "train.metric", "\"rmse\"",
          "windows.protected", "\"28d\"");

  RunRecord record() {
    return new RunRecord(
        RunRecord.SCHEMA,
        "3f2a9c51d07b",
        1,
        kind,
        "bikeshare",
        about,
        task,
        "2011-08-01T03:00:00Z",
        finishedAt,
        reason,
        "2011-08-01",
        new Data(
            "file:/data/bikeshare/table",
            6,
            "9b1d07b3f2a9c51d07b3f2a9c51d07b3",
            5_048,
            "2011-08-01T02:58:00Z",
            "ts timestamp, season string, hr int, temp double, bikers int"),
        new Window(
            windowKind,
            "event time from 2011-07-04 to before 2011-08-01",
            windowStart,
            windowEnd,
            672,
            28,
            4_376,
            Map.of("label not there yet", 24L)),
        challenger,
        champion,
        promotion,
        verdict,
        reasons,
        new Gate(attempt, alpha, power, checks, moreClusters, 0.31, 0.05, null, limits),
        candidates,
        winner,
        "binned",
        search,
        metrics,
        confusion,
        curves,
        weakSlices,
        behaviour,
        fairness,
        explained,
        profile,
        drift,
        configuration,
        List.of("features.numeric", "slices[1]"),
        new Provenance(
            2011,
            "1d0cc94",
            "77aa77aa77aa77aa",
            Map.of("java", "17.0.12", "spark", "4.1.0", "os", "Linux 6.1 amd64")),
        "file:/models/bikeshare/runs/3f2a9c51d07b/1",
        "file:/models/bikeshare/runs/3f2a9c51d07b/1/bundle",
        "file:/models/bikeshare/runs/3f2a9c51d07b/1/report.html");
  }

  String html() {
    return Report.html(record());
  }

  static Samples promote() {
    Samples samples = new Samples();
    samples.reasons =
        List.of(
            "rmse against the champion: gain 5.2340, lower bound 2.3450 is above the required"
                + " 0.0000",
            "4 of 5 checks passed",
            "1 slice had too little data and shows no harm");
    return samples;
  }

  /** The challenger is better over all, and proven worse at night. */
  static Samples keep() {
    Samples samples = new Samples();
    samples.verdict = "KEEP";
    samples.promotion = null;
    samples.checks = new ArrayList<>(samples.checks);
    samples.checks.set(
        4, check("slice", "night", "rmse", -21.0, -28.0, -14.0, -10.0, 28, "failed"));
    samples.reasons = List.of("rmse on slice night against the champion: gain -21.000");
    return samples;
  }

  static Samples inconclusive() {
    Samples samples = new Samples();
    samples.verdict = "INCONCLUSIVE";
    samples.promotion = null;
    samples.attempt = 3;
    samples.alpha = 0.05 * 0.1 / 6;
    samples.power = 0.21;
    samples.moreClusters = 40L;
    samples.checks = new ArrayList<>(samples.checks);
    samples.checks.set(0, check("primary", "overall", "rmse", 1.1, -0.9, 3.1, 0.0, 28, "unproven"));
    samples.reasons = List.of("rmse against the champion: gain 1.1000 lies between");
    return samples;
  }

  /** There is no champion yet, so that the baselines take its place. */
  static Samples first() {
    Samples samples = new Samples();
    samples.champion = null;
    samples.promotion = 1L;
    samples.checks =
        List.of(
            check("primary", "overall", "rmse", 80.0, 61.0, 99.0, 0.0, 28, "passed", "dummy"),
            check("primary", "overall", "rmse", 30.0, 19.0, 41.0, 0.0, 28, "passed", "rule"),
            check("slice", "night", "rmse", 12.0, 9.0, 15.0, -10.0, 28, "passed", "dummy"));
    samples.metrics = samples.metrics.stream().filter(m -> !m.role().equals("champion")).toList();
    return samples;
  }

  static Samples backtest() {
    Samples samples = new Samples();
    samples.kind = "backtest";
    samples.windowKind = "backtest";
    samples.verdict = "NONE";
    samples.promotion = null;
    samples.attempt = 0;
    samples.alpha = null;
    samples.power = null;
    samples.checks = List.of();
    samples.candidates = List.of();
    samples.winner = -1;
    samples.profile = List.of();
    samples.reasons = List.of("a backtest measures and decides nothing");
    return samples;
  }

  /** A binary task with a slice that has rows of one class only, and another of one group. */
  static Samples binary() {
    Samples samples = new Samples();
    samples.task = "binary";
    samples.configuration = Map.of("gate.primary", "\"log-loss\"", "train.metric", "\"auc\"");
    samples.checks =
        List.of(
            check("primary", "overall", "log-loss", 0.0123, 0.0041, 0.0205, 0.0, 52, "passed"),
            check("slice", "region = south", "log-loss", null, null, null, -0.01, 0, "undefined"));
    samples.metrics =
        List.of(
            metric("challenger", "overall", "log-loss", 0.4211, 0.4102, 0.432, null),
            metric("champion", "overall", "log-loss", 0.4334, 0.4214, 0.4454, null),
            metric("challenger", "overall", "auc", 0.8123, 0.8, 0.8246, null),
            metric("champion", "overall", "auc", 0.8011, 0.789, 0.8132, null),
            metric(
                "challenger", "region = south", "auc", null, null, null, "all rows are negative"),
            metric("champion", "region = south", "auc", null, null, null, "all rows are negative"),
            metric(
                "challenger", "region = south", "log-loss", 0.3, null, null, "there is one group"));
    samples.confusion =
        List.of(
            new Confusion(
                "challenger",
                List.of("stays", "leaves <soon>"),
                List.of(List.of(412L, 31L), List.of(57L, 172L))),
            new Confusion(
                "champion",
                List.of("stays", "leaves <soon>"),
                List.of(List.of(400L, 43L), List.of(61L, 168L))));
    return samples;
  }

  static Check check(
      String rule,
      String slice,
      String metric,
      @Nullable Double gain,
      @Nullable Double lower,
      @Nullable Double upper,
      @Nullable Double required,
      int groups,
      String status) {
    return check(rule, slice, metric, gain, lower, upper, required, groups, status, "champion");
  }

  static Check check(
      String rule,
      String slice,
      String metric,
      @Nullable Double gain,
      @Nullable Double lower,
      @Nullable Double upper,
      @Nullable Double required,
      int groups,
      String status,
      String reference) {
    boolean powered = !status.equals("unproven") || !rule.equals("slice");
    return new Check(
        rule,
        reference,
        slice,
        metric,
        gain,
        lower,
        upper,
        required,
        groups,
        false,
        powered,
        status,
        status.equals("failed") || (status.equals("unproven") && powered),
        metric + " on slice " + slice + " against the " + reference + ": " + status);
  }

  static Metric metric(
      String role,
      String slice,
      String metric,
      @Nullable Double value,
      @Nullable Double lower,
      @Nullable Double upper,
      @Nullable String undefined) {
    return new Metric(role, slice, metric, value, lower, upper, 672, 28, undefined);
  }

  private static List<Metric> regression() {
    Map<String, Double> levels = new LinkedHashMap<>();
    levels.put("challenger", 45.234);
    levels.put("champion", 50.468);
    levels.put("dummy", 125.2);
    levels.put("rule", 75.3);
    List<Metric> metrics = new ArrayList<>();
    for (String slice : List.of("overall", "workingday = 1", "weathersit = light rain", "night")) {
      double scale = slice.equals("night") ? 0.3 : 1;
      levels.forEach(
          (role, level) -> {
            double rmse = level * scale;
            metrics.add(metric(role, slice, "rmse", rmse, rmse * 0.93, rmse * 1.07, null));
            double mae = rmse * 0.7;
            metrics.add(metric(role, slice, "mae", mae, mae * 0.94, mae * 1.06, null));
            metrics.add(metric(role, slice, "bias", -rmse / 20, -rmse / 10, rmse / 100, null));
            metrics.add(
                role.equals("dummy")
                    ? metric(role, slice, "r2", null, null, null, "the label has no variance")
                    : metric(role, slice, "r2", 0.87, 0.84, 0.9, null));
          });
    }
    return metrics;
  }
}
