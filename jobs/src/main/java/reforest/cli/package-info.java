/** Composes the stages; the only package that opens Spark, prints or exits. */
@NullMarked
package reforest.cli;

import org.jspecify.annotations.NullMarked;
