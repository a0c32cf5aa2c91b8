package reforest.registry;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What charts of a run's models are drawn from, over all rows of the window; at most some fifty
 * points a curve.
 *
 * @param models one for each of whom there is anything to draw, the challenger first
 */
public record Curves(List<Model> models) {
  public Curves {
    models = List.copyOf(Objects.requireNonNullElse(models, List.of()));
  }

  /**
   * One model's curves. Those of two classes are empty for all else, and those of a regression for
   * classes.
   *
   * @param role whose: challenger, champion, anchor, dummy or rule
   * @param positive the class that probabilities are of; null for a regression
   * @param roc points of the ROC curve, from (0, 0) to (1, 1)
   * @param precisionRecall points of the precision-recall curve, by growing recall
   * @param reliability bins of predicted probability, by growing probability; ten where
   *     probabilities differ, with about as many rows each
   * @param deciles tenths of the rows by growing prediction of a regression; fewer where
   *     predictions are equal
   */
  public record Model(
      String role,
      @Nullable String positive,
      List<RocPoint> roc,
      List<PrecisionPoint> precisionRecall,
      List<Bin> reliability,
      List<Decile> deciles) {
    public Model {
      roc = List.copyOf(roc);
      precisionRecall = List.copyOf(precisionRecall);
      reliability = List.copyOf(reliability);
      deciles = List.copyOf(deciles);
    }
  }

  /**
   * What follows of taking all rows for positive whose probability is at least a threshold.
   *
   * @param falsePositiveRate share of the negative rows that are taken for positive
   * @param truePositiveRate share of the positive rows that are
   * @param threshold the probability; null at (0, 0), where no row is taken for positive
   */
  public record RocPoint(
      double falsePositiveRate, double truePositiveRate, @Nullable Double threshold) {}

  /**
   * What follows of taking all rows for positive whose probability is at least a threshold.
   *
   * @param recall share of the positive rows that are taken for positive
   * @param precision share of the rows taken for positive that are
   * @param threshold the probability
   */
  public record PrecisionPoint(double recall, double precision, double threshold) {}

  /**
   * Rows of about the same predicted probability.
   *
   * @param rows how many
   * @param least the least probability among them
   * @param greatest the greatest
   * @param predicted mean predicted probability
   * @param observed share of them that is positive
   * @param lower lower end of the two-sided 95 % interval of that, by cluster; null when unknown
   * @param upper its upper end
   */
  public record Bin(
      long rows,
      double least,
      double greatest,
      double predicted,
      double observed,
      @Nullable Double lower,
      @Nullable Double upper) {}

  /**
   * Rows of about the same prediction of a number, in the label's unit.
   *
   * @param rows how many
   * @param least the least prediction among them
   * @param greatest the greatest
   * @param predicted mean prediction
   * @param observed mean label
   * @param lower lower end of the two-sided 95 % interval of that, by cluster; null when unknown
   * @param upper its upper end
   * @param residuals quantiles of prediction less label
   */
  public record Decile(
      long rows,
      double least,
      double greatest,
      double predicted,
      double observed,
      @Nullable Double lower,
      @Nullable Double upper,
      Residuals residuals) {}

  /** Quantiles of prediction less label: 5 %, 25 %, the median, 75 % and 95 %. */
  public record Residuals(double q05, double q25, double median, double q75, double q95) {}
}
