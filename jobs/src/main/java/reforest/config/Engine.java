package reforest.config;

import java.util.Locale;

/** Who grows the trees. */
public enum Engine {
  /** Binned columns where they fit into memory, MLlib's own training elsewhere. */
  AUTO,
  /** Columns of one byte a value that each executor holds whole; a fit is one task. */
  BINNED,
  /** MLlib's own training; the rows of one tree are spread over the cluster. */
  MLLIB;

  /** The name in configuration and records. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
