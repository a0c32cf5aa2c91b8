/**
 * The contract between the jobs that train and the services that score: manifest, verification,
 * scorer, promotion log, pull. Needs neither Spark nor Hadoop.
 */
@NullMarked
package reforest.bundle;

import org.jspecify.annotations.NullMarked;
