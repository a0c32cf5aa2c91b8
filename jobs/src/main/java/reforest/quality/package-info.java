/** Whether the rows are fit to learn from. */
@NullMarked
package reforest.quality;

import org.jspecify.annotations.NullMarked;
