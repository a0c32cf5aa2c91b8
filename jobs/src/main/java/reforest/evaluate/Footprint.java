package reforest.evaluate;

import reforest.bundle.Bundle;
import reforest.bundle.Manifest;
import reforest.bundle.Manifest.FileEntry;
import reforest.bundle.Scorer;

/**
 * What a bundle costs those who use it, the same on any machine.
 *
 * @param bytes size of its PMML
 * @param nodeVisits splits that a training row passes on average, over all trees; NaN where the
 *     bundle does not tell
 */
public record Footprint(long bytes, double nodeVisits) {

  /** Of a bundle, by its manifest and its scorer. */
  static Footprint of(Manifest manifest, Scorer scorer) {
    long bytes =
        manifest.files().stream()
            .filter(file -> file.name().equals(Bundle.MODEL))
            .mapToLong(FileEntry::sizeBytes)
            .sum();
    return new Footprint(bytes, scorer.visits().orElse(Double.NaN));
  }
}
