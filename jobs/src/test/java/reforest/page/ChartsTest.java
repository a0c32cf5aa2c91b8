package reforest.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ChartsTest {

  @Test
  void tellsWhoeverDoesNotSeeItWhatAChartShows() {
    Html html = new Html();
    new XyChart("Title", "How to read it.", "left to right", "upwards")
        .curve("one", List.of(XyChart.Point.of(0, 1), XyChart.Point.of(2, 3)))
        .diagonal()
        .write(html);

    assertThat(html.toString())
        .contains("role=\"img\"", "aria-labelledby=\"f1 f1d\"", "<title id=\"f1\">Title</title>")
        .contains("left to right to the right, upwards upwards</desc>")
        .contains("How to read it.", "<summary>The numbers</summary>", "<td class=\"n\">3</td>");
  }

  @Test
  void leavesAGapWhereALineHasNoValue() {
    Html html = new Html();
    new LineChart("t", "r", "week", "error")
        .line(
            "one",
            List.of(
                point("a", 1.0),
                point("b", 2.0),
                point("c", null),
                point("d", Double.NaN),
                point("e", 3.0)))
        .write(html);

    assertThat(html.toString())
        .containsPattern("<path d=\"M[^M\"]+L[^M\"]+M[^M\"]+\" class=\"line s1\"");
    assertThat(html.toString()).doesNotContain("NaN");
  }

  @Test
  void joinsTheFrontOfThoseThatNothingBeatsInBoth() {
    Html html = new Html();
    List<XyChart.Point> points =
        List.of(
            XyChart.Point.of(1, 10),
            XyChart.Point.of(2, 12),
            XyChart.Point.of(3, 5),
            XyChart.Point.of(4, 5),
            XyChart.Point.of(5, 1));
    new XyChart("t", "r", "x", "y").front("front", points, false).write(html);

    List<String> numbers = new ArrayList<>();
    html.toString()
        .lines()
        .filter(l -> l.contains("<th scope=\"row\">front"))
        .forEach(numbers::add);
    // The cheapest, then each that is better, with the corner of the step before it.
    assertThat(numbers).hasSize(5);
    assertThat(html.toString()).doesNotContain(">12<");
  }

  @Test
  void foldsAwayWhatIsBeyondTheFirstRows() {
    Html html = new Html();
    RowChart chart = RowChart.bars("Importance", "r", "feature", "error").inSight(10);
    IntStream.range(0, 300).forEach(i -> chart.row("feature " + i, 1.0 / (i + 1), null, null));
    chart.write(html);

    String page = html.toString();
    assertThat(page).contains("<summary>290 more</summary>");
    assertThat(page.indexOf("feature 9<")).isLessThan(page.indexOf("<details>"));
    assertThat(page.indexOf("feature 10<")).isGreaterThan(page.indexOf("<details>"));
  }

  @Test
  void endsAnIntervalInAnArrowWhereItWouldDwarfTheOthers() {
    Html html = new Html();
    RowChart.intervals("t", "r", "slice", "gain")
        .row("one", 1.0, 0.5, 1e300)
        .row("two", 2.0, -1e300, 2.5)
        .write(html);

    assertThat(html.toString().split("class=\"arrow\"", -1)).hasSize(3);
    assertThat(html.toString()).doesNotContain("Infinity").doesNotContain("NaN");
  }

  @Test
  void saysThatThereIsNothingToDraw() {
    Html html = new Html();
    new LineChart("t", "r", "x", "y").line("one", List.of(point("a", null))).write(html);
    new XyChart("t", "r", "x", "y").points("one", List.of()).write(html);
    RowChart.bars("t", "r", "x", "y").row("a", Double.NaN, null, null).write(html);

    assertThat(html.toString().split("There is no value to draw", -1)).hasSize(4);
  }

  @Test
  void hasRoundTicksForNumbersOfEverySize() {
    for (double size : new double[] {1e-300, 1e-9, 0.003, 0.7, 12, 99_000, 3e7, 1e15, 1e300}) {
      Axis axis = Axis.of(DoubleStream.of(-size, size), 0, 100);

      assertThat(axis.ticks(4)).as("%s", size).hasSizeBetween(2, 8).contains(0.0);
      axis.ticks(4).forEach(tick -> assertThat(axis.label(tick, 4)).hasSizeLessThan(11));
      assertThat(axis.place(0)).isBetween(49.9, 50.1);
    }
    assertThat(Axis.of(DoubleStream.of(5), 0, 1).low()).isLessThan(5);
    assertThat(new Axis(0, 40_000, 0, 1).label(20_000, 4)).isEqualTo("20k");
    assertThat(new Axis(0, 4e6, 0, 1).label(1e6, 4)).isEqualTo("1M");
  }

  @Test
  void cutsTextAndRowsToTheMeasureOfThePage() {
    Html html = new Html(new Html.Measure(2, 5));
    html.table(
        "a long caption",
        () -> html.rows(List.of("a", "b", "c"), 1, row -> html.row(() -> html.cell(row))));
    html.list(List.of(1, 2, 3), i -> html.text("entry " + i));

    assertThat(html.toString())
        .contains("<caption>a lo…</caption>", "<td>b</td>", "1 mo…")
        .doesNotContain("<td>c</td>", "entry 3");
    assertThat(Html.clip("\uD83D\uDE00\uD83D\uDE00\uD83D\uDE00", 3))
        .isEqualTo("\uD83D\uDE00\uD83D\uDE00…");
  }

  private static LineChart.Point point(String at, @Nullable Double value) {
    return new LineChart.Point(at, value, null, null);
  }
}
