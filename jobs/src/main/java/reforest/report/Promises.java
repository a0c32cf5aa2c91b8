package reforest.report;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reforest.bundle.Promotion;
import reforest.config.Metric;
import reforest.evaluate.NamedSlice;
import reforest.evaluate.Role;
import reforest.page.Html;
import reforest.page.NumberText;
import reforest.registry.RunKind;
import reforest.registry.RunRecord;
import reforest.registry.RunRecord.Check;

/**
 * What each promotion promised, and what later runs measured of it once labels came.
 *
 * <p>A later run measures the champion and the declared rule on new rows, so the gain over the rule
 * is measured again each time; the champion before is measured again only by a backtest.
 */
final class Promises {

  private Promises() {}

  /**
   * One promotion.
   *
   * @param number of the promotion
   * @param promised the gain that the gate saw, in words
   * @param reference what the gain over is measured again
   * @param then the gain over the reference at the promotion; NaN where it was not measured
   * @param later the same in later runs, oldest first
   * @param backtests the gain over the champion before, in later backtests of that
   */
  private record Kept(
      long number,
      String promised,
      String reference,
      double then,
      List<Double> later,
      List<Double> backtests) {}

  static void write(Html html, Index.Model model) {
    List<Kept> all = new ArrayList<>();
    for (Promotion promotion : model.promotions()) {
      model.runs().stream()
          .filter(run -> run.promotion() != null && run.promotion() == promotion.sequence())
          .filter(run -> run.challenger().equals(promotion.bundle()))
          .reduce((a, b) -> b)
          .ifPresent(run -> kept(promotion, run, model).ifPresent(all::add));
    }
    if (all.isEmpty()) {
      return;
    }
    html.table(
        "Gain promised and gain kept by " + model.name(),
        () -> {
          html.heads(
              List.of(
                  "Promotion",
                  "Promised over the one before",
                  "Measured again, over the one before",
                  "Over the baseline, when promoted",
                  "Over the baseline, in later runs"));
          html.rows(all, 5, kept -> row(html, kept));
        });
    html.add(
        "p",
        "A gain is positive when the promoted model is better. What wins because it looks best is"
            + " flattered, so less is usually kept; later runs measure it on rows that came since.",
        "class",
        "muted");
  }

  private static void row(Html html, Kept kept) {
    html.row(
        () -> {
          html.name(String.valueOf(kept.number()));
          html.number(kept.promised());
          html.number(
              kept.backtests().isEmpty()
                  ? "not yet: 'reforest backtest' does"
                  : several(kept.backtests(), "backtest"));
          html.number(
              Double.isNaN(kept.then())
                  ? "–"
                  : NumberText.signed(kept.then(), -1) + " over the " + kept.reference());
          html.number(kept.later().isEmpty() ? "not yet" : several(kept.later(), "run"));
        });
  }

  private static String several(List<Double> gains, String noun) {
    double mean = gains.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
    return NumberText.signed(mean, -1) + " in " + NumberText.count(gains.size(), noun);
  }

  private static Optional<Kept> kept(Promotion promotion, RunRecord run, Index.Model model) {
    RunView view = new RunView(run);
    Optional<String> metric = view.primary();
    if (metric.isEmpty()) {
      return Optional.empty();
    }
    String reference =
        Stream.of(Role.RULE, Role.DUMMY)
            .map(Role::key)
            .filter(role -> figure(view, role, metric.get()).isPresent())
            .findFirst()
            .orElse(Role.DUMMY.key());
    List<Double> later = new ArrayList<>();
    List<Double> backtests = new ArrayList<>();
    for (RunRecord other : model.runs()) {
      if (other.finishedAt().compareTo(run.finishedAt()) <= 0
          || !promotion.bundle().equals(other.champion())) {
        continue;
      }
      if (!isNewer(other, run)) {
        continue;
      }
      RunView seen = new RunView(other);
      if (other.runKind().filter(RunKind.BACKTEST::equals).isEmpty()) {
        add(later, gain(seen, Role.CHAMPION.key(), reference, metric.get()));
      }
      if (other.challenger().equals(promotion.predecessor().orElse(null))) {
        add(backtests, gain(seen, Role.CHAMPION.key(), Role.CHALLENGER.key(), metric.get()));
      }
    }
    Optional<Check> check =
        view.primaryCheck(NamedSlice.OVERALL)
            .filter(it -> it.reference().equals(Role.CHAMPION.key()));
    return Optional.of(
        new Kept(
            promotion.sequence(),
            check.isPresent() ? new RunWords(run).gain() : "the first: there was none",
            reference,
            gain(view, Role.CHALLENGER.key(), reference, metric.get()),
            later,
            backtests));
  }

  /** Whether a run measured on rows that the other had not seen, in its training or its window. */
  private static boolean isNewer(RunRecord run, RunRecord than) {
    String start = run.window().start();
    String end = run.window().end();
    String startBefore = than.window().start();
    String endBefore = than.window().end();
    if (start == null || end == null || startBefore == null || endBefore == null) {
      return run.data().version() > than.data().version();
    }
    return !Instant.parse(start).isBefore(Instant.parse(startBefore))
        && Instant.parse(end).isAfter(Instant.parse(endBefore));
  }

  private static void add(List<Double> gains, double gain) {
    if (!Double.isNaN(gain)) {
      gains.add(gain);
    }
  }

  /** By how much one is better than another on the same rows; NaN where it is not known. */
  private static double gain(RunView view, String one, String other, String metric) {
    double mine = value(view, one, metric);
    double theirs = value(view, other, metric);
    return Metric.of(metric).map(m -> m.gain(theirs, mine)).orElse(Double.NaN);
  }

  private static double value(RunView view, String role, String metric) {
    @Nullable Double value = figure(view, role, metric).map(RunRecord.Metric::value).orElse(null);
    return value == null ? Double.NaN : value;
  }

  static Optional<RunRecord.Metric> figure(RunView view, String role, String metric) {
    return view.figure(role, NamedSlice.OVERALL, metric).filter(it -> it.value() != null);
  }
}
