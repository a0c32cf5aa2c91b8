package reforest.gate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import reforest.behaviour.CaseResult;
import reforest.behaviour.Suite;

/** What came of the cases that a model must hold to, as a limit and in words. */
final class Behaved {

  /** More failed cases than this are only counted; the report shows each. */
  private static final int MOST_NAMED = 3;

  private Behaved() {}

  /** No case that blocks may fail; empty where none was asked. */
  static Optional<Rule.Limit> limit(Suite.Result suite) {
    long asked = suite.cases().stream().filter(CaseResult::blocks).count();
    if (asked == 0) {
      return Optional.empty();
    }
    List<CaseResult> failed = suite.failed(true);
    String sentence =
        failed.isEmpty()
            ? String.format(
                Locale.ROOT,
                "%s of behaviour that can block %s",
                cases(asked),
                asked == 1 ? "holds" : "hold")
            : words(failed);
    return Optional.of(new Rule.Ceiling("behaviour", failed.size(), Optional.of(0.0), sentence));
  }

  /** The failed cases that are only told, in a sentence; empty where there is none. */
  static List<String> told(Suite.Result suite) {
    List<CaseResult> failed = suite.failed(false);
    return failed.isEmpty() ? List.of() : List.of(words(failed));
  }

  private static String words(List<CaseResult> failed) {
    List<String> named = new ArrayList<>();
    for (CaseResult one : failed.subList(0, Math.min(MOST_NAMED, failed.size()))) {
      named.add(
          String.format(
              Locale.ROOT,
              "'%s'%s, level %d: %s",
              one.head().name(),
              one.head().reference().map(it -> " (" + it + ")").orElse(""),
              one.head().level(),
              one.shown().get(0).sentence()));
    }
    if (failed.size() > MOST_NAMED) {
      named.add(cases(failed.size() - MOST_NAMED) + " more");
    }
    return "behaviour fails in " + cases(failed.size()) + ": " + String.join("; ", named);
  }

  private static String cases(long count) {
    return String.format(Locale.ROOT, "%,d %s", count, count == 1 ? "case" : "cases");
  }
}
