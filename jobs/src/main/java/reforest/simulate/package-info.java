/** What the gate promises, held against windows and years whose truth is known. */
@NullMarked
package reforest.simulate;

import org.jspecify.annotations.NullMarked;
