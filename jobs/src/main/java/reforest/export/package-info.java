/** How a model leaves Spark: the same model as PMML in a bundle. */
@NullMarked
package reforest.export;

import org.jspecify.annotations.NullMarked;
