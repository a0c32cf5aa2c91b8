/** How a bundle becomes the champion: once, and whole. */
@NullMarked
package reforest.publish;

import org.jspecify.annotations.NullMarked;
