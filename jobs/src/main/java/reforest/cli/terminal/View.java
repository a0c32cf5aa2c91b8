package reforest.cli.terminal;

import java.util.List;
import java.util.Map;
import reforest.cli.terminal.ConsoleProgress.Style;

/**
 * How a command tells what it does and found.
 *
 * @param words whether the result on standard output is for a person; else it is JSON
 * @param colouredOut whether standard output takes colours
 * @param colouredErr whether standard error does
 * @param progress how standard error tells how a job goes on
 */
public record View(boolean words, boolean colouredOut, boolean colouredErr, Style progress) {

  public static final String VERBOSE_OPTION = "--verbose";
  public static final String JSON_OPTION = "--json";
  public static final String QUIET_OPTION = "--quiet";
  public static final String PLAIN_OPTION = "--no-color";

  /** How what was typed is told, also where it makes no sense otherwise. */
  public static View of(Console console, List<String> typed) {
    Map<String, String> environment = console.environment();
    boolean moves = !"dumb".equals(environment.get("TERM"));
    // See https://no-color.org: whatever its value, but not where it is empty.
    boolean coloured =
        moves
            && environment.getOrDefault("NO_COLOR", "").isEmpty()
            && !typed.contains(PLAIN_OPTION);
    boolean changes = console.terminal().err() && moves && !typed.contains(VERBOSE_OPTION);
    return new View(
        console.terminal().out() && !typed.contains(JSON_OPTION),
        coloured && console.terminal().out(),
        coloured && console.terminal().err(),
        typed.contains(QUIET_OPTION) ? Style.QUIET : changes ? Style.CHANGING_LINE : Style.LINES);
  }
}
