package reforest.split;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which part of the hashed groups a model was trained on, as {@link Division#split} words it.
 *
 * @param of what is hashed, and with which salt
 * @param end exclusive end within (0, 1); it begins at 0
 */
public record TrainedShare(String of, double end) {

  private static final Pattern RULE =
      Pattern.compile("(.*): training \\[0, ([0-9.E-]+)\\), .*", Pattern.DOTALL);

  /** What such words say; empty for a division by time. */
  public static Optional<TrainedShare> parse(String split) {
    Matcher rule = RULE.matcher(split);
    if (!rule.matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new TrainedShare(rule.group(1), Double.parseDouble(rule.group(2))));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** The rule in words, the other parts after it. */
  String rule(String others) {
    return of + ": training [0, " + end + "), " + others;
  }

  /** Whether a row of the window may be in it; another hash tells nothing of where rows are. */
  public boolean mayHold(WindowId.Share window) {
    return !of.equals(window.of()) || !(end <= window.from());
  }
}
