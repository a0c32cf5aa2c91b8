package reforest.cli;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import reforest.bundle.ReforestException;
import reforest.config.ConfigReader;
import reforest.config.ModelConfig;

/** A command that needs a home, and perhaps a model's name, but neither contract nor Spark. */
abstract class HomeCommand extends ShellCommand {

  @Option(
      names = "--conf",
      paramLabel = "FILE",
      description = "A model's configuration, which names model and home.")
  private @Nullable Path file;

  @Option(
      names = "--home",
      paramLabel = "URI",
      description = "Folder of the models; by default $REFOREST_HOME, or reforest-home.")
  private @Nullable String home;

  private @Nullable ModelConfig config;

  HomeCommand(Shell shell, String name) {
    super(shell, name);
  }

  final URI home() {
    ModelConfig read = config();
    if (read != null) {
      return read.home();
    }
    String fromEnvironment = console().environment().get("REFOREST_HOME");
    if (home != null) {
      return Location.of(home);
    }
    return Location.of(fromEnvironment != null ? fromEnvironment : "reforest-home");
  }

  /**
   * The model that was named, by itself or by a configuration.
   *
   * @param how the way to name one on the command line
   * @throws ReforestException of kind {@code ARGUMENTS} when none was
   */
  final String model(@Nullable String named, String how) {
    String name =
        Optional.ofNullable(named)
            .or(() -> Optional.ofNullable(config()).map(ModelConfig::model))
            .orElseThrow(
                () ->
                    new ReforestException(
                        ReforestException.Kind.ARGUMENTS,
                        "no model is named",
                        "add " + how + " or --conf FILE; 'reforest models' lists the names"));
    known().model(name);
    return name;
  }

  private @Nullable ModelConfig config() {
    if (config == null && file != null) {
      List<String> overrides = home == null ? List.of() : List.of("home=" + home);
      config = ConfigReader.read(List.of(file), overrides, console().environment()).model();
    }
    return config;
  }
}
