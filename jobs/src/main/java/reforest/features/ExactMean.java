package reforest.features;

import java.io.Serializable;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.expressions.Aggregator;
import org.jspecify.annotations.Nullable;
import reforest.statistics.ExactSum;

/**
 * The mean of numbers: their exact sum, rounded once, divided by how many they are, so that the
 * order of rows cannot show; null without any.
 */
public final class ExactMean extends Aggregator<@Nullable Double, ExactMean.Sum, @Nullable Double> {
  private static final long serialVersionUID = 1L;

  /** Sum and number of the terms so far. */
  public static final class Sum implements Serializable {
    private static final long serialVersionUID = 1L;

    private final ExactSum sum = new ExactSum();
    private long terms;
  }

  @Override
  public Sum zero() {
    return new Sum();
  }

  @Override
  public Sum reduce(Sum sum, @Nullable Double term) {
    if (term != null) {
      sum.sum.add(term);
      sum.terms++;
    }
    return sum;
  }

  @Override
  public Sum merge(Sum one, Sum other) {
    one.sum.add(other.sum);
    one.terms += other.terms;
    return one;
  }

  @Override
  public @Nullable Double finish(Sum sum) {
    return sum.terms == 0 ? null : sum.sum.value() / sum.terms;
  }

  @Override
  public Encoder<Sum> bufferEncoder() {
    return Encoders.javaSerialization(Sum.class);
  }

  @Override
  public Encoder<@Nullable Double> outputEncoder() {
    return Encoders.DOUBLE();
  }
}
