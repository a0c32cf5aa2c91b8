package reforest.report;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reforest.evaluate.Role;
import reforest.registry.RunRecord.Check;

/**
 * Gains as interval bars on one common axis, each with its text.
 *
 * @param low gain at the left end
 * @param high gain at the right end
 */
record Bars(double low, double high) {

  private static final int WIDTH = 240;
  private static final int HEIGHT = 22;
  private static final int SIDE = 12;

  /** An interval this much longer than the largest gain is cut, or it would dwarf the others. */
  private static final double LONGEST = 4;

  /** An axis for these rules; empty when none has a gain. */
  static Optional<Bars> of(List<Check> checks) {
    double[] marks =
        checks.stream()
            .flatMap(c -> Stream.of(of(c.gain()), of(c.required())))
            .flatMapToDouble(d -> d)
            .toArray();
    if (checks.stream().allMatch(c -> c.gain() == null)) {
      return Optional.empty();
    }
    double largest = DoubleStream.of(marks).map(Math::abs).max().orElse(0);
    double limit = largest > 0 ? LONGEST * largest : 1;
    double low = Math.min(0, DoubleStream.of(marks).min().orElse(0));
    double high = Math.max(0, DoubleStream.of(marks).max().orElse(0));
    for (Check check : checks) {
      low = Math.min(low, Math.max(-limit, of(check.lower()).min().orElse(low)));
      high = Math.max(high, Math.min(limit, of(check.upper()).max().orElse(high)));
    }
    return Optional.of(low < high ? new Bars(low, high) : new Bars(-1, 1));
  }

  /** One rule's gain: interval, dot, and what it must exceed. */
  void bar(Html html, Check check) {
    int decimals = Numbers.decimals(check.lower(), check.upper(), check.required());
    Double value = check.gain();
    if (value == null) {
      html.text(Numbers.UNDEFINED).add("small", check.sentence());
      return;
    }
    String gain = Numbers.signed(value, decimals);
    String interval =
        check.lower() == null || check.upper() == null
            ? "interval undefined"
            : Numbers.signed(check.lower(), decimals)
                + " to "
                + Numbers.signed(check.upper(), decimals);
    String required =
        check.required() == null ? "" : ", required more than " + Numbers.plain(check.required());
    html.in(
        "svg",
        () -> {
          html.add("title", "gain " + gain + ", " + interval + required);
          line(html, 0, "zero");
          if (check.lower() != null && check.upper() != null) {
            interval(html, check.lower(), check.upper());
          }
          if (check.required() != null) {
            line(html, check.required(), "required");
          }
          html.leaf("circle", "cx", x(value), "cy", "11", "r", "4", "class", "gain");
        },
        "role",
        "img",
        "width",
        String.valueOf(WIDTH),
        "height",
        String.valueOf(HEIGHT),
        "viewBox",
        "0 0 " + WIDTH + " " + HEIGHT);
    String against =
        check.reference().equals(Role.CHAMPION.key()) ? "" : ", against the " + check.reference();
    html.add("small", gain + " (" + interval + ")" + against);
  }

  /** The axis below the bars. */
  void axis(Html html) {
    double step = step();
    int decimals = Math.max(0, (int) -Math.floor(Math.log10(step)));
    html.in(
        "svg",
        () -> {
          for (double at = Math.ceil(low / step) * step; at <= high; at += step) {
            html.leaf("line", "x1", x(at), "x2", x(at), "y1", "0", "y2", "5", "class", "tick");
            html.add("text", Numbers.signed(at, decimals), "x", x(at), "y", "18");
          }
        },
        "aria-hidden",
        "true",
        "width",
        String.valueOf(WIDTH),
        "height",
        String.valueOf(HEIGHT),
        "viewBox",
        "0 0 " + WIDTH + " " + HEIGHT);
  }

  private void interval(Html html, double lower, double upper) {
    double from = position(lower);
    double to = position(upper);
    html.leaf(
        "rect",
        "x",
        number(from),
        "y",
        "8",
        "width",
        number(Math.max(1, to - from)),
        "height",
        "6",
        "rx",
        "1",
        "class",
        "interval");
    // What goes on beyond the axis ends in an arrow.
    if (lower < low) {
      html.leaf("path", "d", "M10 4 L2 11 L10 18 Z", "class", "interval");
    }
    if (upper > high) {
      html.leaf("path", "d", "M230 4 L238 11 L230 18 Z", "class", "interval");
    }
  }

  private void line(Html html, double at, String kind) {
    html.leaf(
        "line", "x1", x(at), "x2", x(at), "y1", "0", "y2", String.valueOf(HEIGHT), "class", kind);
  }

  /** A round distance that leaves three to six ticks: 1, 2 or 5 times a power of ten. */
  private double step() {
    double rough = (high - low) / 4;
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    double digit = rough / power;
    return power * (digit < 1.5 ? 1 : digit < 3.5 ? 2 : digit < 7.5 ? 5 : 10);
  }

  private String x(double gain) {
    return number(position(gain));
  }

  private double position(double gain) {
    double inside = Math.max(low, Math.min(high, gain));
    return SIDE + (inside - low) / (high - low) * (WIDTH - 2 * SIDE);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  private static DoubleStream of(@Nullable Double value) {
    return value == null ? DoubleStream.empty() : DoubleStream.of(value);
  }
}
