/** What a person reads of a run. */
@NullMarked
package reforest.report;

import org.jspecify.annotations.NullMarked;
