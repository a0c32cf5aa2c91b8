package reforest.evaluate;

import java.io.Serializable;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds a label's class by its text; {@code 3.0} is the class {@code 3}. */
final class ClassIndex implements Serializable {
  private static final long serialVersionUID = 1L;

  static final int UNKNOWN = -1;

  /** For labels that are numbers. */
  static final ClassIndex NONE = new ClassIndex(List.of());

  /** For a model that is still to be trained: each label will be one of its classes. */
  static final ClassIndex ANY = new ClassIndex(List.of(), true);

  private final ArrayList<String> names;
  private final HashMap<String, Integer> positions = new HashMap<>();
  private final boolean any;

  ClassIndex(List<String> classes) {
    this(classes, false);
  }

  private ClassIndex(List<String> classes, boolean any) {
    names = new ArrayList<>(classes);
    this.any = any;
    for (String name : classes) {
      positions.put(name, positions.size());
    }
  }

  /** The classes in the manifest's order. */
  List<String> names() {
    return List.copyOf(names);
  }

  /** Whether labels are numbers, as in a regression. */
  boolean isEmpty() {
    return positions.isEmpty() && !any;
  }

  /** Whether a label is one of the classes. */
  boolean knows(@Nullable String label) {
    return any || of(label) != UNKNOWN;
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
