package reforest.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * A stretch of numbers drawn on a stretch of the picture, with round ticks.
 *
 * @param low number at {@code from}
 * @param high number at {@code to}, above {@code low}
 * @param from place of {@code low} in the picture
 * @param to place of {@code high}, on either side of {@code from}
 */
record Axis(double low, double high, double from, double to) {

  private static final double THOUSAND = 1e3;
  private static final double MILLION = 1e6;
  private static final double LARGE = 1e9;
  private static final double SMALL = 1e-4;

  /** An axis from the smallest to the largest of the finite numbers, a little wider. */
  static Axis of(DoubleStream numbers, double from, double to) {
    double[] finite = numbers.filter(Double::isFinite).toArray();
    double low = DoubleStream.of(finite).min().orElse(0);
    double high = DoubleStream.of(finite).max().orElse(1);
    double margin = high / 2 - low / 2 > 0 ? (high / 2 - low / 2) * 0.08 : Math.abs(high) * 0.1;
    double wider = margin > 0 ? margin : 1;
    // What is never negative has no axis that says it could be.
    double least = low >= 0 ? Math.max(0, low - wider) : low - wider;
    double most = high <= 0 ? Math.min(0, high + wider) : high + wider;
    return new Axis(
        Math.max(least, -Double.MAX_VALUE / 4), Math.min(most, Double.MAX_VALUE / 4), from, to);
  }

  /** Where a number stands; what is beyond an end stands at that end. */
  double place(double number) {
    double inside = Math.max(low, Math.min(high, number));
    return from + (inside - low) / (high - low) * (to - from);
  }

  /** The same as text for a picture's attribute. */
  String at(double number) {
    return text(place(number));
  }

  /** Round numbers on it, about so many. */
  List<Double> ticks(int about) {
    double step = step(about);
    List<Double> ticks = new ArrayList<>();
    long first = (long) Math.ceil(low / step - 1e-9);
    for (long i = first; i * step <= high + step * 1e-9 && ticks.size() <= 2 * about; i++) {
      ticks.add(i * step);
    }
    return ticks;
  }

  /** A tick in few letters: {@code 0.25}, {@code 12k}, {@code 3.5M}. */
  String label(double tick, int about) {
    double size = Math.max(Math.abs(low), Math.abs(high));
    double step = step(about);
    if (size >= LARGE || size < SMALL) {
      return tick == 0 ? "0" : minus(String.format(Locale.ROOT, "%.1e", tick));
    }
    double unit =
        step >= MILLION / 10 ? MILLION : step >= THOUSAND / 10 && size >= 10_000 ? THOUSAND : 1;
    String suffix = unit == MILLION ? "M" : unit == THOUSAND ? "k" : "";
    int decimals = (int) Math.max(0, -Math.floor(Math.log10(step / unit) + 1e-9));
    String text = NumberText.fixed(tick / unit, Math.min(9, decimals));
    return tick == 0 ? "0" : text + suffix;
  }

  private double step(int about) {
    double rough = (high - low) / about;
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    double digit = rough / power;
    return power * (digit < 1.5 ? 1 : digit < 3.5 ? 2 : digit < 7.5 ? 5 : 10);
  }

  private static String minus(String text) {
    return text.replace('-', '\u2212');
  }

  /** A place in a picture, to a tenth. */
  static String text(double place) {
    double tenths = Math.rint(place * 10) / 10;
    return tenths == Math.rint(tenths)
        ? String.valueOf((long) tenths)
        : String.format(Locale.ROOT, "%.1f", tenths);
  }
}
