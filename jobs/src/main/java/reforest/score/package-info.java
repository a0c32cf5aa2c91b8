/** Rows of a file through a bundle, without Spark. */
@NullMarked
package reforest.score;

import org.jspecify.annotations.NullMarked;
