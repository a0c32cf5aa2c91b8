package reforest.cli;

import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import reforest.bundle.Pulled;
import reforest.bundle.Puller;

@Command(
    name = PullCommand.NAME,
    header = "Copy the champion's bundle into a folder, verified.",
    description = {
      "Each file's size and digest are checked, and the model must load and repeat its own test"
          + " predictions, before the folder's current.json points to it. It never goes back to an"
          + " older promotion."
    },
    footer = {
      "%nExamples:",
      "  reforest pull --home reforest-demo --model bikeshare --into served",
      "  reforest score --bundle served hours.csv"
    })
final class PullCommand extends HomeCommand {

  static final String NAME = "pull";

  @Option(names = "--model", paramLabel = "NAME", description = "The model to pull.")
  private @Nullable String model;

  @Option(
      names = "--into",
      paramLabel = "DIR",
      required = true,
      description = "A local folder; created if there is none.")
  private Path into = Path.of("");

  PullCommand(Shell shell) {
    super(shell, NAME);
  }

  @Override
  Outcome run() {
    String name = model(model);
    URI home = home();
    Pulled pulled = new Puller(Champions.store(home, name, spark()), into).pull();
    return Outcome.of(name)
        .champion(pulled.promotion().sequence(), pulled.promotion().bundle())
        .bundle(pulled.promotion().bundle(), pulled.folder().toString())
        .detail("changed", pulled.changed())
        .build();
  }
}
