/** What a person at a terminal sees, and how much of it a file or a pipe gets. */
@NullMarked
package reforest.cli.terminal;

import org.jspecify.annotations.NullMarked;
