package reforest.registry;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reforest.config.Metric;
import reforest.explain.Dependences;
import reforest.explain.Difference;
import reforest.explain.ErrorAnalysis;
import reforest.explain.Explained;
import reforest.explain.Importances;
import reforest.explain.Shortcut;
import reforest.quality.LateColumns;
import reforest.quality.RepeatedRows;
import reforest.statistics.Estimate;

/**
 * Why a challenger and its verdict are what they are; see {@link Explained}.
 *
 * @param rows how many rows were looked at
 * @param of how many rows the window has
 * @param loss what losses are told as: {@code rmse}, {@code mae} or {@code log-loss}
 * @param bias mean of prediction less label
 * @param segments errors by hour, weekday, week and important feature
 * @param tails features whose values differ where errors are largest
 * @param worst rows with the largest losses
 * @param features how many the models read
 * @param importances of at most a hundred features, the most important one first
 * @param dependences how the prediction follows the most important features
 * @param pairs features that tell more together
 * @param shortcuts whether one of the most important features carries the model
 * @param repeated rows of the window that stand in the training rows too; null where that was not
 *     looked for
 * @param late features that are missing in the newest rows only
 * @param difference what moved the mean prediction from the champion's; null without a champion
 */
public record ExplainedRecord(
    long rows,
    long of,
    String loss,
    Figure bias,
    List<Segment> segments,
    List<Tail> tails,
    List<WorstRow> worst,
    int features,
    List<Importance> importances,
    List<Dependence> dependences,
    List<Pair> pairs,
    List<Carrying> shortcuts,
    @Nullable Repeated repeated,
    List<Late> late,
    @Nullable Change difference) {

  private static final int MOST_IMPORTANCES = 100;
  private static final int MOST_PARTS = 30;
  private static final double LEVEL = 0.95;
  private static final MathContext DIGITS = new MathContext(7);

  /**
   * A figure with its two-sided 95 % interval.
   *
   * @param value the figure
   * @param lower lower end
   * @param upper upper end
   * @param undefined why something is unknown, if it is
   */
  public record Figure(
      @Nullable Double value,
      @Nullable Double lower,
      @Nullable Double upper,
      @Nullable String undefined) {

    static Figure of(Estimate estimate) {
      Estimate.Interval interval = estimate.interval(LEVEL);
      return new Figure(
          rounded(estimate.value()),
          rounded(interval.lower()),
          rounded(interval.upper()),
          estimate.undefined().orElse(null));
    }

    /** Of a figure that is told as a metric, whose interval stays within what that can be. */
    static Figure loss(Estimate estimate, Optional<Metric> metric) {
      if (metric.isEmpty()) {
        return of(estimate);
      }
      double width = estimate.interval(LEVEL).upper() - estimate.value();
      Metric.Interval interval = metric.get().interval(estimate.value(), width);
      return new Figure(
          rounded(estimate.value()),
          rounded(interval.lower()),
          rounded(interval.upper()),
          estimate.undefined().orElse(null));
    }
  }

  /** For a person: more digits would only make the record longer. */
  private static @Nullable Double rounded(double value) {
    return Double.isFinite(value)
        ? (Double) new BigDecimal(value).round(DIGITS).doubleValue()
        : null;
  }

  /** See {@link ErrorAnalysis.Segment}. */
  public record Segment(
      boolean ofTime,
      String by,
      String part,
      long rows,
      Figure bias,
      Figure challenger,
      Figure champion) {}

  /** See {@link ErrorAnalysis.Tail}. */
  public record Tail(String feature, String under, String usual, String over, double difference) {}

  /** See {@link ErrorAnalysis.WorstRow}. */
  public record WorstRow(
      @UtcTime @Nullable String time,
      String label,
      @Nullable Double predicted,
      Map<String, String> values) {}

  /** See {@link Importances.Importance}. */
  public record Importance(String feature, Figure rise, Figure gain) {}

  /** See {@link Dependences.Dependence}. */
  public record Dependence(String feature, @Nullable String result, List<Point> points) {}

  /** See {@link Dependences.Point}; {@code number} is null for a category. */
  public record Point(
      @Nullable Double number,
      String text,
      Figure mean,
      @Nullable Double champion,
      List<@Nullable Double> clusters) {}

  /** See {@link Dependences.Pair}. */
  public record Pair(String one, String other, Figure strength) {}

  /** See {@link Shortcut}. */
  public record Carrying(
      String feature,
      Figure share,
      boolean carries,
      Figure loss,
      Figure without,
      List<OnSlice> slices) {}

  /** See {@link Shortcut.OnSlice}. */
  public record OnSlice(String slice, long rows, Figure loss, Figure without) {}

  /** See {@link RepeatedRows}. */
  public record Repeated(long rows, double repeated, double usual, boolean notable) {}

  /** See {@link LateColumns.Late}. */
  public record Late(String column, @UtcTime String since, double newest, double older) {}

  /** See {@link Difference}; of at most thirty features, the others added up. */
  public record Change(
      String scale,
      @Nullable String label,
      Figure change,
      Figure base,
      List<Part> features,
      @Nullable Double others,
      List<ChangeOnSlice> slices,
      @Nullable String undefined) {}

  /** See {@link Difference.Part}. */
  public record Part(String feature, Figure change) {}

  /** See {@link Difference.OnSlice}. */
  public record ChangeOnSlice(
      String slice, long rows, double share, Figure change, List<Part> parts) {}

  static ExplainedRecord of(Explained explained) {
    ErrorAnalysis errors = explained.errors();
    Optional<Metric> loss = Metric.of(errors.loss().words());
    return new ExplainedRecord(
        explained.rows(),
        explained.of(),
        errors.loss().words(),
        Figure.of(errors.bias()),
        errors.segments().stream().map(it -> segment(it, loss)).toList(),
        errors.tails().stream()
            .map(it -> new Tail(it.feature(), it.under(), it.usual(), it.over(), it.difference()))
            .toList(),
        errors.worst().stream().map(ExplainedRecord::worst).toList(),
        explained.importances().size(),
        explained.importances().stream()
            .limit(MOST_IMPORTANCES)
            .map(it -> new Importance(it.feature(), Figure.of(it.rise()), Figure.of(it.gain())))
            .toList(),
        explained.dependences().stream().map(ExplainedRecord::dependence).toList(),
        explained.pairs().stream()
            .map(it -> new Pair(it.one(), it.other(), Figure.of(it.strength())))
            .toList(),
        explained.shortcuts().stream().map(it -> shortcut(it, loss)).toList(),
        explained
            .repeated()
            .map(it -> new Repeated(it.rows(), it.repeated(), it.usual(), it.isNotable()))
            .orElse(null),
        explained.late().stream()
            .map(it -> new Late(it.column(), it.since().toString(), it.newest(), it.older()))
            .toList(),
        explained.difference().map(ExplainedRecord::change).orElse(null));
  }

  private static Segment segment(ErrorAnalysis.Segment segment, Optional<Metric> loss) {
    return new Segment(
        segment.ofTime(),
        segment.by(),
        segment.part(),
        segment.rows(),
        Figure.of(segment.bias()),
        Figure.loss(segment.challenger(), loss),
        Figure.loss(segment.champion(), loss));
  }

  private static WorstRow worst(ErrorAnalysis.WorstRow row) {
    return new WorstRow(
        row.time().map(Instant::toString).orElse(null),
        row.label(),
        rounded(row.predicted()),
        row.values());
  }

  private static Dependence dependence(Dependences.Dependence dependence) {
    return new Dependence(
        dependence.feature(),
        dependence.result().orElse(null),
        dependence.points().stream()
            .map(
                it ->
                    new Point(
                        rounded(it.number()),
                        it.text(),
                        Figure.of(it.mean()),
                        rounded(it.champion().value()),
                        it.clusters().stream().map(ExplainedRecord::rounded).toList()))
            .toList());
  }

  private static Carrying shortcut(Shortcut shortcut, Optional<Metric> loss) {
    return new Carrying(
        shortcut.feature(),
        Figure.of(shortcut.share()),
        shortcut.carries(),
        Figure.loss(shortcut.loss(), loss),
        Figure.loss(shortcut.without(), loss),
        shortcut.slices().stream()
            .map(
                it ->
                    new OnSlice(
                        it.slice(),
                        it.rows(),
                        Figure.loss(it.loss(), loss),
                        Figure.loss(it.without(), loss)))
            .toList());
  }

  private static Change change(Difference difference) {
    List<Difference.Part> parts = difference.features();
    Optional<String> why = difference.why();
    return new Change(
        difference.scale().name().toLowerCase(Locale.ROOT).replace('_', '-'),
        difference.label().orElse(null),
        Figure.of(difference.change()),
        Figure.of(difference.base()),
        parts(parts.subList(0, Math.min(MOST_PARTS, parts.size()))),
        rounded(parts.stream().skip(MOST_PARTS).mapToDouble(it -> it.change().value()).sum()),
        difference.slices().stream()
            .map(
                it ->
                    new ChangeOnSlice(
                        it.slice(),
                        it.rows(),
                        it.share(),
                        Figure.of(it.change()),
                        parts(it.parts())))
            .toList(),
        why.orElse(null));
  }

  private static List<Part> parts(List<Difference.Part> parts) {
    return parts.stream().map(it -> new Part(it.feature(), Figure.of(it.change()))).toList();
  }
}
