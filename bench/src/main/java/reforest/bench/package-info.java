/** Measures this project's training and scoring beside their peers, in one run on one machine. */
@NullMarked
package reforest.bench;

import org.jspecify.annotations.NullMarked;
