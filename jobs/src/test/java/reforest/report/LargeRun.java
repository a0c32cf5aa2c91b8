package reforest.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import reforest.registry.Curves;
import reforest.registry.Drift;
import reforest.registry.RunRecord;
import reforest.registry.RunRecords;

/** Records that ask much of a page: every chart, or three hundred columns with names that bite. */
final class LargeRun {

  private static final List<String> BITING =
      List.of(
          "<img src=x onerror=broken=1>",
          "<script>broken=1</script>",
          "\"><svg onload=broken=1>",
          "'; broken=1; //",
          "]]><!-- ",
          "&lt;&#x26;",
          "javascript:broken=1",
          "\u202Eright to left",
          "\u0000\u0007\uD800",
          "</title></style><style>*{display:none}",
          "{{7*7}}${broken}",
          "ZWJ\u200D\uD83D\uDC69\u200D\uD83D\uDCBB ",
          "a_name_without_any_place_to_break_that_goes_on_and_on_and_on_for_more_than_eighty_letters_");

  private LargeRun() {}

  /** With curves, drift and what explains the run. */
  static Samples charted(Samples samples) {
    boolean classes = samples.task.equals("binary");
    samples.explained = RunRecords.EXPLAINED;
    samples.curves =
        new Curves(List.of(curves("challenger", classes, 1.0), curves("champion", classes, 1.15)));
    samples.drift =
        new Drift(
            "2a2a2a2a",
            3_704,
            List.of(
                new Drift.Shift("season", 0.31, 0.1, 0.41, null, "summer", 0),
                new Drift.Shift("temp", 0.14, 0.44, 0.49, 0.35, null, 0.003),
                new Drift.Shift("hr", 0.001, 11.5, 11.5, 0.0, null, 0),
                new Drift.Shift("name", null, null, null, null, null, 0)),
            List.of("wind"),
            List.of());
    return samples;
  }

  private static Curves.Model curves(String role, boolean classes, double worse) {
    List<Curves.RocPoint> roc = new ArrayList<>();
    List<Curves.PrecisionPoint> precision = new ArrayList<>();
    List<Curves.Bin> bins = new ArrayList<>();
    List<Curves.Decile> deciles = new ArrayList<>();
    for (int i = 0; i <= 20; i++) {
      double x = i / 20.0;
      roc.add(new Curves.RocPoint(x, Math.pow(x, 0.3 * worse), i == 0 ? null : (Double) (1 - x)));
      precision.add(new Curves.PrecisionPoint(x, 1 - 0.6 * x * x * worse, 1 - x));
    }
    for (int i = 1; i <= 10; i++) {
      double p = i / 10.0 - 0.05;
      bins.add(
          new Curves.Bin(67, p - 0.05, p + 0.05, p, p * 0.95, p * 0.95 - 0.06, p * 0.95 + 0.05));
      double y = 40.0 * i * worse;
      deciles.add(
          new Curves.Decile(
              67,
              y - 20,
              y + 20,
              y,
              y * 1.03 + 4,
              y - 12,
              y + 25,
              new Curves.Residuals(-2.2 * i * 8, -0.7 * i * 8, -2, 0.6 * i * 8, 1.9 * i * 8)));
    }
    return classes
        ? new Curves.Model(role, "leaves <soon>", roc, precision, bins, List.of())
        : new Curves.Model(role, null, List.of(), List.of(), List.of(), deciles);
  }

  /** Three hundred columns, sixty slices, a hundred candidates; each name is a trap. */
  static Samples hostile() {
    Samples samples = charted(Samples.keep());
    samples.reasons = names(40);
    samples.about = map(40);
    samples.configuration = new LinkedHashMap<>(map(900));
    samples.configuration.put("gate.primary", "\"rmse\"");
    samples.configuration.put("home", "\"/a b/" + name(3) + "\"");
    List<RunRecord.Check> checks = new ArrayList<>(samples.checks);
    List<RunRecord.Metric> metrics = new ArrayList<>(samples.metrics);
    List<RunRecord.Metric> known = List.copyOf(samples.metrics);
    for (int i = 0; i < 60; i++) {
      String slice = name(i);
      checks.add(
          Samples.check(
              "slice", slice, "rmse", i - 30.0, i - 60.0, i * 1e9, -10.0, 28, "unproven"));
      known.stream()
          .filter(m -> m.slice().equals("night"))
          .forEach(
              m ->
                  metrics.add(
                      Samples.metric(
                          m.role(),
                          slice,
                          m.metric(),
                          m.value(),
                          m.lower(),
                          m.upper(),
                          m.undefined())));
    }
    samples.checks = checks;
    samples.metrics = metrics;
    List<RunRecord.Column> columns = new ArrayList<>();
    List<Drift.Shift> shifts = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      columns.add(
          i % 2 == 0
              ? new RunRecord.Column(
                  name(i),
                  i,
                  1e300 * i,
                  1e-300,
                  Map.of("0", -1e300, "0.5", 0.0, "1", 1e300),
                  Map.of(),
                  0L)
              : new RunRecord.Column(name(i), 0, null, null, Map.of(), counts(), 300L));
      shifts.add(
          new Drift.Shift(
              name(i), i / 300.0, 1e300, -1e-300, -1e9, i % 2 == 0 ? name(i + 7) : null, 0.5));
    }
    samples.profile = columns;
    samples.drift = new Drift(name(1), Long.MAX_VALUE, shifts, names(300), names(300));
    List<RunRecord.Candidate> candidates = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      candidates.add(
          new RunRecord.Candidate(
              name(i),
              map(20),
              List.of(1.0 * i, 2e12),
              1.0 * i,
              0.5,
              1.0,
              1.0,
              1.0,
              1e6 - i,
              1.0,
              name(i)));
    }
    samples.candidates = candidates;
    samples.winner = 99;
    return samples;
  }

  static String name(int i) {
    return BITING.get(i % BITING.size()) + i;
  }

  private static List<String> names(int count) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      names.add(name(i));
    }
    return names;
  }

  private static Map<String, String> map(int count) {
    Map<String, String> map = new LinkedHashMap<>();
    names(count).forEach(name -> map.put(name, name.repeat(8)));
    return map;
  }

  private static Map<String, Long> counts() {
    Map<String, Long> counts = new LinkedHashMap<>();
    names(50).forEach(name -> counts.put(name, 5L + name.length()));
    return counts;
  }
}
