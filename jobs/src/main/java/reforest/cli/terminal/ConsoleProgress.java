package reforest.cli.terminal;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import reforest.job.Progress;
import reforest.page.NumberText;
import reforest.train.FitsSoFar;

/** Tells a person how a job goes on, and keeps what its result tells should it fail. */
public final class ConsoleProgress implements Progress {

  /** How a person hears of a job. */
  public enum Style {
    /** Lines for a log: each step's begin and end, and what goes on after some silence. */
    LINES,
    /** One line that changes, on a terminal, and a line for each step that has ended. */
    CHANGING_LINE,
    /** Only what may need a person. */
    QUIET
  }

  /** A log shows within this time that a job goes on. */
  private static final Duration SILENCE = Duration.ofSeconds(10);

  public static final String ERASED = "\r\u001B[K";

  /** Without wrapping: what does not fit must not push the line up. */
  private static final String UNWRAPPED = "\r\u001B[?7l";

  private static final String WRAPPED = "\u001B[K\u001B[?7h";

  private final PrintStream err;
  private final Consumer<Known> known;
  private final Style style;
  private final LongSupplier nanos;
  private final SparkTasks tasks;
  private final Duration patience;

  private @Nullable Step step;
  private String doing = "";
  private String fits = "";
  private long since;
  private long lastLine;
  private long lastWarning;
  private boolean hinted;
  private boolean drawn;

  /**
   * One that writes lines and is silent in between.
   *
   * @param err where the lines go
   * @param known what the result tells if the job fails
   */
  public ConsoleProgress(PrintStream err, Consumer<Known> known) {
    this(err, known, Style.LINES, () -> 0, new SparkTasks(() -> 0), SILENCE);
  }

  /**
   * @param nanos a ticker in nanoseconds
   * @param tasks what Spark has to do
   * @param patience how long no task of Spark may end before a person is told
   */
  public ConsoleProgress(
      PrintStream err,
      Consumer<Known> known,
      Style style,
      LongSupplier nanos,
      SparkTasks tasks,
      Duration patience) {
    this.err = err;
    this.known = known;
    this.style = style;
    this.nanos = nanos;
    this.tasks = tasks;
    this.patience = patience;
    this.since = nanos.getAsLong();
    this.lastLine = since;
    this.lastWarning = since;
  }

  /** {@code [3/7] train ...}, a line of its own: the step's log lines come between. */
  @Override
  public synchronized void starts(Step begun) {
    step = begun;
    since = nanos.getAsLong();
    doing = "";
    fits = "";
    switch (style) {
      case LINES -> line(prefix(begun) + " ...");
      case CHANGING_LINE -> draw();
      case QUIET -> {}
    }
  }

  /** {@code [3/7] train 12.3 s}. */
  @Override
  public synchronized void ends(Step ended, boolean done, double seconds) {
    step = null;
    since = nanos.getAsLong();
    doing = "";
    fits = "";
    erase();
    if (style != Style.QUIET) {
      line(
          prefix(ended)
              + String.format(Locale.ROOT, done ? "  %.1f s" : "  failed after %.1f s", seconds));
    }
  }

  @Override
  public synchronized void knows(Known found) {
    known.accept(found);
  }

  @Override
  public synchronized void says(String line) {
    erase();
    if (style != Style.QUIET) {
      line(line);
    }
  }

  @Override
  public synchronized void does(String what) {
    doing = what;
    if (style == Style.CHANGING_LINE) {
      draw();
    }
  }

  /** {@code 24/36 fits, best rmse 52.1}; in a log, the search has a line for each. */
  @Override
  public synchronized void fits(FitsSoFar soFar) {
    lastLine = nanos.getAsLong();
    fits =
        String.format(Locale.ROOT, "%d/%d fits", soFar.done(), soFar.total())
            + (Double.isFinite(soFar.best())
                ? ", best " + soFar.metric().key() + " " + NumberText.plain(soFar.best())
                : "")
            + (soFar.done() == soFar.total() ? ", the winner is fitted on all rows" : "");
    if (style == Style.CHANGING_LINE) {
      draw();
    }
  }

  /** Called about every second: tells what goes on, and what is waited for. */
  public synchronized void tick() {
    long now = nanos.getAsLong();
    warn(now);
    if (style == Style.CHANGING_LINE) {
      draw();
    } else if (style == Style.LINES && now - lastLine >= SILENCE.toNanos()) {
      String what = goesOn();
      line(
          (step == null ? "" : prefix(step) + " ")
              + "still running after "
              + time(now - since)
              + (what.isEmpty() ? "" : ": " + what));
    }
  }

  /** The job has ended: nothing more is drawn. */
  public synchronized void finish() {
    step = null;
    doing = "";
    erase();
  }

  /** The line that changes is gone, and another may be printed in its place. */
  private void erase() {
    if (drawn) {
      err.print(ERASED);
      err.flush();
      drawn = false;
    }
  }

  private void warn(long now) {
    long news = Math.max(Math.max(tasks.lastNews(), since), lastWarning);
    if (step == null || now - news < patience.toNanos()) {
      return;
    }
    lastWarning = now;
    erase();
    line(
        "%s has seen no task of Spark end for %s: %s"
            .formatted(
                prefix(step), time(now - Math.max(tasks.lastNews(), since)), tasks.waitsFor()));
    if (!hinted) {
      hinted = true;
      line(
          "hint: 'jstack %d' shows where it is; a command that was stopped can be run again"
              .formatted(ProcessHandle.current().pid()));
    }
  }

  private void draw() {
    if (step == null && doing.isEmpty()) {
      return;
    }
    List<String> parts = new ArrayList<>();
    String what = goesOn();
    if (!what.isEmpty()) {
      parts.add(what);
    }
    parts.add(time(nanos.getAsLong() - since));
    String text = (step == null ? "" : prefix(step) + " ") + String.join(", ", parts);
    err.print(UNWRAPPED + text + WRAPPED);
    err.flush();
    drawn = true;
  }

  private String goesOn() {
    List<String> parts = new ArrayList<>();
    if (!fits.isEmpty()) {
      parts.add(fits);
    } else if (!doing.isEmpty()) {
      parts.add(doing);
    }
    String counts = tasks.counts();
    if (!counts.isEmpty()) {
      parts.add(counts);
    }
    return String.join(", ", parts);
  }

  private void line(String text) {
    err.println(text);
    lastLine = nanos.getAsLong();
  }

  /** {@code 0:41}, or {@code 1:02:03}. */
  public static String time(long nanos) {
    Duration time = Duration.ofNanos(nanos);
    return time.toHours() > 0
        ? String.format(
            Locale.ROOT, "%d:%02d:%02d", time.toHours(), time.toMinutesPart(), time.toSecondsPart())
        : String.format(Locale.ROOT, "%d:%02d", time.toMinutes(), time.toSecondsPart());
  }

  private static String prefix(Step step) {
    return "[" + step.number() + "/" + step.total() + "] " + step.name();
  }
}
