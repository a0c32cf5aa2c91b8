/** How rows from outside become rows of a model's table. */
@NullMarked
package reforest.ingest;

import org.jspecify.annotations.NullMarked;
