/** A service that answers requests with the champion of one model, and follows its promotions. */
@NullMarked
package reforest.example;

import org.jspecify.annotations.NullMarked;
