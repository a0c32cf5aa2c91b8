/** Which rows, exactly: ingest, versions, windows and folds. */
@NullMarked
package reforest.snapshot;

import org.jspecify.annotations.NullMarked;
