package reforest.evaluate;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The part that a predictor plays in a comparison. */
public enum Role {
  /** The candidate that reached the test. */
  CHALLENGER,
  /** What production uses now. */
  CHAMPION,
  /** The best champion of the last twelve months, which small losses must not add up against. */
  ANCHOR,
  /** One constant: the training rows' mean, or their class shares. */
  DUMMY,
  /** The rule that was declared as baseline. */
  RULE;

  /** The role of that name; empty for one that this release does not know. */
  public static Optional<Role> of(String key) {
    return Arrays.stream(values()).filter(role -> role.key().equals(key)).findFirst();
  }

  /** The name in results and in the registry: {@code challenger}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
