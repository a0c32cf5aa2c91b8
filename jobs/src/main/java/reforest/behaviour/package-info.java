/** What a model must do whatever its figures are, asked of the bundle that would ship. */
@NullMarked
package reforest.behaviour;

import org.jspecify.annotations.NullMarked;
