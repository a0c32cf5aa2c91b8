package reforest.job;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import reforest.bundle.Promotion;
import reforest.registry.RunRecord;

/** What a run that ends with a record found out. */
public sealed interface RunResult permits Retrain.Result, Promote.Result, Backtest.Result {

  /** Everything that is known of the run. */
  RunRecord record();

  /** Whether the run had finished before, so that its record was only looked up. */
  boolean recorded();

  /** The champion when the job ended; empty before there is one. */
  Optional<Promotion> champion();

  /** Why it ended as it did, and what else a reader must know, in words; the weightiest first. */
  default List<String> reasons() {
    List<String> reasons = new ArrayList<>(record().reasons());
    if (recorded()) {
      reasons.add(
          "this run finished at " + record().finishedAt() + "; its recorded verdict is repeated");
      Instant then = Instant.parse(record().finishedAt());
      champion()
          .filter(p -> p.at().isAfter(then) && !p.run().equals(record().run()))
          .ifPresent(
              p -> reasons.add("since then promotion " + p.sequence() + " changed the champion"));
    }
    reasons.addAll(warnings());
    return reasons;
  }

  /**
   * What somebody must look at, since runs end like this one again and again; empty when nothing
   * is.
   */
  default Optional<String> alert() {
    return Optional.empty();
  }

  /** What did not succeed although the verdict stands, in words. */
  List<String> warnings();
}
