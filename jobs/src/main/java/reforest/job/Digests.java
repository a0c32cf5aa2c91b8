package reforest.job;

import java.util.List;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;

/** Finds what a person names by the first digits of its digest or key. */
public final class Digests {

  /** More would fill the screen. */
  private static final int SHOWN = 10;

  private Digests() {}

  /**
   * What was typed, once it is known to name something.
   *
   * @throws ReforestException of kind {@code ARGUMENTS} when it is blank, which begins every digest
   */
  public static String checked(String typed) {
    if (typed.isBlank()) {
      throw new ReforestException(
          Kind.ARGUMENTS,
          "the digest that was named is empty",
          "give its first digits; 'reforest models NAME' lists them");
    }
    return typed;
  }

  /**
   * The one of those known that begins with what was typed.
   *
   * @param what what they are, in the singular, for the message
   * @throws ReforestException of kind {@code ARGUMENTS} when {@code typed} is blank, of kind {@code
   *     DATA} when none or several begin with it
   */
  public static String matching(String typed, List<String> known, String what) {
    String start = checked(typed);
    List<String> found = known.stream().filter(name -> name.startsWith(start)).toList();
    if (found.size() == 1) {
      return found.get(0);
    }
    if (found.isEmpty()) {
      throw new ReforestException(
          Kind.DATA,
          "there is no " + what + " '" + typed + "'",
          known.isEmpty() ? "none was made yet" : "it is one of " + shown(known));
    }
    throw new ReforestException(
        Kind.DATA,
        "more than one " + what + " begins with '" + typed + "': " + shown(found),
        "give more digits");
  }

  private static String shown(List<String> names) {
    String some = String.join(", ", names.subList(0, Math.min(SHOWN, names.size())));
    return names.size() > SHOWN ? some + " and " + (names.size() - SHOWN) + " more" : some;
  }
}
