/** Versions of a model's Delta table: which rows, exactly. */
@NullMarked
package reforest.table;

import org.jspecify.annotations.NullMarked;
