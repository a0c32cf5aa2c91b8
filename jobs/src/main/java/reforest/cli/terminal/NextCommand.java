package reforest.cli.terminal;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A command as a person would type it next. */
public final class NextCommand {

  /** Where the launcher says how it was called. */
  private static final String CALLED = "REFOREST_COMMAND";

  private NextCommand() {}

  /**
   * The command line.
   *
   * @param environment of the process
   * @param words the command and its arguments
   */
  public static String of(Map<String, String> environment, List<String> words) {
    return environment.getOrDefault(CALLED, "reforest")
        + " "
        + words.stream().map(NextCommand::quoted).collect(Collectors.joining(" "));
  }

  /** As a shell reads it back. */
  private static String quoted(String word) {
    return word.matches("[\\w./:=,@%+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
