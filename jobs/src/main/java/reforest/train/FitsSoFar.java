package reforest.train;

import reforest.config.Metric;

/**
 * How far a search is.
 *
 * @param done fits that were scored
 * @param total candidates times folds
 * @param metric what candidates are compared by
 * @param best the best mean of a candidate over the folds that it was scored on so far, in the
 *     metric's unit; NaN before the first defined score
 */
public record FitsSoFar(int done, int total, Metric metric, double best) {}
