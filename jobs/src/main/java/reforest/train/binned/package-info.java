/** How are trees grown on columns of one byte a value? */
@NullMarked
package reforest.train.binned;

import org.jspecify.annotations.NullMarked;
