package reforest.train;

import static org.apache.spark.sql.functions.lit;

import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.spark.ml.Model;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import reforest.features.Recipe;
import reforest.features.TrainingRows;

/** Fits candidates on a fold's rows. */
interface Trainer {

  /**
   * A fitted candidate.
   *
   * @param recipe how the features that it reads are made
   * @param trees as MLlib's model
   * @param predictions adds what it predicts to rows in the form of {@link TrainingRows}, and
   *     whatever else {@link FoldEvaluator} reads where it scores them
   * @param seconds what its fit took, from the first tree to its last
   * @param cost what it costs those who use it
   */
  record Fitted(
      Recipe recipe,
      Supplier<Model<?>> trees,
      UnaryOperator<Dataset<Row>> predictions,
      double seconds,
      ModelCost cost) {

    /** Of a candidate that there was no time for; its predictions are null. */
    static Fitted leftOut(Recipe recipe) {
      return new Fitted(
          recipe,
          () -> {
            throw new IllegalStateException("a candidate without a fit cannot win");
          },
          rows -> rows.withColumn("prediction", lit(null).cast("double")),
          Double.NaN,
          ModelCost.UNKNOWN);
    }

    boolean isLeftOut() {
      return Double.isNaN(seconds);
    }
  }

  /**
   * Fits one candidate; a trainer may fit the fold's others on the way.
   *
   * @param fold all of its rows
   */
  Fitted fit(FoldRows.Prepared fold, int candidate);

  /**
   * How a candidate did on the rows that its fold left out.
   *
   * @param score the metric; NaN where it is undefined
   * @param curve what each threshold between two classes would cost, where one will be chosen
   */
  record Scored(double score, Optional<ThresholdCurve> curve) {
    /** Of a candidate that there was no time for. */
    static final Scored LEFT_OUT = new Scored(Double.NaN, Optional.empty());
  }

  /**
   * The candidate's score on the rows that its fold left out, where the trainer computes it.
   *
   * @param validation these rows, in the form of {@link TrainingRows}
   */
  Optional<Scored> score(int fold, int candidate, Dataset<?> validation);

  /**
   * Which engine grows the trees, in words for the run's record: its name, and the reason where it
   * is not the default.
   */
  String engine();

  /** Lets go of what is held for a fold. */
  void release();
}
