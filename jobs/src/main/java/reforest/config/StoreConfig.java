package reforest.config;

import java.time.Duration;

/**
 * How the store of the home is asked, where that is none of local files.
 *
 * @param timeout the longest that one call may take, its retries included
 */
public record StoreConfig(Duration timeout) {}
