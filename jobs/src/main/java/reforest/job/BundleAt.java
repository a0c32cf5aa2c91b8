package reforest.job;

/**
 * A bundle and where it lies.
 *
 * @param digest SHA-256 of its manifest
 * @param location its folder
 */
public record BundleAt(String digest, String location) {}
