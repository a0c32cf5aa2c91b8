package reforest.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import reforest.bundle.Bundle;
import reforest.bundle.LocalStore;
import reforest.bundle.Promotion;
import reforest.bundle.PromotionLog;
import reforest.bundle.Scorer;
import reforest.bundle.Store;
import reforest.cli.Reforest;
import reforest.cli.SharedRunner;
import reforest.cli.terminal.Console;
import reforest.home.Home;
import reforest.registry.RunRecord;
import reforest.registry.Runs;

/** One model in a home of its own: what a person types, and what then lies there. */
public record OneModelHome(SparkSession spark, String model, Path conf, Path home) {

  /** A model with nothing but its configuration. */
  public static OneModelHome of(
      SparkSession spark, Path folder, String model, String configuration) {
    Path conf = folder.resolve(model + ".conf");
    try {
      Files.writeString(conf, "model = " + model + "\n" + configuration, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new OneModelHome(spark, model, conf, folder.resolve("home"));
  }

  /** Ingests rows and returns the table's version then. */
  public long ingest(Dataset<Row> rows) {
    Path source = home.resolveSibling(model + "-source");
    rows.coalesce(1).write().mode("overwrite").parquet(source.toString());
    return run("ingest", "--source", source.toString())
        .succeeded()
        .result()
        .path("dataVersion")
        .longValue();
  }

  /**
   * The same model with all that it has so far, in another folder, where nothing changes this one.
   */
  public OneModelHome copiedTo(Path folder) {
    OneModelHome copy = new OneModelHome(spark, model, conf, folder.resolve("home"));
    try (Stream<Path> all = Files.walk(home)) {
      for (Path file : all.toList()) {
        Path to = copy.home().resolve(home.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(to);
        } else {
          Files.copy(file, to);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return copy;
  }

  /** Runs a command on the model. */
  public CommandResult run(String command, String... more) {
    return watched(line -> {}, command, more);
  }

  /** Runs a command on the model and tells of each stage's line before the command goes on. */
  public CommandResult watched(Consumer<String> stages, String command, String... more) {
    List<String> args = new ArrayList<>();
    args.addAll(List.of(command, "--conf", conf.toString(), "--home", home.toString()));
    args.addAll(List.of(more));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream told =
        new PrintStream(err, true, StandardCharsets.UTF_8) {
          @Override
          public void println(String line) {
            super.println(line);
            stages.accept(line);
          }
        };
    Console console =
        new Console(
            new ByteArrayInputStream(new byte[0]),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            told,
            Map.of(),
            Clock.systemUTC(),
            System::nanoTime);
    int exitCode = Reforest.run(args.toArray(String[]::new), console, SharedRunner.on(spark));
    return new CommandResult(
        exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** What {@code models NAME} shows, which needs neither Spark nor configuration. */
  public JsonNode shown() {
    return CommandResult.withoutSpark("models", model, "--home", home.toString())
        .succeeded()
        .result();
  }

  /** What services read. */
  public Store store() {
    return new LocalStore(home.resolve("models").resolve(model));
  }

  /** The champion's scorer, as a service loads it. */
  public Scorer champion() {
    Promotion promotion = new PromotionLog(store()).champion().orElseThrow();
    return Scorer.of(Bundle.read(store(), Home.bundle(promotion.bundle())));
  }

  /** The record of the run that a result names. */
  public RunRecord record(JsonNode result) {
    return new Runs(store()).latest(result.path("run").textValue()).orElseThrow();
  }
}
