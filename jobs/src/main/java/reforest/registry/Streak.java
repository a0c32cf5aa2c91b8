package reforest.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import reforest.evaluate.NamedSlice;
import reforest.evaluate.Role;
import reforest.gate.Check.Status;
import reforest.gate.Decision;
import reforest.gate.Rule;

/**
 * Tells when runs that may publish end alike again and again: each by itself ended well, and only
 * the row of them says that somebody must look.
 */
public final class Streak {

  /** So many in a row are an alert. */
  public static final int ALERT = 3;

  private final Runs runs;

  /**
   * @param runs of the model
   */
  public Streak(Runs runs) {
    this.runs = runs;
  }

  /**
   * What somebody must look at now that a run has ended; empty when nothing is. The runs before it
   * are read only where it could be the last of a row.
   */
  public Optional<String> alert(RunRecord record) {
    boolean stuck = isStuck(record);
    boolean behind = behind(record).isPresent();
    if (!counts(record) || !(stuck || behind)) {
      return Optional.empty();
    }
    List<RunRecord> newestFirst = upTo(record);
    List<String> alerts = new ArrayList<>();
    long open = length(newestFirst, Streak::isStuck);
    if (open >= ALERT) {
      alerts.add(
          open
              + " runs in a row were INCONCLUSIVE, and more of them will not decide by themselves:"
              + " look in the report at the power and at what stands in the way, lengthen"
              + " windows.protected, or ask for less (gate.mode, margins)");
    }
    long worse = length(newestFirst, run -> behind(run).isPresent());
    if (worse >= ALERT) {
      alerts.add(
          "%d runs in a row trained nothing that is shown to be better than the %s: predict by that,"
                  .formatted(worse, behind(record).orElse(Role.RULE.key()))
              + " or give the model features that know what it knows");
    }
    return alerts.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", alerts));
  }

  private static long length(List<RunRecord> newestFirst, Predicate<RunRecord> like) {
    return newestFirst.stream().takeWhile(like).count();
  }

  /** Each run by its newest attempt, from this one back. */
  private List<RunRecord> upTo(RunRecord record) {
    List<RunRecord> newestFirst = new ArrayList<>(List.of(record));
    newestFirst.addAll(
        runs.newestFirst(
            each ->
                counts(each)
                    && !each.run().equals(record.run())
                    && each.finishedAt().compareTo(record.finishedAt()) <= 0));
    return newestFirst;
  }

  /** Whether it spent a try: what could not decide anything yet says nothing of the model. */
  private static boolean counts(RunRecord record) {
    return record.runKind().filter(RunKind::promotes).isPresent() && record.gate().attempt() > 0;
  }

  /** An override has decided what the gate could not. */
  private static boolean isStuck(RunRecord record) {
    return record.promotion() == null
        && record.decision().filter(Decision.INCONCLUSIVE::equals).isPresent();
  }

  /** The baseline that the challenger is not shown to be better than; empty when it is. */
  private static Optional<String> behind(RunRecord record) {
    return record.gate().checks().stream()
        .filter(Streak::asksForBaseline)
        .filter(check -> !check.status().equals(Status.PASSED.key()))
        .map(RunRecord.Check::reference)
        .findFirst();
  }

  private static boolean asksForBaseline(RunRecord.Check check) {
    return check.slice().equals(NamedSlice.OVERALL)
        && (check.rule().equals(Rule.Kind.BASELINE.key())
            || (check.rule().equals(Rule.Kind.PRIMARY.key())
                && !check.reference().equals(Role.CHAMPION.key())));
  }
}
