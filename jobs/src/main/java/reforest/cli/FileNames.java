package reforest.cli;

import java.nio.file.InvalidPathException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import reforest.bundle.ReforestException;

/**
 * Tells where this process cannot name a file, since its locale lacks the letters. Java replaces
 * them in all that it is told, so that a file is not found, or another is written.
 */
final class FileNames {

  private static final char REPLACED = '\uFFFD';

  private FileNames() {}

  /**
   * The first of some texts that Java could not read.
   *
   * @param told arguments and folders, as Java gives them
   * @param environment of this process
   * @param encoding that of file names, {@code sun.jnu.encoding}
   * @return empty where there is none
   */
  static Optional<Failure> unreadable(
      List<String> told, Map<String, String> environment, String encoding) {
    if (encoding.equalsIgnoreCase("UTF-8")) {
      return Optional.empty();
    }
    return Stream.concat(told.stream(), Stream.of(environment.getOrDefault("REFOREST_HOME", "")))
        .filter(text -> text.indexOf(REPLACED) >= 0)
        .findFirst()
        .map(text -> failure(text, environment, encoding));
  }

  /** What is behind a failure where a file could not be named; empty where it is something else. */
  static Optional<Failure> behind(Throwable thrown, Map<String, String> environment) {
    for (Throwable at = thrown; at != null; at = at.getCause()) {
      if (at instanceof InvalidPathException path && path.getReason().contains("unmappable")) {
        return Optional.of(
            failure(path.getInput(), environment, System.getProperty("sun.jnu.encoding", "")));
      }
    }
    return Optional.empty();
  }

  private static Failure failure(String text, Map<String, String> environment, String encoding) {
    return Failure.of(
        ReforestException.Kind.ARGUMENTS,
        "'%s' has letters that the locale %s lacks: Java reads names as %s"
            .formatted(text.replace(REPLACED, '?'), locale(environment), encoding),
        "set LC_ALL to a locale of UTF-8, such as LC_ALL=C.UTF-8; 'locale -a' lists those that there"
            + " are");
  }

  /** The variable that counts, with its value. */
  private static String locale(Map<String, String> environment) {
    return Stream.of("LC_ALL", "LC_CTYPE", "LANG")
        .filter(name -> !environment.getOrDefault(name, "").isEmpty())
        .findFirst()
        .map(name -> environment.get(name) + " (" + name + ")")
        .orElse("POSIX (neither LC_ALL nor LANG is set)");
  }
}
