/** How columns become the numbers that trees see. */
@NullMarked
package reforest.features;

import org.jspecify.annotations.NullMarked;
