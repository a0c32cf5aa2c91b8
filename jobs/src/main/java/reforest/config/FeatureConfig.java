package reforest.config;

import java.util.List;
import java.util.Optional;
import reforest.bundle.CalendarField;
import reforest.bundle.SeriesField;

/**
 * What the model may look at.
 *
 * @param numeric columns read as numbers
 * @param categorical columns read as categories
 * @param derived columns computed from the numeric ones, in the order in which they are declared
 * @param acknowledged features that may predict the label almost alone
 * @param imputation what stands in for a missing number
 * @param minCategoryRows a category with fewer training rows is treated like an unseen one
 * @param maxCategories most categories that are told apart, the most frequent ones
 * @param calendar features that are read off times; {@code numeric} or {@code categorical} names
 *     them, too
 * @param series features that are taken from earlier rows; {@code numeric} names them, too
 */
public record FeatureConfig(
    List<String> numeric,
    List<String> categorical,
    List<Derived> derived,
    List<String> acknowledged,
    Imputation imputation,
    int minCategoryRows,
    int maxCategories,
    List<Calendar> calendar,
    List<Series> series) {
  public FeatureConfig {
    numeric = List.copyOf(numeric);
    categorical = List.copyOf(categorical);
    calendar = List.copyOf(calendar);
    series = List.copyOf(series);
    derived = List.copyOf(derived);
    acknowledged = List.copyOf(acknowledged);
  }

  /** How the feature of that name is read off a time; empty where it is not. */
  public Optional<CalendarField> calendar(String name) {
    return calendar.stream()
        .filter(feature -> feature.name().equals(name))
        .map(Calendar::field)
        .findFirst();
  }

  /** How the feature of that name is taken from earlier rows; empty where it is not. */
  public Optional<SeriesField> series(String name) {
    return series.stream()
        .filter(feature -> feature.name().equals(name))
        .map(Series::field)
        .findFirst();
  }

  /**
   * A feature that is taken from earlier rows.
   *
   * @param name its name
   * @param field what is taken of which rows
   */
  public record Series(String name, SeriesField field) {}

  /**
   * A feature that is read off a time.
   *
   * @param name its name
   * @param field which time, and what of it
   */
  public record Calendar(String name, CalendarField field) {}

  /** What stands in for a missing number; medians and means are those of the fold's rows. */
  public enum Imputation {
    /** The median. */
    MEDIAN,
    /** The mean. */
    MEAN,
    /** A number above every value, {@link Double#MAX_VALUE}, so that missing values sort last. */
    HIGHEST
  }

  /**
   * How a derived column is computed from its operands, after missing ones were replaced; where
   * they count as highest, a column of one that is missing is missing, too.
   */
  public enum Operation {
    /** First divided by second; {@code otherwise} where the second is 0. */
    RATIO,
    /** First less second. */
    DIFFERENCE,
    /** Natural logarithm of the operand, or of {@code floor} where it is smaller. */
    LOG,
    /** How many of the increasing {@code at} the operand reaches: 0, 1, ... */
    BUCKET,
    /** Smallest operand. */
    MINIMUM,
    /** Largest operand. */
    MAXIMUM
  }

  /**
   * A derived column.
   *
   * @param name its name
   * @param operation how it is computed
   * @param of its operands: numeric features or derived columns declared before it
   * @param constant {@code otherwise} of a ratio, {@code floor} (above 0) of a logarithm; else 0
   * @param at cut points of a bucket, increasing; else empty
   */
  public record Derived(
      String name, Operation operation, List<String> of, double constant, List<Double> at) {
    public Derived {
      of = List.copyOf(of);
      at = List.copyOf(at);
    }
  }
}
