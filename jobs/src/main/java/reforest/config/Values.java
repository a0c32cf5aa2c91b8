package reforest.config;

import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Reads single values as numbers, counts and durations, and shows them in messages. */
final class Values {

  private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?([eE][+-]?\\d+)?");
  private static final Pattern DURATION =
      Pattern.compile("(\\d{1,9})\\s*(s|seconds?|m|minutes?|h|hours?|d|days?|w|weeks?)");
  private static final Pattern BYTES = Pattern.compile("(\\d{1,12})\\s*(B|kB|MB|GB|KiB|MiB|GiB)?");
  private static final Map<String, Long> UNITS =
      Map.of(
          "B", 1L,
          "kB", 1_000L,
          "MB", 1_000_000L,
          "GB", 1_000_000_000L,
          "KiB", 1L << 10,
          "MiB", 1L << 20,
          "GiB", 1L << 30);
  private static final int SHOWN = 60;

  /** Told what a value must be, when it is not. */
  interface Wrong {
    void accept(String words);
  }

  private Values() {}

  static Optional<Duration> duration(ConfigValue value, Duration min, Duration max, Wrong wrong) {
    Optional<Duration> duration = duration(scalar(value).orElse(""));
    if (duration.isEmpty()) {
      wrong.accept("a whole number and a unit, such as 90s, 15m, 36h, 28d or 4w");
    } else if (duration.get().compareTo(min) < 0 || duration.get().compareTo(max) > 0) {
      wrong.accept("from " + words(min) + " to " + words(max));
      return Optional.empty();
    }
    return duration;
  }

  /**
   * A duration that {@link #words} wrote.
   *
   * @throws IllegalArgumentException when it is none
   */
  static Duration duration(String text, String what) {
    return duration(text).orElseThrow(() -> new IllegalArgumentException(text + " is no " + what));
  }

  private static Optional<Duration> duration(String text) {
    Matcher matcher = DURATION.matcher(text.strip());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long amount = Long.parseLong(matcher.group(1));
    return Optional.of(
        switch (matcher.group(2).charAt(0)) {
          case 's' -> Duration.ofSeconds(amount);
          case 'm' -> Duration.ofMinutes(amount);
          case 'h' -> Duration.ofHours(amount);
          case 'd' -> Duration.ofDays(amount);
          default -> Duration.ofDays(7 * amount);
        });
  }

  static Optional<Double> number(ConfigValue value, Range range, Wrong wrong) {
    String text = scalar(value).orElse("");
    double number = NUMBER.matcher(text).matches() ? Double.parseDouble(text) : Double.NaN;
    if (!range.holds(number)) {
      wrong.accept(Double.isNaN(number) ? "a number " + range.words() : range.words());
      return Optional.empty();
    }
    return Optional.of(number);
  }

  static Optional<Integer> count(ConfigValue value, int min, int max, Wrong wrong) {
    String text = scalar(value).orElse("");
    double number = NUMBER.matcher(text).matches() ? Double.parseDouble(text) : Double.NaN;
    if (!(number >= min && number <= max && number == Math.rint(number))) {
      wrong.accept("a whole number from " + min + " to " + max);
      return Optional.empty();
    }
    return Optional.of((int) number);
  }

  /** A number of bytes above 0. */
  static Optional<Long> bytes(ConfigValue value, Wrong wrong) {
    Matcher matcher = BYTES.matcher(scalar(value).orElse("").strip());
    long bytes = 0;
    if (matcher.matches()) {
      String unit = matcher.group(2);
      bytes = Long.parseLong(matcher.group(1)) * (unit == null ? 1 : UNITS.getOrDefault(unit, 0L));
    }
    if (!(bytes > 0)) {
      wrong.accept("a whole number of bytes above 0, such as 50000000, 50MB or 48MiB");
      return Optional.empty();
    }
    return Optional.of(bytes);
  }

  /** A text, number or flag as it was written; empty for null, lists and objects. */
  static Optional<String> scalar(ConfigValue value) {
    return switch (value.valueType()) {
      case STRING -> Optional.of((String) value.unwrapped());
      case NUMBER, BOOLEAN -> Optional.of(value.render());
      case NULL, LIST, OBJECT -> Optional.empty();
    };
  }

  static String shown(ConfigValue value) {
    return shortened(scalar(value).orElseGet(() -> value.render(ConfigRenderOptions.concise())));
  }

  static String shortened(String text) {
    String masked = Secrets.masked(text);
    if (masked.isBlank()) {
      return "\"" + masked.replaceAll("\\s", " ") + "\"";
    }
    return masked.length() <= SHOWN ? masked : masked.substring(0, SHOWN) + "...";
  }

  static String either(List<String> names) {
    int last = names.size() - 1;
    return IntStream.range(0, last).mapToObj(names::get).collect(Collectors.joining(", "))
        + (last > 0 ? " or " : "")
        + names.get(last);
  }

  static String words(Duration duration) {
    long seconds = duration.toSeconds();
    if (seconds != 0 && seconds % 86_400 == 0) {
      return seconds / 86_400 + "d";
    }
    return seconds != 0 && seconds % 3_600 == 0
        ? seconds / 3_600 + "h"
        : seconds != 0 && seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
  }
}
