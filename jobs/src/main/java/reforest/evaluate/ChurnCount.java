package reforest.evaluate;

import java.io.Serializable;
import java.util.Optional;
import reforest.bundle.Scorer;

/** Counts the predictions that change from champion to challenger, row by row. */
final class ChurnCount implements Serializable {
  private static final long serialVersionUID = 1L;

  private final ComparisonPlan plan;
  private final int champion;
  private long rows;
  private long changed;
  private long worse;

  ChurnCount(ComparisonPlan plan) {
    this.plan = plan;
    this.champion = plan.countsChurn() ? plan.roles().indexOf(Role.CHAMPION) : -1;
  }

  /**
   * Adds one row.
   *
   * @param bad by role whether its prediction is unusable
   */
  void add(double label, double[][] predictions, boolean[] bad) {
    if (champion < 0 || bad[0] || bad[champion]) {
      return;
    }
    rows++;
    if (plan.task().isClassification()) {
      int now = decision(0, predictions);
      int before = decision(champion, predictions);
      changed += now == before ? 0 : 1;
      worse += before == label && now != label ? 1 : 0;
    } else {
      double now = predictions[0][0];
      double before = predictions[champion][0];
      changed += Math.abs(now - before) > plan.tolerance() ? 1 : 0;
      double growth = Math.abs(now - label) - Math.abs(before - label);
      worse += growth > plan.tolerance() ? 1 : 0;
    }
  }

  private int decision(int role, double[][] predictions) {
    return Scorer.decide(predictions[role], plan.decisions().thresholds().get(role));
  }

  void merge(ChurnCount other) {
    rows += other.rows;
    changed += other.changed;
    worse += other.worse;
  }

  /** What was counted; empty where the plan asks for none. */
  Optional<Churn> counted() {
    return champion < 0 ? Optional.empty() : Optional.of(new Churn(rows, changed, worse));
  }
}
