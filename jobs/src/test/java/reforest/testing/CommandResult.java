package reforest.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.function.Supplier;
import reforest.cli.JobRunner;
import reforest.cli.Reforest;
import reforest.cli.terminal.Console;

/** How one command ended: its exit code and what it printed. */
public record CommandResult(int exitCode, String out, String err) {

  /** One document and no more. */
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /** Runs a command in this JVM. */
  public static CommandResult inProcess(Supplier<JobRunner> work, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console =
        new Console(
            new ByteArrayInputStream(new byte[0]),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Map.of(),
            Clock.systemUTC(),
            System::nanoTime);
    int exitCode = Reforest.run(args, console, work);
    return new CommandResult(
        exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** Runs a command in this JVM that must not ask for Spark. */
  public static CommandResult withoutSpark(String... args) {
    return inProcess(
        () -> {
          throw new AssertionError("Spark was asked for");
        },
        args);
  }

  /** The result on stdout. */
  public JsonNode result() {
    return json(out);
  }

  /** Asserts success. */
  public CommandResult succeeded() {
    assertThat(exitCode).as(err).isZero();
    assertThat(result().path("status").textValue()).isEqualTo("ok");
    assertThat(result().path("error").isNull()).isTrue();
    return this;
  }

  /** Asserts the success of a process that is no command and prints what it likes. */
  public CommandResult succeededAsMain() {
    assertThat(exitCode).as(err).isZero();
    return this;
  }

  /** Asserts a failure that a person can mend: told in words, the same ones everywhere. */
  public CommandResult failed(int code, String... words) {
    assertThat(exitCode).as(err).isEqualTo(code);
    assertThat(err).doesNotContain("\tat ").doesNotContain("Exception in thread");
    JsonNode error = result().path("error");
    assertThat(result().path("status").textValue()).isEqualTo("error");
    assertThat(error.path("exitCode").intValue()).isEqualTo(code);
    assertThat(error.path("hint").textValue()).isNotBlank();
    assertThat(error.path("message").textValue()).contains(words);
    assertThat(err)
        .contains("error: " + error.path("message").textValue())
        .contains("hint: " + error.path("hint").textValue());
    return this;
  }

  /** Asserts what the hint tells a person to do. */
  public CommandResult hinting(String... words) {
    assertThat(result().path("error").path("hint").textValue()).contains(words);
    return this;
  }

  public static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new AssertionError(text, e);
    }
  }

  public static JsonNode json(Path file) {
    try {
      return JSON.readTree(file.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
