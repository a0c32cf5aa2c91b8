package reforest.evaluate;

import java.util.List;
import java.util.Optional;
import reforest.statistics.Estimate;

/**
 * What charts of one role's predictions are drawn from, over all rows. What is about two classes is
 * empty for a regression, and the other way about.
 *
 * @param positive the class that probabilities are of; empty for a regression
 * @param roc from (0, 0) to (1, 1), some fifty points
 * @param precisionRecall by growing recall, some fifty points
 * @param bins of probabilities, growing
 * @param deciles of predictions, growing
 */
public record RoleCurves(
    Optional<String> positive,
    List<Point> roc,
    List<Point> precisionRecall,
    List<Bin> bins,
    List<Decile> deciles) {
  public RoleCurves {
    roc = List.copyOf(roc);
    precisionRecall = List.copyOf(precisionRecall);
    bins = List.copyOf(bins);
    deciles = List.copyOf(deciles);
  }

  /**
   * What follows of taking for positive what has at least some probability.
   *
   * @param x share of the negative rows that are taken for positive, or recall
   * @param y share of the positive rows that are, or precision
   * @param threshold the probability; infinite where no row has it
   */
  public record Point(double x, double y, double threshold) {}

  /**
   * Rows of about the same prediction.
   *
   * @param rows how many
   * @param least the least prediction
   * @param greatest the greatest
   * @param predicted the mean prediction
   * @param observed the mean label, or the share of positive rows
   */
  public record Bin(
      long rows, double least, double greatest, double predicted, Estimate observed) {}

  /**
   * Rows of about the same prediction of a number.
   *
   * @param bin the rows
   * @param residuals prediction less label at 5 %, 25 %, 50 %, 75 % and 95 %
   */
  public record Decile(Bin bin, List<Double> residuals) {
    public Decile {
      residuals = List.copyOf(residuals);
    }
  }
}
