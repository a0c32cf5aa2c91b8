/**
 * Reads the PMML that Reforest writes, and nothing else, into flat arrays that score fast.
 *
 * <p>The dialect is a small part of PMML 4.4. Whatever is not fully understood is refused with the
 * line where it stands, since a model that is almost read right predicts wrong in silence.
 */
@NullMarked
package reforest.bundle.pmml;

import org.jspecify.annotations.NullMarked;
