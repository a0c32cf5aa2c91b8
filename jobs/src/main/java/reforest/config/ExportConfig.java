package reforest.config;

/**
 * What travels with a model besides itself.
 *
 * @param backgroundRows how many training rows a bundle brings along for explanations, at most; 0
 *     for none
 */
public record ExportConfig(int backgroundRows) {

  /** Most rows that a bundle brings along. */
  static final int MOST_ROWS = 1000;

  public ExportConfig {
    if (backgroundRows < 0) {
      throw new IllegalArgumentException(
          "backgroundRows must be at least 0, got " + backgroundRows);
    }
  }
}
