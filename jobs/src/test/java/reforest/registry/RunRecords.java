package reforest.registry;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import reforest.registry.ExplainedRecord.Figure;

/** Records of runs, made by hand. */
public final class RunRecords {

  /** One mistake among ten rows. */
  public static final List<RunRecord.Confusion> CONFUSION =
      List.of(
          new RunRecord.Confusion(
              "challenger", List.of("no", "yes"), List.of(List.of(6L, 1L), List.of(0L, 3L))));

  /** One point of each curve. */
  public static final Curves CURVES =
      new Curves(
          List.of(
              new Curves.Model(
                  "challenger",
                  "yes",
                  List.of(
                      new Curves.RocPoint(0, 0, null),
                      new Curves.RocPoint(0.25, 1, 0.5),
                      new Curves.RocPoint(1, 1, 0.1)),
                  List.of(new Curves.PrecisionPoint(1, 0.75, 0.5)),
                  List.of(new Curves.Bin(10, 0.1, 0.9, 0.4, 0.3, 0.2, null)),
                  List.of(
                      new Curves.Decile(
                          10, 1, 3, 2, 2.5, 2.25, 2.75, new Curves.Residuals(-4, -2, 0, 1, 5))))));

  private static final Figure FIGURE = new Figure(1.0, 0.5, 1.5, null);
  private static final Figure UNKNOWN = new Figure(2.0, null, null, "there is no champion");

  /** Every part of what explains a run, once. */
  public static final ExplainedRecord EXPLAINED =
      new ExplainedRecord(
          40,
          4_000,
          "log-loss",
          FIGURE,
          List.of(
              new ExplainedRecord.Segment(true, "hour", "08", 10, FIGURE, FIGURE, UNKNOWN),
              new ExplainedRecord.Segment(true, "hour", "09", 30, FIGURE, FIGURE, UNKNOWN)),
          List.of(new ExplainedRecord.Tail("x", "1 (0 to 2)", "3 (1 to 5)", "4 (3 to 6)", 0.4)),
          List.of(
              new ExplainedRecord.WorstRow("2026-01-02T08:00:00Z", "yes", 0.1, Map.of("x", "3"))),
          2,
          List.of(new ExplainedRecord.Importance("x", FIGURE, UNKNOWN)),
          List.of(
              new ExplainedRecord.Dependence(
                  "x",
                  "yes",
                  List.of(new ExplainedRecord.Point(3.0, "3", FIGURE, 0.4, List.of(0.25, 0.75))))),
          List.of(new ExplainedRecord.Pair("x", "c", FIGURE)),
          List.of(
              new ExplainedRecord.Carrying(
                  "x",
                  FIGURE,
                  true,
                  FIGURE,
                  FIGURE,
                  List.of(new ExplainedRecord.OnSlice("night", 4, FIGURE, UNKNOWN)))),
          new ExplainedRecord.Repeated(40, 0.25, 0.05, true),
          List.of(new ExplainedRecord.Late("c", "2026-01-04T00:00:00Z", 0.9, 0.01)),
          new ExplainedRecord.Change(
              "probability",
              "yes",
              FIGURE,
              FIGURE,
              List.of(new ExplainedRecord.Part("x", FIGURE)),
              0.125,
              List.of(
                  new ExplainedRecord.ChangeOnSlice(
                      "night", 4, 0.1, FIGURE, List.of(new ExplainedRecord.Part("x", FIGURE)))),
              null));

  /** One column that moved. */
  public static final Drift DRIFT =
      new Drift(
          "before",
          50,
          List.of(new Drift.Shift("x", 0.2, 0.4, 0.5, 0.5, null, 0.01)),
          List.of("y"),
          List.of());

  private RunRecords() {}

  /** A run that published, with one figure that is undefined. */
  public static RunRecord published(String model, String run, int attempt) {
    return published(model, run, attempt, List.of());
  }

  /** A run that published, with counts of classes. */
  public static RunRecord published(
      String model, String run, int attempt, List<RunRecord.Confusion> confusion) {
    return new RunRecord(
        RunRecord.SCHEMA,
        run,
        attempt,
        "publish",
        model,
        Map.of("goal", "rentals"),
        "regression",
        "2026-01-05T06:00:00Z",
        "2026-01-05T06:03:00Z",
        null,
        "2026-01-05",
        new RunRecord.Data("file:/t", 4, "d".repeat(64), 100, "2026-01-05T05:00:00Z", "x DOUBLE"),
        new RunRecord.Window(
            "protected",
            "protected [a, b) of ts",
            "2026-01-01T00:00:00Z",
            "2026-01-05T00:00:00Z",
            40,
            12,
            60,
            Map.of("label not yet known", 3L)),
        "a".repeat(64),
        null,
        1L,
        "PROMOTE",
        List.of("rmse: gain 2.0"),
        new RunRecord.Gate(
            1,
            0.045,
            0.8,
            List.of(
                new RunRecord.Check(
                    "primary",
                    "dummy",
                    "overall",
                    "rmse",
                    2.0,
                    1.0,
                    3.0,
                    0.0,
                    12,
                    false,
                    true,
                    "passed",
                    false,
                    "rmse: gain 2.0")),
            null,
            confusion.isEmpty() ? null : (Double) 0.31,
            confusion.isEmpty() ? null : (Double) 0.05,
            confusion.isEmpty() ? null : (Double) 1.5,
            confusion.isEmpty()
                ? List.of()
                : List.of(
                    new RunRecord.Limit(
                        "size", 2000.0, null, true, "the model takes 2,000 bytes"))),
        List.of(
            new RunRecord.Candidate(
                "random-forest",
                Map.of("trees", "5"),
                Arrays.asList(1.0, null),
                null,
                null,
                null,
                null,
                2.5,
                null,
                null,
                null)),
        0,
        // Both came with the same later release.
        confusion.isEmpty() ? null : "binned",
        confusion.isEmpty()
            ? null
            : new RunRecord.Search("the best mean score", List.of("One candidate only."), true),
        List.of(
            new RunRecord.Metric("challenger", "overall", "rmse", 10.0, 9.0, 11.0, 40, 12, null),
            new RunRecord.Metric(
                "challenger", "night", "r2", null, null, null, 4, 2, "the label has no variance")),
        confusion,
        confusion.isEmpty() ? null : CURVES,
        confusion.isEmpty()
            ? List.of()
            : List.of(
                new RunRecord.WeakSlice(
                    "harmed",
                    List.of("x < 3", "c = a"),
                    "`x` < 3 AND `c` = 'a'",
                    20,
                    0.1,
                    "log-loss",
                    0.6,
                    0.4,
                    0.5,
                    0.1,
                    0.02,
                    0.003,
                    true)),
        confusion.isEmpty()
            ? List.of()
            : List.of(
                new RunRecord.Behaviour(
                    "rain empties the racks",
                    "direction",
                    2,
                    "OPS-7",
                    false,
                    false,
                    11,
                    1,
                    List.of(
                        new RunRecord.BehaviourFailure(
                            List.of("x = 3"),
                            "x = 4",
                            "at most 5, since x = 3 gives 4",
                            "6, 2 more",
                            List.of())))),
        confusion.isEmpty()
            ? List.of()
            : List.of(
                new RunRecord.Fairness(
                    "challenger",
                    "sex",
                    null,
                    "equalized-odds",
                    0.05,
                    0.0,
                    0.1,
                    40,
                    12,
                    0.2,
                    null)),
        confusion.isEmpty() ? null : EXPLAINED,
        List.of(new RunRecord.Column("x", 1, 0.5, 0.1, Map.of("0.5", 0.4), Map.of("a", 3L), null)),
        confusion.isEmpty() ? null : DRIFT,
        Map.of("train.seed", "7"),
        confusion.isEmpty() ? null : List.of("train.seed"),
        new RunRecord.Provenance(7, "abc", "c".repeat(64), Map.of("java", "17")),
        "file:/home/models/" + model + "/runs/" + run + "/" + attempt,
        "file:/home/models/" + model + "/runs/" + run + "/" + attempt + "/bundle",
        "file:/home/models/" + model + "/runs/" + run + "/" + attempt + "/report.html");
  }
}
