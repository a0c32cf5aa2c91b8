/** Where everything lies, and how files are read and written there. */
@NullMarked
package reforest.home;

import org.jspecify.annotations.NullMarked;
