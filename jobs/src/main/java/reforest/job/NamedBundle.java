package reforest.job;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import reforest.bundle.Bundle;
import reforest.bundle.Promotion;
import reforest.bundle.PromotionLog;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;
import reforest.bundle.Store;
import reforest.home.Home;
import reforest.publish.Champions;
import reforest.registry.RunRecord;
import reforest.registry.Runs;

/**
 * A bundle that a person has named, or the champion.
 *
 * @param bundle which
 * @param folder where it lies in the model's store
 */
record NamedBundle(Bundle bundle, String folder) {

  /**
   * Looks it up; needs no Spark.
   *
   * @param typed first digits of a published bundle's digest or of a run's key; empty for the
   *     champion
   * @throws ReforestException of kind {@code DATA} when it is not there or not intact
   */
  static NamedBundle find(Store store, String model, Optional<String> typed) {
    String name =
        typed.orElseGet(
            () ->
                new PromotionLog(store)
                    .champion()
                    .map(Promotion::bundle)
                    .orElseThrow(() -> Champions.none(model)));
    List<String> bundles = store.list(Home.bundles());
    List<String> known = Stream.concat(bundles.stream(), store.list(Home.runs()).stream()).toList();
    String id = Digests.matching(name, known, "published bundle or run");
    if (bundles.contains(id)) {
      String folder = Home.bundle(id);
      return new NamedBundle(Bundle.read(store, folder), folder);
    }
    RunRecord record =
        new Runs(store)
            .latest(id)
            .orElseThrow(
                () ->
                    new ReforestException(
                        Kind.DATA,
                        "run " + id + " of model '" + model + "' has not finished",
                        "'reforest models " + model + "' lists those that have"));
    String folder = Home.stagedBundle(record.run(), record.attempt());
    return new NamedBundle(Bundle.read(store, folder), folder);
  }
}
