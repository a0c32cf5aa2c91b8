/** The jobs as objects that a program can call: configured, executed, with a result. */
@NullMarked
package reforest.job;

import org.jspecify.annotations.NullMarked;
