package reforest.bundle;

import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The rules for names, so that none can lead out of its folder or hide in it. */
public final class StorePath {

  private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");
  private static final Pattern MODEL_NAME = Pattern.compile("[a-z0-9][a-z0-9_-]{0,63}");

  private static final Pattern TEMPORARY =
      Pattern.compile("\\.(.+)\\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\\.tmp");

  private StorePath() {}

  /** A new name for what a file holds until it appears under its own; {@code list} hides it. */
  public static String temporary(String name) {
    return "." + name + "." + UUID.randomUUID() + ".tmp";
  }

  /** The name that a temporary file was to get; empty when {@code name} is none of one. */
  static Optional<String> ofTemporary(String name) {
    Matcher matcher = TEMPORARY.matcher(name);
    return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  /** Whether {@code name} may name a file of a bundle: no separators, no leading dot, ASCII. */
  static boolean isFileName(String name) {
    return FILE_NAME.matcher(name).matches();
  }

  /** Whether {@code name} may name a model. */
  static boolean isModelName(String name) {
    return MODEL_NAME.matcher(name).matches();
  }

  /** A path below a folder; the empty folder is the root of the store. */
  static String below(String folder, String name) {
    return folder.isEmpty() ? name : folder + "/" + name;
  }

  /**
   * The path itself, once it is known to be relative and to name each step plainly.
   *
   * @throws IllegalArgumentException for an empty, hidden, absolute or climbing step; paths are
   *     built by code from checked names, so this is a bug of the caller
   */
  public static String checked(String path) {
    for (String step : path.split("/", -1)) {
      boolean plain =
          !step.isEmpty()
              && step.charAt(0) != '.'
              && step.chars().allMatch(c -> c >= ' ' && c != 0x7f && c != '\\' && c != ':');
      if (!plain) {
        throw new IllegalArgumentException("not a relative path of plain names: '" + path + "'");
      }
    }
    return path;
  }
}
