package reforest.bench;

import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** One row at a time, each another one; and many rows, by one thread. */
@State(Scope.Thread)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 4, time = 1)
public class ScoringBenchmark {

  private static final int ROWS = 1000;

  /** Where {@link MakeModels} wrote. */
  @Param("")
  public String folder = "";

  /** Ours with rows as arrays or by name, and the others. */
  @Param({"array", "named", "mllib", "jpmml", "onnx"})
  public String engine = "";

  private Engine engines;
  private int row;

  /** Loads the engine's model. */
  @Setup
  public void load() throws IOException, OrtException {
    engines = Engine.of(engine, Path.of(folder));
  }

  /** Latency of one row, microseconds. */
  @Benchmark
  @BenchmarkMode(Mode.SampleTime)
  @OutputTimeUnit(TimeUnit.MICROSECONDS)
  public double oneRow() {
    row = row + 1 == ROWS ? 0 : row + 1;
    return engines.one(row);
  }

  /** Rows a second. */
  @Benchmark
  @BenchmarkMode(Mode.Throughput)
  @OutputTimeUnit(TimeUnit.SECONDS)
  @OperationsPerInvocation(ROWS)
  public double manyRows() {
    return engines.all();
  }
}
