package reforest.bundle;

import java.time.Instant;
import java.util.Optional;

/** Promotes hand-written models as the jobs do: the bundle first, then the entry. */
final class Publisher {

  private final Store store;

  Publisher(Store store) {
    this.store = store;
  }

  /** Makes a model the champion under a number and gives its digest. */
  String promote(long sequence, String pmml) {
    Manifest manifest = Models.bikes(pmml);
    String digest = Sha256.of(manifest.toJson());
    Models.write(store, "bundles/" + digest, manifest, pmml);
    if (!append(sequence, "bikes", digest)) {
      throw new AssertionError("promotion " + sequence + " is taken");
    }
    return digest;
  }

  /** Writes an entry, whatever it names; false when the number is taken. */
  boolean append(long sequence, String model, String digest) {
    Promotion promotion =
        new Promotion(
            sequence,
            model,
            digest,
            Optional.empty(),
            Promotion.Action.PROMOTE,
            "run-" + sequence,
            "PROMOTE",
            "it wins",
            "report.html",
            Instant.EPOCH,
            "w" + sequence);
    return new PromotionLog(store).append(promotion);
  }
}
