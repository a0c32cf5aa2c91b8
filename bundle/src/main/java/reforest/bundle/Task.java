package reforest.bundle;

import java.util.Locale;

/** What a model predicts. */
public enum Task {
  /** A number. */
  REGRESSION,
  /** One of two classes; the second class of the manifest is the positive one. */
  BINARY,
  /** One of two or more classes, none of which is the positive one. */
  MULTICLASS;

  /** Whether the label is a class. */
  public boolean isClassification() {
    return this != REGRESSION;
  }

  /**
   * The name in configuration and manifests: {@code regression}, {@code binary}, {@code
   * multiclass}.
   */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
