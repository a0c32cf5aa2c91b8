package reforest.evaluate;

import java.io.Serializable;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds a label's class by its text; {@code 3.0} is the class {@code 3}. */
final class ClassIndex implements Serializable {
  private static final long serialVersionUID = 1L;

  static final int UNKNOWN = -1;

  private final HashMap<String, Integer> positions = new HashMap<>();

  ClassIndex(List<String> classes) {
    for (String name : classes) {
      positions.put(name, positions.size());
    }
  }

  /** Whether there are no classes, as in a regression. */
  boolean isEmpty() {
    return positions.isEmpty();
  }

  /** The class's place in the manifest, or {@link #UNKNOWN}. */
  int of(@Nullable String label) {
    if (label == null) {
      return UNKNOWN;
    }
    Map<String, Integer> known = positions;
    Integer exact = known.get(label);
    return exact == null ? known.getOrDefault(whole(label), UNKNOWN) : exact;
  }

  private static String whole(String text) {
    try {
      BigDecimal number = new BigDecimal(text);
      return number.stripTrailingZeros().scale() <= 0 ? number.toBigInteger().toString() : text;
    } catch (NumberFormatException e) {
      return text;
    }
  }
}
