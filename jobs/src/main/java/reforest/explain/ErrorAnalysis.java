package reforest.explain;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.TextStyle;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.DoublePredicate;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import reforest.bundle.Manifest.Input;
import reforest.bundle.Manifest.InputType;
import reforest.bundle.Task;
import reforest.evaluate.RowLoss;
import reforest.evaluate.WindowSample.Model;
import reforest.evaluate.WindowSample.SampledRow;
import reforest.statistics.Estimate;
import reforest.statistics.GroupedSums;

/**
 * Where the challenger errs: by time and by feature, how large and in which direction, what its
 * largest errors have in common, and the worst rows.
 *
 * <p>An error is the prediction less the label; of two classes, the positive one's probability less
 * 1 or 0. With more classes there are losses alone. Times are told in UTC.
 *
 * @param loss the loss that is told
 * @param bias the mean error; undefined with more than two classes
 * @param segments of at least {@value #FEWEST_ALIKE} rows, by hour, weekday and week, where rows
 *     have times, and by important feature
 * @param tails features whose values differ where errors are largest, the most different one first
 * @param worst the rows with the largest losses, the worst first; none where fewer than {@value
 *     #FEWEST_ALIKE} rows were looked at, or label or time are personal
 */
public record ErrorAnalysis(
    RowLoss loss, Estimate bias, List<Segment> segments, List<Tail> tails, List<WorstRow> worst) {

  /** A category that fewer rows share is not told of a single row. */
  static final int FEWEST_ALIKE = 10;

  /** Share of the rows whose errors are called large, on either side. */
  private static final double TAIL = 0.05;

  private static final int MOST_WEEKS = 60;
  private static final int RANGES = 10;
  private static final int MOST_FEATURES = 3;
  private static final int MOST_TAILS = 10;
  private static final int MOST_WORST = 10;
  private static final int MOST_VALUES = 8;
  private static final int MOST_CATEGORIES = 12;

  public ErrorAnalysis {
    segments = List.copyOf(segments);
    tails = List.copyOf(tails);
    worst = List.copyOf(worst);
  }

  /**
   * The rows of one hour, day, week or range.
   *
   * @param ofTime whether it is a part of the time, not the values of a feature
   * @param by {@code hour}, {@code weekday}, {@code week}, or the name of a feature
   * @param part which of them
   * @param rows how many rows
   * @param bias their mean error
   * @param challenger the challenger's loss on them
   * @param champion the champion's; undefined without one
   */
  public record Segment(
      boolean ofTime,
      String by,
      String part,
      long rows,
      Estimate bias,
      Estimate challenger,
      Estimate champion) {}

  /**
   * A feature's values where the challenger predicts too little, about right, and too much.
   *
   * @param feature its name
   * @param under where errors are the lowest 5 % and below 0; empty text where none are
   * @param usual of all other rows
   * @param over where errors are the highest 5 % and above 0; empty text where none are
   * @param difference how much either differs from the usual: of a number the largest difference of
   *     its distribution, of a category the largest of its share; 0 to 1
   */
  public record Tail(String feature, String under, String usual, String over, double difference) {}

  /**
   * A row with a large loss, without personal columns and without categories that fewer than ten
   * rows have.
   *
   * @param time its event time; empty where rows have none
   * @param label the true value or class
   * @param predicted what the challenger predicts: a number, or the true class's probability
   * @param values of important features, by name
   */
  public record WorstRow(
      Optional<Instant> time, String label, double predicted, Map<String, String> values) {
    public WorstRow {
      values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }
  }

  /**
   * Of a sample.
   *
   * @param features names of the inputs, the most important one first
   */
  static ErrorAnalysis of(Rescored rescored, List<String> features) {
    Rows rows = new Rows(rescored);
    List<String> shown =
        features.stream()
            .filter(it -> rescored.sample().challenger().place(it) >= 0 && rescored.isPublic(it))
            .toList();
    GroupedSums all = new GroupedSums(rescored.sample().ways(), 1);
    for (int i = 0; i < rows.errors.length; i++) {
      all.add(rescored.rows().get(i).groups(), rows.errors[i]);
    }
    List<Segment> segments = new ArrayList<>(rows.byTime());
    shown.stream().limit(MOST_FEATURES).forEach(it -> segments.addAll(rows.byFeature(it)));
    // Of few rows each could be told.
    segments.removeIf(segment -> segment.rows() < FEWEST_ALIKE);
    List<Tail> tails = new ArrayList<>();
    if (rows.hasErrors()) {
      shown.forEach(it -> tails.add(rows.tail(it)));
      tails.sort(Comparator.comparingDouble(it -> -it.difference()));
    }
    return new ErrorAnalysis(
        rescored.loss(),
        all.mean(0),
        segments,
        tails.subList(0, Math.min(MOST_TAILS, tails.size())),
        rows.worst(shown));
  }

  /** The sample's rows with their errors and losses. */
  private static final class Rows {
    private final Rescored rescored;
    private final List<double[]> predicted;
    private final double[] errors;
    private final double[] challenger;
    private final double[] champion;

    Rows(Rescored rescored) {
      this.rescored = rescored;
      predicted = rescored.predictions(false);
      challenger = rescored.losses(predicted);
      champion = rescored.losses(true);
      errors = new double[predicted.size()];
      Arrays.setAll(errors, i -> error(rescored.rows().get(i), predicted.get(i)));
    }

    private double error(SampledRow row, double[] prediction) {
      Task task = rescored.sample().plan().task();
      return switch (task) {
        case REGRESSION -> prediction[0] - row.label();
        case BINARY -> prediction[1] - row.label();
        case MULTICLASS -> Double.NaN;
      };
    }

    boolean hasErrors() {
      return errors.length > 0 && !Double.isNaN(errors[0]);
    }

    List<Segment> byTime() {
      boolean hasTimes = rescored.rows().stream().allMatch(row -> row.micros().isPresent());
      if (!hasTimes || !rescored.sample().told()) {
        return List.of();
      }
      List<Segment> segments = new ArrayList<>();
      boolean hasHours =
          rescored.rows().stream()
              .anyMatch(row -> !time(row).toLocalTime().equals(LocalTime.MIDNIGHT));
      if (hasHours) {
        segments.addAll(
            by(true, "hour", row -> "%02d".formatted(time(row).getHour()), Integer.MAX_VALUE));
      }
      // A digit first, so that Monday comes first; it is taken off below.
      for (Segment day : by(true, "weekday", row -> weekday(time(row).getDayOfWeek()), 7)) {
        segments.add(
            new Segment(
                true,
                day.by(),
                day.part().substring(1),
                day.rows(),
                day.bias(),
                day.challenger(),
                day.champion()));
      }
      segments.addAll(by(true, "week", row -> monday(time(row)).toString(), MOST_WEEKS));
      return segments;
    }

    private static OffsetDateTime time(SampledRow row) {
      return Instant.EPOCH
          .plus(row.micros().orElseThrow(), ChronoUnit.MICROS)
          .atOffset(ZoneOffset.UTC);
    }

    private static String weekday(DayOfWeek day) {
      return day.getValue() + day.getDisplayName(TextStyle.FULL, Locale.ENGLISH);
    }

    private static LocalDate monday(OffsetDateTime time) {
      return time.toLocalDate().with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
    }

    /** By a feature's tenths, or by its most frequent categories. */
    List<Segment> byFeature(String feature) {
      Model model = rescored.sample().challenger();
      int at = model.place(feature);
      Input input = model.inputs().get(at);
      if (input.type() == InputType.CATEGORY) {
        return by(false, feature, row -> Words.of(input, row.challenger()[at]), -MOST_CATEGORIES);
      }
      double[] values =
          rescored.rows().stream().mapToDouble(row -> row.challenger()[at]).distinct().toArray();
      if (values.length <= RANGES) {
        return byValue(feature, input, at);
      }
      double[] edges = edges(at);
      TreeMap<Integer, String> names = new TreeMap<>();
      for (int range = 0; range <= edges.length; range++) {
        names.put(range, range(edges, range));
      }
      names.put(edges.length + 1, Words.of(input, Double.NaN));
      Map<Integer, Sums> sums = new TreeMap<>();
      for (int i = 0; i < errors.length; i++) {
        double value = rescored.rows().get(i).challenger()[at];
        int range = Double.isNaN(value) ? edges.length + 1 : place(edges, value);
        sums.computeIfAbsent(range, key -> new Sums()).add(i);
      }
      List<Segment> segments = new ArrayList<>();
      sums.forEach(
          (range, of) -> segments.add(of.segment(false, feature, names.getOrDefault(range, ""))));
      return segments;
    }

    private List<Segment> byValue(String feature, Input input, int at) {
      TreeMap<Double, Sums> sums = new TreeMap<>();
      for (int i = 0; i < errors.length; i++) {
        sums.computeIfAbsent(rescored.rows().get(i).challenger()[at], key -> new Sums()).add(i);
      }
      List<Segment> segments = new ArrayList<>();
      sums.forEach((value, of) -> segments.add(of.segment(false, feature, Words.of(input, value))));
      return segments;
    }

    private double[] edges(int at) {
      double[] sorted =
          rescored.rows().stream()
              .mapToDouble(row -> row.challenger()[at])
              .filter(Double::isFinite)
              .sorted()
              .toArray();
      return IntStream.range(1, RANGES)
          .filter(i -> sorted.length > 0)
          .mapToDouble(i -> sorted[(int) ((long) i * sorted.length / RANGES)])
          .filter(edge -> edge > sorted[0])
          .distinct()
          .toArray();
    }

    private static int place(double[] edges, double value) {
      int at = Arrays.binarySearch(edges, value);
      return at >= 0 ? at + 1 : -at - 1;
    }

    private static String range(double[] edges, int range) {
      if (edges.length == 0) {
        return "all";
      }
      if (range == 0) {
        return "< " + Words.number(edges[0]);
      }
      return range == edges.length
          ? ">= " + Words.number(edges[range - 1])
          : Words.number(edges[range - 1]) + " to " + Words.number(edges[range]);
    }

    /**
     * By what a row is.
     *
     * @param most the last so many in their order are kept; below 0, so many of the most frequent
     */
    private List<Segment> by(
        boolean ofTime, String name, Function<SampledRow, String> part, int most) {
      TreeMap<String, Sums> sums = new TreeMap<>();
      for (int i = 0; i < errors.length; i++) {
        sums.computeIfAbsent(part.apply(rescored.rows().get(i)), key -> new Sums()).add(i);
      }
      List<Segment> segments = new ArrayList<>();
      sums.forEach((key, of) -> segments.add(of.segment(ofTime, name, key)));
      if (most < 0) {
        segments.sort(Comparator.comparingLong(it -> -it.rows()));
        return segments.subList(0, Math.min(-most, segments.size()));
      }
      return segments.subList(Math.max(0, segments.size() - most), segments.size());
    }

    /** Errors and losses of some rows. */
    private final class Sums {
      private final GroupedSums sums = new GroupedSums(rescored.sample().ways(), 3);

      void add(int row) {
        sums.add(rescored.rows().get(row).groups(), errors[row], challenger[row], champion[row]);
      }

      Segment segment(boolean ofTime, String by, String part) {
        return new Segment(ofTime, by, part, sums.rows(), sums.mean(0), told(1), told(2));
      }

      private Estimate told(int quantity) {
        return sums.figure(of -> rescored.loss().told(of[quantity] / of[3]));
      }
    }

    Tail tail(String feature) {
      double[] sorted = errors.clone();
      Arrays.sort(sorted);
      int count = Math.max(1, (int) Math.round(TAIL * sorted.length));
      // Equal errors are all in or all out, and where nothing is over, nothing is told of it.
      double low = Math.min(sorted[count - 1], -Double.MIN_VALUE);
      double high = Math.max(sorted[sorted.length - count], Double.MIN_VALUE);
      Model model = rescored.sample().challenger();
      int at = model.place(feature);
      Input input = model.inputs().get(at);
      double[] under = values(at, error -> error <= low);
      double[] over = values(at, error -> error >= high);
      double[] usual = values(at, error -> error > low && error < high);
      boolean number = input.type() == InputType.NUMBER;
      double difference =
          number
              ? Math.max(distance(under, usual), distance(over, usual))
              : Math.max(shift(under, usual), shift(over, usual));
      return new Tail(
          feature, text(input, under), text(input, usual), text(input, over), difference);
    }

    private double[] values(int at, DoublePredicate in) {
      return IntStream.range(0, errors.length)
          .filter(i -> in.test(errors[i]))
          .mapToDouble(i -> rescored.rows().get(i).challenger()[at])
          .sorted()
          .toArray();
    }

    private static String text(Input input, double[] sorted) {
      if (sorted.length == 0) {
        return "";
      }
      if (input.type() == InputType.CATEGORY) {
        Map<Double, Integer> counts = new HashMap<>();
        DoubleStream.of(sorted).forEach(value -> counts.merge(value, 1, Integer::sum));
        Map.Entry<Double, Integer> most =
            counts.entrySet().stream()
                .max(
                    Map.Entry.<Double, Integer>comparingByValue()
                        .thenComparing(Map.Entry.comparingByKey()))
                .orElseThrow();
        return "%s (%d %%)"
            .formatted(
                Words.of(input, most.getKey()),
                Math.round(100.0 * most.getValue() / sorted.length));
      }
      double[] known = DoubleStream.of(sorted).filter(Double::isFinite).toArray();
      return known.length == 0
          ? Words.of(input, Double.NaN)
          : "%s (%s to %s)"
              .formatted(
                  Words.number(quantile(known, 0.5)),
                  Words.number(quantile(known, 0.05)),
                  Words.number(quantile(known, 0.95)));
    }

    private static double quantile(double[] sorted, double share) {
      return sorted[(int) Math.round(share * (sorted.length - 1))];
    }

    /** The largest difference of two distributions (Kolmogorov and Smirnov); NaN is last. */
    private static double distance(double[] one, double[] other) {
      double most = 0;
      int j = 0;
      int i = 0;
      while (i < one.length && j < other.length) {
        double at = Double.compare(one[i], other[j]) <= 0 ? one[i] : other[j];
        while (i < one.length && Double.compare(one[i], at) <= 0) {
          i++;
        }
        while (j < other.length && Double.compare(other[j], at) <= 0) {
          j++;
        }
        most = Math.max(most, Math.abs((double) i / one.length - (double) j / other.length));
      }
      return most;
    }

    /** The largest difference of a category's shares. */
    private static double shift(double[] one, double[] other) {
      if (one.length == 0 || other.length == 0) {
        return 0;
      }
      Map<Double, Double> shares = new HashMap<>();
      DoubleStream.of(one).forEach(value -> shares.merge(value, 1.0 / one.length, Double::sum));
      DoubleStream.of(other)
          .forEach(value -> shares.merge(value, -1.0 / other.length, Double::sum));
      return shares.values().stream().mapToDouble(Math::abs).max().orElse(0);
    }

    List<WorstRow> worst(List<String> features) {
      if (errors.length < FEWEST_ALIKE || !rescored.sample().told()) {
        return List.of();
      }
      return IntStream.range(0, errors.length)
          .boxed()
          .sorted(Comparator.comparingDouble(i -> -challenger[i]))
          .limit(MOST_WORST)
          .map(i -> worst(rescored.rows().get(i), predicted.get(i), features))
          .toList();
    }

    private WorstRow worst(SampledRow row, double[] prediction, List<String> features) {
      Model model = rescored.sample().challenger();
      Map<String, String> values = new LinkedHashMap<>();
      for (String feature : features.subList(0, Math.min(MOST_VALUES, features.size()))) {
        int at = model.place(feature);
        Input input = model.inputs().get(at);
        double value = row.challenger()[at];
        boolean shared =
            input.type() == InputType.NUMBER
                || rescored.rows().stream()
                        .filter(other -> other.challenger()[at] == value)
                        .limit(FEWEST_ALIKE)
                        .count()
                    >= FEWEST_ALIKE;
        values.put(feature, shared ? Words.of(input, value) : "(few have it)");
      }
      List<String> classes = rescored.sample().plan().classes();
      return new WorstRow(
          row.micros().isPresent() ? Optional.of(time(row).toInstant()) : Optional.empty(),
          classes.isEmpty() ? Words.number(row.label()) : classes.get((int) row.label()),
          classes.isEmpty() ? prediction[0] : prediction[(int) row.label()],
          values);
    }
  }
}
