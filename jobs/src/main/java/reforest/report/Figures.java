package reforest.report;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reforest.config.Metric;
import reforest.config.Metric.Direction;
import reforest.evaluate.NamedSlice;
import reforest.evaluate.Role;
import reforest.page.NumberText;
import reforest.registry.RunRecord;

/** The primary metric of the two that matter, in a sentence. */
final class Figures {

  private Figures() {}

  /** What was measured, beginning with a blank; empty where it was not. */
  static String sentence(RunView view) {
    Optional<String> primary = view.primary();
    if (primary.isEmpty()) {
      return "";
    }
    String metric = primary.get();
    Optional<RunRecord.Metric> challenger = value(view, Role.CHALLENGER, metric);
    if (challenger.isEmpty()) {
      return "";
    }
    Optional<Role> other =
        List.of(Role.CHAMPION, Role.RULE, Role.DUMMY).stream()
            .filter(role -> value(view, role, metric).isPresent())
            .findFirst();
    RunRecord.Window window = view.run().window();
    String seen = other.isPresent() && other.get() == Role.CHAMPION ? "neither has" : "it has not";
    String where =
        " On %s in %s that %s learned from, "
            .formatted(
                NumberText.count(window.rows(), "row"), view.clusters(window.clusters()), seen);
    String title = RunView.title(metric);
    String own = number(view, metric, challenger.get());
    if (other.isEmpty()) {
      return where + "its " + title + " is " + own + ".";
    }
    double before = orNaN(value(view, other.get(), metric).orElseThrow().value());
    double now = orNaN(challenger.get().value());
    return where
        + "its "
        + title
        + " is "
        + own
        + " where that of "
        + who(other.get())
        + " is "
        + number(view, metric, value(view, other.get(), metric).orElseThrow())
        + change(metric, before, now)
        + ".";
  }

  /** By how many percent it went down or up; nothing where percent say nothing. */
  private static String change(String metric, double before, double now) {
    Optional<Direction> direction = Metric.of(metric).map(Metric::direction);
    double percent = 100 * (now - before) / before;
    boolean tellable = before > 0 && now > 0 && Double.isFinite(percent);
    if (!tellable || direction.isEmpty() || direction.get() == Direction.ZERO) {
      return "";
    }
    double rounded = Math.rint(Math.abs(percent) * 10) / 10;
    if (rounded == 0) {
      return ", about the same";
    }
    boolean better = (direction.get() == Direction.LOWER) == (now < before);
    return ", "
        + NumberText.plain(rounded)
        + " % "
        + (now < before ? "lower" : "higher")
        + (better ? " (better)" : " (worse)");
  }

  private static String number(RunView view, String metric, RunRecord.Metric figure) {
    int decimals = NumberText.decimals(figure.lower(), figure.upper());
    return NumberText.fixed(figure.value(), decimals)
        + view.unit(metric).map(unit -> " " + unit).orElse("");
  }

  private static Optional<RunRecord.Metric> value(RunView view, Role role, String metric) {
    return view.figure(role.key(), NamedSlice.OVERALL, metric).filter(it -> it.value() != null);
  }

  private static double orNaN(@Nullable Double value) {
    return value == null ? Double.NaN : value;
  }

  private static String who(Role role) {
    return switch (role) {
      case RULE -> "the rule";
      case DUMMY -> "one constant";
      default -> "the model in production";
    };
  }
}
