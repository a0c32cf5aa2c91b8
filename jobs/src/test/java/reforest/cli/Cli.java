package reforest.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.function.Supplier;
import reforest.cli.terminal.Console;
import reforest.cli.terminal.Terminal;

/** One run of the command line in this JVM, with what it printed. */
public record Cli(int exitCode, String out, String err) {

  static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  static Cli run(Supplier<JobRunner> work, String stdin, String... args) {
    return run(Terminal.NONE, Map.of(), work, stdin, args);
  }

  /** A command whose streams are terminals, and that must not ask for Spark. */
  static Cli onTerminal(Map<String, String> environment, String... args) {
    return onTerminal(environment, Cli::noSpark, args);
  }

  static Cli onTerminal(Map<String, String> environment, Supplier<JobRunner> work, String... args) {
    return run(new Terminal(true, true), environment, work, "", args);
  }

  private static Cli run(
      Terminal terminal,
      Map<String, String> environment,
      Supplier<JobRunner> work,
      String stdin,
      String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console =
        new Console(
            new ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8)),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            environment,
            Clock.fixed(NOW, ZoneOffset.UTC),
            () -> 0,
            terminal);
    int exitCode = Reforest.run(args, console, work);
    return new Cli(
        exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** A command that must not ask for Spark. */
  static Cli run(String... args) {
    return run(Cli::noSpark, "", args);
  }

  private static JobRunner noSpark() {
    throw new AssertionError("Spark was asked for");
  }

  /** The result on stdout. */
  JsonNode result() {
    return json(out);
  }

  static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
