/** How good a bundle is, overall and on each slice, and how sure that is. */
@NullMarked
package reforest.evaluate;

import org.jspecify.annotations.NullMarked;
