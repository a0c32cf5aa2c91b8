/** Whether a challenger may replace the champion. */
@NullMarked
package reforest.gate;

import org.jspecify.annotations.NullMarked;
