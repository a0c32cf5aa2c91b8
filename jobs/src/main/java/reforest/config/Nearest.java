package reforest.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the known name that a mistyped one was probably meant to be. */
public final class Nearest {

  private Nearest() {}

  /**
   * The known name with the fewest edits from {@code typed}, upper and lower case counting as the
   * same; empty when all are further away than a third of its length (two edits at least).
   */
  public static Optional<String> to(String typed, Collection<String> known) {
    String wanted = typed.toLowerCase(Locale.ROOT);
    int allowed = Math.max(2, wanted.length() / 3);
    return known.stream()
        .filter(name -> Math.abs(name.length() - wanted.length()) <= allowed)
        .map(name -> new Candidate(name, edits(wanted, name.toLowerCase(Locale.ROOT))))
        .filter(c -> c.edits <= allowed && c.edits < Math.max(wanted.length(), c.name.length()))
        .min(Comparator.comparingInt(Candidate::edits).thenComparing(Candidate::name))
        .map(Candidate::name);
  }

  private record Candidate(String name, int edits) {}

  /**
   * Insertions, deletions and replacements that turn one text into the other (Levenshtein 1965).
   */
  private static int edits(String from, String to) {
    int[] above = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      above[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int[] row = new int[to.length() + 1];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = above[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, 1 + Math.min(above[j], row[j - 1]));
      }
      above = row;
    }
    return above[to.length()];
  }
}
