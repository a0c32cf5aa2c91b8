package reforest.report;

import java.util.List;
import org.jspecify.annotations.Nullable;
import reforest.page.Html;
import reforest.page.NumberText;
import reforest.page.RowChart;
import reforest.registry.Drift;
import reforest.registry.Drift.Shift;

/** What changed in the training rows since the champion's. */
final class DriftSection {

  /** Beyond so much a change is worth a look: about a quarter of a deviation of the mean. */
  private static final double WORTH_A_LOOK = 0.1;

  /** Beyond so much it is another population in this respect: about 0.64 deviations. */
  private static final double LARGE = 0.25;

  private DriftSection() {}

  static boolean applies(RunView view) {
    return view.run().drift() != null;
  }

  static void write(Html html, RunView view) {
    Drift drift = view.run().drift();
    if (drift == null) {
      return;
    }
    List<Shift> measured = drift.shifts().stream().filter(s -> s.effect() != null).toList();
    long worth = measured.stream().filter(s -> isWorthALook(s.effect())).count();
    String limit = NumberText.share(WORTH_A_LOOK);
    html.add(
        "p",
        "The champion learned from %s, this model from %s; many may be the same. %s changed by %s or more."
            .formatted(
                NumberText.count(drift.rows(), "row"),
                NumberText.count(view.run().window().trainRows(), "row"),
                worth == 0 ? "No column" : NumberText.count(worth, "column"),
                limit));
    if (!drift.added().isEmpty()) {
      html.add("p", "New columns: " + String.join(", ", drift.added()));
    }
    if (!drift.removed().isEmpty()) {
      html.add("p", "Columns that are gone: " + String.join(", ", drift.removed()));
    }
    RowChart chart =
        RowChart.bars(
            "How much each column changed",
            "A bar's length is about the share of rows that would have to change so that both look"
                + " alike: 0 is no change, 1 nothing in common.",
            "Column",
            "Effect, 0 to 1");
    measured.forEach(
        shift ->
            chart.row(
                new RowChart.Row(
                    shift.column(),
                    rounded(shift.effect()),
                    null,
                    null,
                    null,
                    words(shift),
                    tone(shift.effect()))));
    if (!measured.isEmpty()) {
      chart.write(html);
    }
  }

  private static String words(Shift shift) {
    StringBuilder words = new StringBuilder();
    String category = shift.category();
    if (category != null) {
      words.append("rows with ").append(category).append(' ');
      words.append(percent(shift.before())).append(" → ").append(percent(shift.now()));
    } else if (shift.before() != null) {
      words.append("mean ").append(NumberText.plain(shift.before()));
      words.append(" → ").append(NumberText.plain(shift.now()));
      if (shift.deviations() != null) {
        words.append(" (").append(NumberText.signed(shift.deviations(), 2)).append(" deviations)");
      }
    }
    if (Math.abs(shift.missing()) >= 0.0005) {
      words.append(words.length() == 0 ? "" : "; ");
      words
          .append("missing ")
          .append(NumberText.signed(100 * shift.missing(), 1))
          .append(" points");
    }
    return words.toString();
  }

  /** It is about a share, and not worth more digits. */
  private static @Nullable Double rounded(@Nullable Double effect) {
    return effect == null ? null : (Double) (Math.rint(effect * 1000) / 1000);
  }

  private static String percent(@Nullable Double share) {
    return share == null ? NumberText.UNDEFINED : NumberText.fixed(100 * share, 1) + " %";
  }

  private static boolean isWorthALook(@Nullable Double effect) {
    return effect != null && effect >= WORTH_A_LOOK;
  }

  private static String tone(@Nullable Double effect) {
    if (effect == null || !isWorthALook(effect)) {
      return "";
    }
    return effect < LARGE ? "open" : "bad";
  }
}
