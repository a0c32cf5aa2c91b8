package reforest.bundle;

import java.nio.file.Path;

/**
 * What a pull found.
 *
 * @param promotion the champion's entry in the promotion log
 * @param folder where its verified bundle lies
 * @param changed whether this pull brought it; false when it lay there already
 */
public record Pulled(Promotion promotion, Path folder, boolean changed) {}
