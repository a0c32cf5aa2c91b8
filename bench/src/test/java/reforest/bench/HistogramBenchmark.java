package reforest.bench;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What one addition to a histogram takes at least: rows in their order, and bins that stay in the
 * nearest cache. A trainer also reads rows out of order, splits them, and looks for splits.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class HistogramBenchmark {

  private static final int ROWS = 100_000;
  private static final int COLUMNS = 4;
  private static final int BINS = 255;

  private final byte[][] columns = new byte[COLUMNS][ROWS];
  private final long[] adds = new long[ROWS];
  private final long[][] sums = new long[COLUMNS][256];

  /** Fills the columns. */
  @Setup
  public void fill() {
    Random random = new Random(7);
    for (int row = 0; row < ROWS; row++) {
      adds[row] = random.nextLong();
      for (byte[] column : columns) {
        column[row] = (byte) random.nextInt(BINS);
      }
    }
  }

  /** One pass over all rows. */
  @Benchmark
  @OperationsPerInvocation(ROWS * COLUMNS)
  public long add() {
    byte[] a = columns[0];
    byte[] b = columns[1];
    byte[] c = columns[2];
    byte[] d = columns[3];
    long[] ofA = sums[0];
    long[] ofB = sums[1];
    long[] ofC = sums[2];
    long[] ofD = sums[3];
    for (int row = 0; row < ROWS; row++) {
      long add = adds[row];
      ofA[a[row] & 255] += add;
      ofB[b[row] & 255] += add;
      ofC[c[row] & 255] += add;
      ofD[d[row] & 255] += add;
    }
    return ofA[0] + ofB[0] + ofC[0] + ofD[0];
  }
}
