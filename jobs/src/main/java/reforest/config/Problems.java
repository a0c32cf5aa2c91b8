package reforest.config;

import com.typesafe.config.ConfigOrigin;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import reforest.bundle.ReforestException;

/** Collects what is wrong with a configuration, so that all of it is told at once. */
final class Problems {

  private static final String HINT =
      "correct these settings; reforest-reference.conf says what each key means, and --print-config"
          + " shows where a value comes from";

  private record Problem(String file, int line, String text) {
    String shown() {
      String place = file.isEmpty() ? "" : line > 0 ? file + ": " + line + ": " : file + ": ";
      return place + text;
    }
  }

  private final List<Problem> found = new ArrayList<>();

  /** Notes a problem of a value that stands at {@code origin}; null for one that stands nowhere. */
  void add(@Nullable ConfigOrigin origin, String text) {
    if (origin == null) {
      found.add(new Problem("", 0, text));
      return;
    }
    int line = ConfigFiles.isFile(origin) ? origin.lineNumber() : 0;
    found.add(new Problem(ConfigFiles.place(origin), line, text));
  }

  boolean isEmpty() {
    return found.isEmpty();
  }

  /**
   * @throws ReforestException of kind {@code ARGUMENTS} with every problem, in the order of the
   *     files' lines, if there is any
   */
  void throwIfAny() {
    if (found.isEmpty()) {
      return;
    }
    String list =
        found.stream()
            .distinct()
            .sorted(
                Comparator.comparing((Problem p) -> p.file().isEmpty())
                    .thenComparing(Problem::file)
                    .thenComparing(Problem::line))
            .map(p -> "\n  " + p.shown())
            .collect(Collectors.joining());
    long count = found.stream().distinct().count();
    String title = count == 1 ? "1 configuration problem:" : count + " configuration problems:";
    throw new ReforestException(ReforestException.Kind.ARGUMENTS, title + list, HINT);
  }
}
