package reforest.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import reforest.bundle.Follower;
import reforest.bundle.Pace;
import reforest.bundle.Pulled;
import reforest.bundle.Puller;
import reforest.bundle.Store;
import reforest.cli.terminal.NextCommand;

@Command(
    name = PullCommand.NAME,
    header = "Copy the champion's bundle into a folder, verified.",
    description = {
      "Each file's size and digest are checked, and the model must load and repeat its own test"
          + " predictions, before the folder's current.json points to it. The bundle before it stays."
          + " It never goes back to an older promotion; a promotion log that is gone, went back or lacks"
          + " an entry is an error."
    },
    footer = {
      "%nExamples:",
      "  reforest pull bikeshare served --home reforest-demo",
      "  reforest pull bikeshare served --home s3a://bucket/forest --every 60",
      "  reforest score --bundle served hours.csv"
    })
final class PullCommand extends HomeCommand {

  static final String NAME = "pull";

  private static final int SLOWER_WHILE_AWAY = 5;

  @Parameters(index = "0", paramLabel = "MODEL", description = "The model to pull.")
  private String model = "";

  @Parameters(
      index = "1",
      paramLabel = "DIR",
      description = "A local folder; created if there is none.")
  private Path into = Path.of("");

  @Parameters(index = "2..*", paramLabel = SETTINGS, description = ABOUT_SETTINGS)
  private List<String> settings = new ArrayList<>();

  @Option(
      names = "--every",
      paramLabel = "SECONDS",
      description =
          "Keep pulling until stopped, a look in about so many seconds and fewer while the store is"
              + " away. Each news and each failure is a line on stderr.")
  private @Nullable Integer everySeconds;

  PullCommand(Shell shell) {
    super(shell, NAME);
  }

  @Override
  List<String> typed() {
    return settings;
  }

  @Override
  void validate() {
    super.validate();
    if (everySeconds != null && everySeconds < 1) {
      throw refusal("--every must be at least 1 second, got " + everySeconds);
    }
  }

  @Override
  Outcome run() {
    known().model(model);
    Store store = store(model);
    if (everySeconds != null) {
      return keepPulling(model, store, Duration.ofSeconds(everySeconds));
    }
    Pulled pulled = new Puller(store, into).pull();
    return Outcome.of(model)
        .champion(pulled.promotion().sequence(), pulled.promotion().bundle())
        .bundle(pulled.promotion().bundle(), pulled.folder().toString())
        .detail("changed", pulled.changed())
        .words(
            words ->
                words
                    .say(
                        "%s: promotion %d is in %s%s"
                            .formatted(
                                model,
                                pulled.promotion().sequence(),
                                into,
                                pulled.changed() ? "" : ", as it was before"))
                    .fact("bundle", pulled.folder().toString())
                    .next(
                        NextCommand.of(
                            console().environment(),
                            List.of("score", "--bundle", into.toString(), "rows.csv"))))
        .build();
  }

  /** Only a first pull looks which models there are, so that all others list nothing. */
  private Store store(String name) {
    return Files.exists(into.resolve("current.json")) ? home().store(name) : home().existing(name);
  }

  /** Returns when this thread is interrupted; a signal ends the process. */
  private Outcome keepPulling(String name, Store store, Duration every) {
    Pace pace = new Pace(every, every.multipliedBy(SLOWER_WHILE_AWAY));
    try (Follower follower = Follower.open(store, into, console().clock())) {
      long[] told = {0};
      follower.follow(
          pace,
          ProcessHandle.current().pid(),
          () -> {
            long sequence = follower.served().sequence();
            String failure =
                follower
                    .status()
                    .lastFailure()
                    .map(e -> "; nothing newer could be pulled: " + Failure.of(e).message())
                    .orElse("");
            if (sequence != told[0] || !failure.isEmpty()) {
              told[0] = sequence;
              console().err().println("promotion " + sequence + " is in " + into + failure);
            }
          });
      Follower.Served served = follower.served();
      return Outcome.of(name)
          .champion(served.sequence(), served.digest())
          .bundle(served.digest(), into.resolve(served.digest()).toString())
          .words(words -> words.say("stopped at promotion " + served.sequence()))
          .build();
    }
  }
}
