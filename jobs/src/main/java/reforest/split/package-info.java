/** Which rows are learned from, and which are judged on. */
@NullMarked
package reforest.split;

import org.jspecify.annotations.NullMarked;
