package reforest.cli;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import reforest.bundle.ReforestException;
import reforest.cli.terminal.NextCommand;
import reforest.config.ConfigReader;
import reforest.config.Configuration;
import reforest.home.Home;
import reforest.home.Location;
import reforest.home.Patience;

/** A command that needs a home, and perhaps a model's name, but neither contract nor Spark. */
abstract class HomeCommand extends ShellCommand {

  static final String SETTINGS = "KEY=VALUE";
  static final String ABOUT_SETTINGS =
      "Settings that go before the file's; without a file only home=URI.";

  private static final String HOME = "home=";

  @Option(
      names = "--conf",
      paramLabel = "FILE",
      description =
          "A model's configuration, which names model and home: a path, a URI of any Hadoop file"
              + " system, or - for standard input.")
  private @Nullable String file;

  @Option(
      names = "--home",
      paramLabel = "URI",
      description = "Folder of the models; by default $REFOREST_HOME, or reforest-home.")
  private @Nullable String home;

  @Spec private @Nullable CommandSpec spec;

  private @Nullable Configuration config;

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

  final boolean readsConfFromStdin() {
    return ConfFile.STDIN.equals(file);
  }

  static boolean isSetting(String word) {
    return word.contains("=");
  }

  final ParameterException refusal(String message) {
    return new ParameterException(Objects.requireNonNull(spec).commandLine(), message);
  }

  final Home home() {
    Configuration read = config();
    URI place = read == null ? place() : read.model().home();
    Duration patience = read == null ? Patience.DEFAULT : read.store().timeout();
    return Home.at(place, Patience.within(place, spark(), patience));
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
    String found = console().environment().getOrDefault("REFOREST_HOME", "");
    found = found.isEmpty() ? "reforest-home" : found;
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
            .or(() -> Optional.ofNullable(config()).map(read -> read.model().model()))
            .orElseThrow(
                () ->
                    new ReforestException(
                        ReforestException.Kind.ARGUMENTS,
                        "no model is named",
                        "add " + how + " or --conf FILE; 'reforest models' lists the names"));
    known().model(name);
    return name;
  }

  /** How the named configuration says that CSV is written; empty where it says nothing. */
  final Map<String, String> csvOptions() {
    Configuration read = config();
    return read != null && read.model().data().source().format().equalsIgnoreCase("csv")
        ? read.model().data().source().options()
        : Map.of();
  }

  private @Nullable Configuration config() {
    if (config == null && file != null) {
      config =
          ConfigReader.read(
              List.of(ConfFile.of(file, console(), spark())), overrides(), console().environment());
    }
    return config;
  }
}
