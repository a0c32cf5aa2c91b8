package reforest.gate;

import java.util.List;
import java.util.Locale;
import reforest.diagnose.WeakSlice;
import reforest.diagnose.WeakSlices;

/** Slices that nobody has declared and that were confirmed to be harmed, in words. */
final class Harmed {

  private Harmed() {}

  /** A sentence for each, the clearest first. */
  static List<String> words(WeakSlices.Result found) {
    return found.confirmed().stream()
        .filter(slice -> slice.kind() == WeakSlice.Kind.HARMED)
        .map(Harmed::words)
        .toList();
  }

  private static String words(WeakSlice slice) {
    return String.format(
        Locale.ROOT,
        "harm found and confirmed where %s: %s %s against the champion's %s (%,d rows, p %s)",
        slice.name(),
        slice.loss().words(),
        Check.text(slice.challenger()),
        Check.text(slice.champion()),
        slice.rows(),
        slice.chance() < 0.0001 ? "below 0.0001" : Check.text(slice.chance()));
  }
}
