package reforest.cli;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import reforest.bundle.ReforestException;
import reforest.config.ConfigReader;
import reforest.config.ModelConfig;
import reforest.home.Home;
import reforest.home.Location;

/** A command that needs a home, and perhaps a model's name, but neither contract nor Spark. */
abstract class HomeCommand extends ShellCommand {

  static final String SETTINGS = "KEY=VALUE";
  static final String ABOUT_SETTINGS =
      "Settings that go before the file's; without a file only home=URI.";

  private static final String HOME = "home=";

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

  @Spec private @Nullable CommandSpec spec;

  private @Nullable ModelConfig config;

  HomeCommand(Shell shell, String name) {
    super(shell, name);
  }

  /** What was typed as {@link #SETTINGS}. */
  abstract List<String> typed();

  @Override
  void validate() {
    for (String word : typed()) {
      if (!isSetting(word)) {
        throw refusal("'" + word + "' is one argument too many; a setting is KEY=VALUE");
      }
      if (file == null && !word.startsWith(HOME)) {
        throw refusal("'" + word + "' changes a configuration, and none is named; add --conf FILE");
      }
    }
  }

  static boolean isSetting(String word) {
    return word.contains("=");
  }

  final ParameterException refusal(String message) {
    return new ParameterException(Objects.requireNonNull(spec).commandLine(), message);
  }

  final Home home() {
    return Home.at(place(), spark());
  }

  /** Another command on the home that was typed. */
  final String next(String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    if (file != null) {
      all.addAll(List.of("--conf", file.toString()));
    }
    if (home != null) {
      all.addAll(List.of("--home", home));
    }
    all.addAll(typed());
    return NextCommand.of(console().environment(), all);
  }

  private URI place() {
    ModelConfig read = config();
    if (read != null) {
      return read.home();
    }
    String found = console().environment().getOrDefault("REFOREST_HOME", "reforest-home");
    for (String setting : overrides()) {
      found = setting.substring(HOME.length());
    }
    return Location.of(found);
  }

  private List<String> overrides() {
    List<String> all = new ArrayList<>(typed());
    if (home != null) {
      all.add(HOME + home);
    }
    return all;
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
      config = ConfigReader.read(List.of(file), overrides(), console().environment()).model();
    }
    return config;
  }
}
