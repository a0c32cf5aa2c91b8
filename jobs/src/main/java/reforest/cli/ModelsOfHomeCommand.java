package reforest.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Parameters;

/** A command about all models of a home, or about the one that is named. */
abstract class ModelsOfHomeCommand extends HomeCommand {

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "NAME",
      description = "The model; without it all of them.")
  private @Nullable String first;

  @Parameters(index = "1..*", paramLabel = SETTINGS, description = ABOUT_SETTINGS)
  private List<String> settings = new ArrayList<>();

  ModelsOfHomeCommand(Shell shell, String name) {
    super(shell, name);
  }

  @Override
  final List<String> typed() {
    List<String> typed = new ArrayList<>(settings);
    // No model's name is one.
    if (first != null && isSetting(first)) {
      typed.add(0, first);
    }
    return typed;
  }

  /** The name that was typed, if one was. */
  final Optional<String> named() {
    return Optional.ofNullable(first).filter(it -> !isSetting(it));
  }
}
