package reforest.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import reforest.evaluate.NamedSlice;
import reforest.page.NumberText;
import reforest.registry.RunRecord;
import reforest.registry.RunRecord.Check;

/** A run in a few words, made from its record alone, for where there is no room for a page. */
public final class RunWords {

  /** What stands where nothing is known. */
  private static final String NOTHING = "–";

  private final RunView view;

  /**
   * @param run everything that is known of the run
   */
  public RunWords(RunRecord run) {
    this.view = new RunView(run);
  }

  /** What kind of run it was: {@code Development run}. */
  public String kind() {
    return VerdictSection.kind(view.run());
  }

  /** What was decided, in a sentence. */
  public String sentence() {
    return VerdictSection.sentence(view);
  }

  /** What production uses after it, in a sentence or two. */
  public String consequence() {
    return VerdictSection.consequence(view.run());
  }

  /** Which rows it was judged on: dates from and to before, or a description. */
  public String window() {
    RunRecord.Window window = view.run().window();
    String start = window.start();
    String end = window.end();
    return start == null || end == null ? window.text() : time(start) + " to " + time(end);
  }

  /** How many rows it was trained on and judged on: {@code 672 rows in 28 clusters}. */
  public String rows() {
    RunRecord.Window window = view.run().window();
    return NumberText.count(window.rows(), "row")
        + " in "
        + view.clusters(window.clusters())
        + (window.trainRows() > 0
            ? "; trained on " + NumberText.count(window.trainRows(), "row")
            : "");
  }

  /** The metric that must gain, with its unit; a dash when none was judged. */
  public String metric() {
    return view.primary().map(view::titleAndUnit).orElse(NOTHING);
  }

  /** How much better the challenger is, with the gate's bounds; a dash when none was judged. */
  public String gain() {
    Optional<Check> check = view.primaryCheck(NamedSlice.OVERALL);
    if (check.isEmpty()) {
      return NOTHING;
    }
    Check it = check.get();
    int decimals = NumberText.decimals(it.lower(), it.upper(), it.required());
    String gain = NumberText.signed(it.gain(), decimals);
    return it.gain() == null || it.lower() == null || it.upper() == null
        ? gain
        : gain
            + " ("
            + NumberText.signed(it.lower(), decimals)
            + " to "
            + NumberText.signed(it.upper(), decimals)
            + ")";
  }

  /** What the gain must exceed; empty when none was judged. */
  public Optional<String> required() {
    return view.primaryCheck(NamedSlice.OVERALL)
        .filter(check -> check.required() != null)
        .map(check -> NumberText.plain(check.required()));
  }

  /** How sure the gate could be, in a sentence; empty where it was not asked. */
  public Optional<String> power() {
    return GateSection.power(view);
  }

  /**
   * How large a window must be so that a gain is probably shown, judging by this run, in words.
   *
   * @param alpha the chance of a wrong promotion that a try may spend
   * @param required what the gain must exceed, in the unit of the primary metric
   * @param worthwhile the gain
   * @return empty where the run does not tell
   */
  public Optional<String> needed(double alpha, double required, double worthwhile) {
    return GateSection.needed(view, alpha, required, worthwhile);
  }

  /** Who was measured, as columns' heads. */
  public List<String> roles() {
    return view.roles().stream().map(MetricsSection::title).toList();
  }

  /** By metric its name with its unit, then each role's value with its interval. */
  public List<List<String>> metrics() {
    List<List<String>> rows = new ArrayList<>();
    for (String metric : view.metrics()) {
      List<String> row = new ArrayList<>(List.of(view.titleAndUnit(metric)));
      view.roles().forEach(role -> row.add(figure(role, metric)));
      rows.add(row);
    }
    return rows;
  }

  private String figure(String role, String metric) {
    Optional<RunRecord.Metric> found = view.figure(role, NamedSlice.OVERALL, metric);
    if (found.isEmpty()) {
      return NOTHING;
    }
    RunRecord.Metric it = found.get();
    int decimals = NumberText.decimals(it.lower(), it.upper());
    String value = NumberText.fixed(it.value(), decimals);
    return it.value() == null || it.lower() == null || it.upper() == null
        ? value
        : value
            + " ("
            + NumberText.fixed(it.lower(), decimals)
            + " to "
            + NumberText.fixed(it.upper(), decimals)
            + ")";
  }

  /** An instant's date where its day begins, else to the minute. */
  public static String time(String instant) {
    return instant
        .replaceFirst("T00:00:00(\\.0+)?Z$", "")
        .replaceFirst("T(\\d\\d:\\d\\d).*$", " $1");
  }
}
