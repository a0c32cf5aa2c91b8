package reforest.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import reforest.bundle.Promotion;
import reforest.registry.RunRecord;

final class IndexTest {

  @Test
  void setsWhatWasKeptBesideWhatWasPromised() {
    Samples won = Samples.promote();
    Samples later = Samples.keep();
    later.champion = Samples.CHALLENGER;
    later.finishedAt = "2011-09-01T03:02:07Z";
    later.windowStart = "2011-08-04T00:00:00Z";
    later.windowEnd = "2011-09-01T00:00:00Z";
    Samples again = Samples.keep();
    again.champion = Samples.CHALLENGER;
    again.finishedAt = "2011-09-02T03:02:07Z";
    Samples backtest = Samples.backtest();
    backtest.champion = Samples.CHALLENGER;
    backtest.challenger = Samples.CHAMPION;
    backtest.finishedAt = "2011-10-01T03:02:07Z";
    backtest.windowStart = "2011-08-04T00:00:00Z";
    backtest.windowEnd = "2011-09-01T00:00:00Z";

    String page = html(won, later, again, backtest);

    assertThat(page)
        .contains("<strong>Champion since 2011-08-01 03:02:10 UTC.</strong>")
        // Promised; then the rule's 75.3 less the challenger's 45.234.
        .contains("+5.2 (+2.3 to +8.1)", "+30.07 over the rule")
        // The rule's 75.3 less 50.468 of the champion, in the run on newer rows; not in that on the
        // same ones, and not in the backtest.
        .contains("+24.83 in 1 run")
        // The backtest measures the one before again: 45.234 less 50.468.
        .contains("−5.234 in 1 backtest");
  }

  @Test
  void saysWhereNothingWasMeasuredYet() {
    String page = html(Samples.promote());

    assertThat(page)
        .contains("not yet: &#39;reforest backtest&#39; does")
        .contains(">not yet</td>");
  }

  @Test
  void linksEachRunAndPromotionToItsReport() {
    assertThat(html(Samples.promote()))
        .contains("href=\"here/file:/models/bikeshare/runs/3f2a9c51d07b/1/report.html\"")
        .contains("href=\"here/runs/1/report.html\"");
  }

  @Test
  void hasRoomForAModelWithoutRuns() {
    String page =
        Index.html("Models", List.of(new Index.Model("new", List.of(), List.of())), at -> at);

    assertThat(page).contains("No champion yet.", "No run has reached a verdict yet.");
  }

  @Test
  void staysSmallWithAThousandRuns() {
    RunRecord run = Samples.promote().record();
    List<RunRecord> runs = Collections.nCopies(1_000, run);

    String page = Index.html("Models", List.of(new Index.Model("m", List.of(), runs)), at -> at);

    assertThat(page.length()).isLessThan(Report.MOST_BYTES);
    assertThat(page).contains("more rows would make this page too large");
  }

  private static String html(Samples... runs) {
    List<RunRecord> records = Arrays.stream(runs).map(Samples::record).toList();
    Promotion promotion =
        new Promotion(
            2,
            "bikeshare",
            Samples.CHALLENGER,
            Optional.of(Samples.CHAMPION),
            Promotion.Action.PROMOTE,
            "3f2a9c51d07b",
            "PROMOTE",
            "it gains",
            "runs/1/report.html",
            Instant.parse("2011-08-01T03:02:10Z"),
            "w");
    return Index.html(
        "Models",
        List.of(new Index.Model("bikeshare", List.of(promotion), records)),
        at -> "here/" + at);
  }
}
