package reforest.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import reforest.bundle.ReforestException;
import reforest.cli.terminal.Console;
import reforest.cli.terminal.ConsoleProgress;
import reforest.cli.terminal.View;
import reforest.cli.terminal.Words;
import reforest.config.Secrets;

/** Runs a command's body and makes sure that its end is told: on stdout, on stderr, in a file. */
final class Shell {

  private final Console console;
  private final Supplier<JobRunner> runner;
  private final View view;

  /**
   * @param runner asked only by commands that run a job, so that the others start in an instant
   * @param view how what the commands do and find is told
   */
  Shell(Console console, Supplier<JobRunner> runner, View view) {
    this.console = console;
    this.runner = runner;
    this.view = view;
  }

  Console console() {
    return console;
  }

  View view() {
    return view;
  }

  JobRunner runner() {
    return runner.get();
  }

  /**
   * Runs a body.
   *
   * @param command the command's name
   * @param resultFile where {@code --result} says, if it does
   * @param printed whether the result belongs on stdout
   * @param known what is told besides the error if the body fails, filled by the body
   * @return the exit code
   */
  int run(
      String command,
      Optional<ResultFile> resultFile,
      boolean printed,
      Outcome.Builder known,
      Supplier<Outcome> body) {
    try {
      resultFile.ifPresent(ResultFile::requireWritable);
    } catch (ReforestException e) {
      return refuse(command, Optional.empty(), Failure.of(e));
    }
    Instant startedAt = console.clock().instant();
    long start = console.nanos().getAsLong();
    Result result;
    try {
      Outcome outcome = body.get();
      result = new Result(command, outcome, Optional.empty(), startedAt, secondsSince(start));
    } catch (Throwable e) {
      // Also checked ones: Spark, Delta and Hadoop are written in Scala, which declares none.
      Failure failure = Failure.of(e);
      if (failure.isUnexpected()) {
        StringWriter trace = new StringWriter();
        e.printStackTrace(new PrintWriter(trace));
        console.err().print(Secrets.masked(trace.toString()));
      }
      result = Result.failed(command, failure, known, startedAt, secondsSince(start));
    }
    return finish(result, resultFile, printed);
  }

  /** Tells how a command ended that failed before its body could run. */
  int refuse(String command, Optional<ResultFile> resultFile, Failure failure) {
    Result result =
        Result.failed(command, failure, new Outcome.Builder(), console.clock().instant(), 0);
    return finish(result, resultFile, !command.equals(ScoreCommand.NAME));
  }

  private int finish(Result result, Optional<ResultFile> resultFile, boolean printed) {
    result.error().ifPresent(this::tell);
    int exitCode = result.error().map(Failure::exitCode).orElse(0);
    if (printed) {
      console.out().print(view.words() ? words(result, view.colouredOut()) : result.toJson());
      console.out().flush();
    } else if (view.progress() == ConsoleProgress.Style.CHANGING_LINE) {
      console.err().print(words(result, view.colouredErr()));
    }
    if (resultFile.isPresent()) {
      try {
        resultFile.get().write(result.toJson());
      } catch (Exception e) {
        Failure failure = Failure.of(e);
        tell(failure);
        exitCode = exitCode == 0 ? failure.exitCode() : exitCode;
      }
    }
    return exitCode;
  }

  /**
   * The exit code of a process that is about to end.
   *
   * @param exitCode that of its command, which counts where it tells of a failure
   * @return another one where standard output does not hold all that was printed
   */
  int ended(int exitCode) {
    Optional<Failure> lost = exitCode == 0 ? Stdout.failure(console.out()) : Optional.empty();
    lost.ifPresent(this::tell);
    return lost.map(Failure::exitCode).orElse(exitCode);
  }

  /** What failed was told on standard error. */
  private static String words(Result result, boolean coloured) {
    return result.error().isPresent() ? "" : result.outcome().words().get().text(coloured);
  }

  private void tell(Failure failure) {
    if (failure.isQuiet()) {
      return;
    }
    String error = "error:";
    console
        .err()
        .println(
            (view.colouredErr() ? Words.Tone.BAD.coloured(error) : error)
                + " "
                + failure.message());
    console.err().println("hint: " + failure.hint());
  }

  private double secondsSince(long start) {
    return (console.nanos().getAsLong() - start) / 1e9;
  }
}
