/**
 * Why models and verdicts are what they are: which features matter, what moved the difference
 * between two models, where errors lie.
 */
@NullMarked
package reforest.explain;

import org.jspecify.annotations.NullMarked;
