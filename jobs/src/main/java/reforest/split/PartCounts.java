package reforest.split;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;

/**
 * How many rows a division puts where, and whether that is enough for a run.
 *
 * @param counts rows by part and, for classes, by class; of a regression the class is empty
 */
record PartCounts(Map<String, Map<String, Long>> counts) {

  static final String TRAIN = "train";
  static final String WINDOW = "window";

  long rows(String part) {
    return classes(part).values().stream().mapToLong(Long::longValue).sum();
  }

  Map<String, Long> classes(String part) {
    return counts.getOrDefault(part, Map.of());
  }

  long all() {
    return counts.keySet().stream().mapToLong(this::rows).sum();
  }

  Map<String, Long> leftOut() {
    Map<String, Long> others = new TreeMap<>();
    for (String part : counts.keySet()) {
      if (!part.equals(TRAIN) && !part.equals(WINDOW)) {
        others.put(part, rows(part));
      }
    }
    return others;
  }

  void requireRows(WindowId id, String training, String span) {
    if (rows(WINDOW) == 0) {
      throw refused(
          "no labelled row lies in the window " + id.words() + span,
          id.share().isPresent()
              ? "ingest more rows, or set a larger share (windows.protected-share,"
                  + " windows.development-share)"
              : "ingest newer rows, make the windows longer, or take out a row with a wrong time"
                  + " ('reforest remove')");
    }
    if (rows(TRAIN) == 0) {
      throw refused(
          "no labelled row is left to train on: " + training,
          id.share().isPresent()
              ? "ingest more rows, or set smaller shares (windows.protected-share,"
                  + " windows.development-share)"
              : "ingest older rows, or make the windows shorter (windows.protected,"
                  + " windows.development)");
    }
  }

  /** A class that no model could have learned has no probability to be judged by. */
  void requireKnownClasses(WindowId id) {
    Map<String, Long> known = classes(TRAIN);
    if (known.size() < 2) {
      throw refused(
          "the training rows hold only the class " + String.join(", ", known.keySet()),
          "ingest older rows with other classes, or make the windows shorter");
    }
    classes(WINDOW)
        .forEach(
            (name, rows) -> {
              if (!known.containsKey(name)) {
                throw refused(
                    "class "
                        + name
                        + " has "
                        + rows
                        + " rows in the window "
                        + id.words()
                        + " and none in the training rows",
                    "ingest older rows with that class, or merge it with another in the label's"
                        + " from");
              }
            });
  }

  void requireClassesInEveryPart(WindowId id) {
    Map<String, String> all = new TreeMap<>();
    counts.values().forEach(c -> c.keySet().forEach(name -> all.put(name, name)));
    if (all.size() < 2) {
      throw refused(
          "the label has only one class: " + String.join(", ", all.keySet()),
          "check the label's column; a classification needs two");
    }
    for (String name : all.keySet()) {
      for (String part : List.of(TRAIN, WINDOW)) {
        if (!classes(part).containsKey(name)) {
          throw refused(
              "class "
                  + name
                  + " is missing from the "
                  + (part.equals(TRAIN) ? "training rows" : "window " + id.words())
                  + ": "
                  + counts.values().stream().mapToLong(c -> c.getOrDefault(name, 0L)).sum()
                  + " of "
                  + all()
                  + " rows have it",
              "rows are drawn whatever their class, so that none moves when others come: ingest more"
                  + " rows of it, merge it with another class in the label's from, or set another"
                  + " windows.salt");
        }
      }
    }
  }

  private static ReforestException refused(String message, String hint) {
    return new ReforestException(Kind.DATA, message, hint);
  }
}
