/** What was asked for: one model's configuration, read once into records. */
@NullMarked
package reforest.config;

import org.jspecify.annotations.NullMarked;
