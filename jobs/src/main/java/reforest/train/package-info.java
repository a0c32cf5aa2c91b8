/** Which forest predicts best. */
@NullMarked
package reforest.train;

import org.jspecify.annotations.NullMarked;
