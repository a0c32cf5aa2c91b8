package reforest.evaluate;

import java.util.Locale;

/** The part that a predictor plays in a comparison. */
public enum Role {
  /** The candidate that reached the test. */
  CHALLENGER,
  /** What production uses now. */
  CHAMPION,
  /** One constant: the training rows' mean, or their class shares. */
  DUMMY,
  /** The rule that was declared as baseline. */
  RULE;

  /** The name in results and in the registry: {@code challenger}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
