/** Estimates, their uncertainty, and what both are computed with; knows nothing of models. */
@NullMarked
package reforest.statistics;

import org.jspecify.annotations.NullMarked;
