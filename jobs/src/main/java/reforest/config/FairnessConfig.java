package reforest.config;

import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import reforest.bundle.Task;

/**
 * Between which groups of people or things a model is compared with itself.
 *
 * @param columns one comparison for each; its values are the groups. They need not be features
 * @param minRows a group with fewer rows is told as undefined, and is in no gap
 * @param limits the gaps of the challenger that must be shown to lie below something
 */
public record FairnessConfig(List<String> columns, int minRows, Map<Gap, Double> limits)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Nothing is compared. */
  public static final FairnessConfig NONE = new FairnessConfig(List.of(), 30, Map.of());

  /** A group with fewer clusters of rows has no uncertainty that anybody could tell. */
  public static final int FEWEST_CLUSTERS = 2;

  /** A group with fewer rows is never named. */
  public static final int FEWEST_NAMED = 10;

  public FairnessConfig {
    columns = List.copyOf(columns);
    limits = Map.copyOf(limits);
  }

  /** A figure of each group. */
  public enum Measure {
    /** The share of its rows for which the positive class is decided. */
    SELECTION_RATE,
    /** The share of its positive rows for which it is. */
    TRUE_POSITIVE_RATE,
    /** The share of its negative rows for which it is. */
    FALSE_POSITIVE_RATE,
    /** The mean of what is predicted less the mean of what was observed. */
    CALIBRATION,
    /** The primary metric. */
    ERROR;

    /** The name in configurations and records: {@code selection-rate}. */
    public String key() {
      return FairnessConfig.key(this);
    }

    /** Whether a task has it. */
    public boolean fits(Task task) {
      return switch (this) {
        case SELECTION_RATE, TRUE_POSITIVE_RATE, FALSE_POSITIVE_RATE -> task == Task.BINARY;
        case CALIBRATION -> task != Task.MULTICLASS;
        case ERROR -> true;
      };
    }
  }

  /** The largest difference between two groups, of a figure or of the worse of two. */
  public enum Gap {
    /** Of the selection rate (demographic parity; Calders and others 2009). */
    DEMOGRAPHIC_PARITY(Measure.SELECTION_RATE),
    /** The larger of those of both rates (equalized odds; Hardt, Price and Srebro 2016). */
    EQUALIZED_ODDS(Measure.TRUE_POSITIVE_RATE, Measure.FALSE_POSITIVE_RATE),
    /** Of the true positive rate (equal opportunity; the same authors). */
    TRUE_POSITIVE_RATE(Measure.TRUE_POSITIVE_RATE),
    /** Of the false positive rate. */
    FALSE_POSITIVE_RATE(Measure.FALSE_POSITIVE_RATE),
    /** Of the calibration. */
    CALIBRATION(Measure.CALIBRATION),
    /** Of the primary metric. */
    ERROR(Measure.ERROR);

    private final Measure one;
    private final Measure other;

    Gap(Measure of) {
      this(of, of);
    }

    Gap(Measure one, Measure other) {
      this.one = one;
      this.other = other;
    }

    /** The figures whose largest gap it is. */
    public List<Measure> of() {
      return one == other ? List.of(one) : List.of(one, other);
    }

    /** The name in configurations and records: {@code equalized-odds}. */
    public String key() {
      return FairnessConfig.key(this);
    }

    /** Whether a task has it. */
    public boolean fits(Task task) {
      return of().stream().allMatch(measure -> measure.fits(task));
    }
  }

  private static String key(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
