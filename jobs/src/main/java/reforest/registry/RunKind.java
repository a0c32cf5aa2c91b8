package reforest.registry;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import reforest.split.WindowId;

/** Why a bundle was judged, which says on which rows and what may follow. */
public enum RunKind {
  /** A retrain that looks and changes nothing. */
  DEVELOP(WindowId.Kind.DEVELOPMENT, true, false),
  /** A retrain whose challenger may become the champion. */
  PUBLISH(WindowId.Kind.PROTECTED, true, true),
  /** The challenger of an earlier run, which may become the champion. */
  PROMOTE(WindowId.Kind.PROTECTED, true, true),
  /** Any bundle on any rows; figures only. */
  BACKTEST(WindowId.Kind.PROTECTED, false, false);

  private final WindowId.Kind window;
  private final boolean decides;
  private final boolean promotes;

  RunKind(WindowId.Kind window, boolean decides, boolean promotes) {
    this.window = window;
    this.decides = decides;
    this.promotes = promotes;
  }

  /** The name in records: {@code develop}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Which rows it is judged on. */
  public WindowId.Kind window() {
    return window;
  }

  /** Whether it ends with a verdict of the gate. */
  public boolean decides() {
    return decides;
  }

  /** Whether a challenger that wins becomes the champion. */
  public boolean promotes() {
    return promotes;
  }

  /** The kind of that name; empty for one that this release does not know. */
  public static Optional<RunKind> of(String key) {
    return Arrays.stream(values()).filter(kind -> kind.key().equals(key)).findFirst();
  }
}
