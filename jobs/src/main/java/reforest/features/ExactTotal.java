package reforest.features;

import java.io.Serializable;
import java.nio.ByteBuffer;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.expressions.Aggregator;
import org.jspecify.annotations.Nullable;
import reforest.statistics.ExactSum;

/**
 * Sum and number of all values so far, without any rounding, as bytes: the difference of two totals
 * tells of the values between them, and a window that only grows adds each row once.
 */
public final class ExactTotal extends Aggregator<@Nullable Double, ExactTotal.Total, byte[]> {
  private static final long serialVersionUID = 1L;

  /** Sum and number of the values so far. */
  public static final class Total implements Serializable {
    private static final long serialVersionUID = 1L;

    private final ExactSum sum = new ExactSum();
    private long values;
  }

  /**
   * The mean of the values that one total has and an earlier one of the same rows has not: their
   * exact sum, rounded once, divided by how many they are; null without any.
   */
  static @Nullable Double mean(byte[] total, byte[] earlier) {
    ByteBuffer to = ByteBuffer.wrap(total);
    ByteBuffer from = ByteBuffer.wrap(earlier);
    long values = to.getLong() - from.getLong();
    if (values == 0) {
      return null;
    }
    ExactSum sum = new ExactSum();
    while (to.hasRemaining()) {
      sum.add(to.getDouble());
    }
    while (from.hasRemaining()) {
      sum.add(-from.getDouble());
    }
    return sum.value() / values;
  }

  @Override
  public Total zero() {
    return new Total();
  }

  @Override
  public Total reduce(Total total, @Nullable Double value) {
    if (value != null) {
      total.sum.add(value);
      total.values++;
    }
    return total;
  }

  @Override
  public Total merge(Total one, Total other) {
    one.sum.add(other.sum);
    one.values += other.values;
    return one;
  }

  @Override
  public byte[] finish(Total total) {
    double[] parts = total.sum.parts();
    ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES + parts.length * Double.BYTES);
    bytes.putLong(total.values);
    for (double part : parts) {
      bytes.putDouble(part);
    }
    return bytes.array();
  }

  @Override
  public Encoder<Total> bufferEncoder() {
    return Encoders.javaSerialization(Total.class);
  }

  @Override
  public Encoder<byte[]> outputEncoder() {
    return Encoders.BINARY();
  }
}
