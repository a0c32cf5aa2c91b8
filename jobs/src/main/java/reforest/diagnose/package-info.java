/** Where a model is weak: slices of the rows that nobody has declared, found and confirmed. */
@NullMarked
package reforest.diagnose;

import org.jspecify.annotations.NullMarked;
