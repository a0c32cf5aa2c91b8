package reforest.bench;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jpmml.evaluator.Evaluator;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import reforest.bundle.Scorer;

/**
 * From the file to a model that is ready to score; ours also checks digests and scores its rows.
 */
@State(Scope.Thread)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class LoadingBenchmark {

  /** Where {@link MakeModels} wrote. */
  @Param("")
  public String folder = "";

  private Scorer load() {
    return Models.ours(Path.of(folder));
  }

  private Evaluator loadByJpmml() {
    return Models.jpmml(Path.of(folder));
  }

  /** Again and again. */
  @Benchmark
  @BenchmarkMode(Mode.AverageTime)
  @Fork(1)
  @Warmup(iterations = 3, time = 2)
  @Measurement(iterations = 3, time = 2)
  public Scorer ours() {
    return load();
  }

  /** Again and again. */
  @Benchmark
  @BenchmarkMode(Mode.AverageTime)
  @Fork(1)
  @Warmup(iterations = 3, time = 2)
  @Measurement(iterations = 3, time = 2)
  public Evaluator jpmml() {
    return loadByJpmml();
  }

  /** Once in a process that has just started, as a service does. */
  @Benchmark
  @BenchmarkMode(Mode.SingleShotTime)
  @Fork(3)
  @Warmup(iterations = 0)
  @Measurement(iterations = 1)
  public Scorer oursFirst() {
    return load();
  }

  /** Once in a process that has just started, as a service does. */
  @Benchmark
  @BenchmarkMode(Mode.SingleShotTime)
  @Fork(3)
  @Warmup(iterations = 0)
  @Measurement(iterations = 1)
  public Evaluator jpmmlFirst() {
    return loadByJpmml();
  }
}
