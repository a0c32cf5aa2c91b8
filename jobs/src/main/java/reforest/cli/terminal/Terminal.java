package reforest.cli.terminal;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;

/**
 * Which of the streams a person is looking at.
 *
 * @param out whether standard output is a terminal
 * @param err whether standard error is known to be one
 */
public record Terminal(boolean out, boolean err) {

  /** Nobody is looking. */
  public static final Terminal NONE = new Terminal(false, false);

  /** Where the launcher says which streams are terminals: {@code out}, {@code err} or both. */
  private static final String TOLD = "REFOREST_TERMINAL";

  /**
   * What the launcher says; without one, such as with {@code spark-submit}, what Java says of both
   * its input and its output. Java tells nothing of standard error, which then counts as a file.
   */
  public static Terminal of(Map<String, String> environment) {
    String told = environment.get(TOLD);
    if (told == null) {
      return new Terminal(isConsole(), false);
    }
    List<String> streams = List.of(told.split(" ", -1));
    return new Terminal(streams.contains("out"), streams.contains("err"));
  }

  /** From Java 22 on there is always a console, which says by itself whether it is a terminal. */
  @SuppressWarnings("SystemConsoleNull") // just that is looked at
  private static boolean isConsole() {
    java.io.Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      Method isTerminal = java.io.Console.class.getMethod("isTerminal");
      return Boolean.TRUE.equals(isTerminal.invoke(console));
    } catch (NoSuchMethodException e) {
      return true;
    } catch (ReflectiveOperationException e) {
      return false;
    }
  }
}
