package reforest.registry;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Records of runs, made by hand. */
public final class RunRecords {

  /** One mistake among ten rows. */
  public static final List<RunRecord.Confusion> CONFUSION =
      List.of(
          new RunRecord.Confusion(
              "challenger", List.of("no", "yes"), List.of(List.of(6L, 1L), List.of(0L, 3L))));

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
        List.of(new RunRecord.Column("x", 1, 0.5, 0.1, Map.of("0.5", 0.4), Map.of("a", 3L), null)),
        Map.of("train.seed", "7"),
        confusion.isEmpty() ? null : List.of("train.seed"),
        new RunRecord.Provenance(7, "abc", "c".repeat(64), Map.of("java", "17")),
        "file:/home/models/" + model + "/runs/" + run + "/" + attempt,
        "file:/home/models/" + model + "/runs/" + run + "/" + attempt + "/bundle",
        "file:/home/models/" + model + "/runs/" + run + "/" + attempt + "/report.html");
  }
}
