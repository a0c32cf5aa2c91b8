package reforest.job;

import reforest.diagnose.WeakSlices;
import reforest.evaluate.Comparison;

/**
 * What the rows of a window say of a challenger.
 *
 * @param comparison with champion, anchor and baselines
 * @param weakSlices where it is weak, of which nobody had asked
 */
record Compared(Comparison comparison, WeakSlices.Result weakSlices) {}
