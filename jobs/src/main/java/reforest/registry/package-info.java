/** What happened, when and why. */
@NullMarked
package reforest.registry;

import org.jspecify.annotations.NullMarked;
