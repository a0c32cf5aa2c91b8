/** Pages of HTML and the charts on them, whatever they are about. */
@NullMarked
package reforest.page;

import org.jspecify.annotations.NullMarked;
