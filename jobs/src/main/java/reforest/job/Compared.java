package reforest.job;

import java.util.Optional;
import reforest.diagnose.WeakSlices;
import reforest.evaluate.Comparison;
import reforest.explain.Explained;

/**
 * What the rows of a window say of a challenger.
 *
 * @param comparison with champion, anchor and baselines
 * @param weakSlices where it is weak, of which nobody had asked
 * @param explained why it is what it is
 */
record Compared(
    Comparison comparison, WeakSlices.Result weakSlices, Optional<Explained> explained) {}
