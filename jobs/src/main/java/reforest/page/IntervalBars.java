package reforest.page;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Values with their intervals as bars on one common axis, each with its text.
 *
 * @param low value at the left end
 * @param high value at the right end
 */
public record IntervalBars(double low, double high) {

  private static final int WIDTH = 240;
  private static final int HEIGHT = 22;
  private static final int SIDE = 12;

  /** An interval this much longer than the largest value is cut, or it would dwarf the others. */
  private static final double LONGEST = 4;

  /**
   * One value to be drawn.
   *
   * @param value where its dot is; null when it is undefined
   * @param lower lower end of its interval; null when that is undefined
   * @param upper upper end of its interval; null when that is undefined
   * @param mark a value on the axis that it is compared with; null for none
   * @param name what the value is, in a word
   * @param markName what the mark is, in words before its number
   * @param note what the text beside the bar ends with
   * @param undefined why there is no value, in words
   */
  public record Bar(
      @Nullable Double value,
      @Nullable Double lower,
      @Nullable Double upper,
      @Nullable Double mark,
      String name,
      String markName,
      String note,
      String undefined) {}

  /** An axis for these bars; empty when none has a value. */
  public static Optional<IntervalBars> of(List<Bar> bars) {
    double[] marks =
        bars.stream()
            .flatMap(b -> Stream.of(of(b.value()), of(b.mark())))
            .flatMapToDouble(d -> d)
            .toArray();
    if (bars.stream().allMatch(b -> b.value() == null)) {
      return Optional.empty();
    }
    double largest = DoubleStream.of(marks).map(Math::abs).max().orElse(0);
    double limit = largest > 0 ? LONGEST * largest : 1;
    double low = Math.min(0, DoubleStream.of(marks).min().orElse(0));
    double high = Math.max(0, DoubleStream.of(marks).max().orElse(0));
    for (Bar bar : bars) {
      low = Math.min(low, Math.max(-limit, of(bar.lower()).min().orElse(low)));
      high = Math.max(high, Math.min(limit, of(bar.upper()).max().orElse(high)));
    }
    return Optional.of(low < high ? new IntervalBars(low, high) : new IntervalBars(-1, 1));
  }

  /** One value: interval, dot, and what it is compared with. */
  public void bar(Html html, Bar bar) {
    int decimals = NumberText.decimals(bar.lower(), bar.upper(), bar.mark());
    Double value = bar.value();
    if (value == null) {
      html.text(NumberText.UNDEFINED).add("small", bar.undefined());
      return;
    }
    String number = NumberText.signed(value, decimals);
    String interval =
        bar.lower() == null || bar.upper() == null
            ? "interval undefined"
            : NumberText.signed(bar.lower(), decimals)
                + " to "
                + NumberText.signed(bar.upper(), decimals);
    String mark =
        bar.mark() == null ? "" : ", " + bar.markName() + " " + NumberText.plain(bar.mark());
    html.in(
        "svg",
        () -> {
          html.add("title", bar.name() + " " + number + ", " + interval + mark);
          line(html, 0, "zero");
          if (bar.lower() != null && bar.upper() != null) {
            interval(html, bar.lower(), bar.upper());
          }
          if (bar.mark() != null) {
            line(html, bar.mark(), "mark");
          }
          html.leaf("circle", "cx", x(value), "cy", "11", "r", "4", "class", "value");
        },
        "role",
        "img",
        "width",
        String.valueOf(WIDTH),
        "height",
        String.valueOf(HEIGHT),
        "viewBox",
        "0 0 " + WIDTH + " " + HEIGHT);
    html.add("small", number + " (" + interval + ")" + bar.note());
  }

  /** The axis below the bars. */
  public void axis(Html html) {
    double step = step();
    int decimals = Math.max(0, (int) -Math.floor(Math.log10(step)));
    html.in(
        "svg",
        () -> {
          for (double at = Math.ceil(low / step) * step; at <= high; at += step) {
            html.leaf("line", "x1", x(at), "x2", x(at), "y1", "0", "y2", "5", "class", "tick");
            html.add("text", NumberText.signed(at, decimals), "x", x(at), "y", "18");
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

  private String x(double value) {
    return number(position(value));
  }

  private double position(double value) {
    double inside = Math.max(low, Math.min(high, value));
    return SIDE + (inside - low) / (high - low) * (WIDTH - 2 * SIDE);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  private static DoubleStream of(@Nullable Double value) {
    return value == null ? DoubleStream.empty() : DoubleStream.of(value);
  }
}
