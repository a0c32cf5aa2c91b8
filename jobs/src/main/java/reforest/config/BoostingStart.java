package reforest.config;

import java.util.Locale;

/** What boosted trees add to. */
public enum BoostingStart {
  /** Nothing: the first tree learns the label itself and counts in full, as in MLlib. */
  TREE,
  /** The label's mean, for two classes half the log-odds: a leaf of its own, before all trees. */
  MEAN;

  /** The name in configuration and records. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The start of a name.
   *
   * @throws IllegalArgumentException when there is none of that name
   */
  public static BoostingStart parse(String key) {
    return valueOf(key.toUpperCase(Locale.ROOT));
  }
}
