package reforest.publish;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import reforest.bundle.Bundle;
import reforest.bundle.PromotionLog;
import reforest.bundle.ReforestException;
import reforest.bundle.Store;
import reforest.config.Nearest;
import reforest.home.Stores;

/** Looks up models and champions below a home. */
public final class Champions {

  private Champions() {}

  /**
   * The names of all models, sorted.
   *
   * @param spark Spark's settings, of which {@code spark.hadoop.*} are Hadoop's
   */
  public static List<String> models(URI home, Map<String, String> spark) {
    return Stores.at(home, spark).list("models");
  }

  /**
   * The store of a model.
   *
   * @param spark Spark's settings, of which {@code spark.hadoop.*} are Hadoop's
   * @throws ReforestException of kind {@code DATA} when the home holds no such model
   */
  public static Store store(URI home, String model, Map<String, String> spark) {
    List<String> known = models(home, spark);
    if (!known.contains(model)) {
      String meant = Nearest.to(model, known).map(n -> "; did you mean " + n + "?").orElse("");
      throw new ReforestException(
          ReforestException.Kind.DATA,
          "there is no model '" + model + "' below " + home + meant,
          known.isEmpty()
              ? "name the right folder with --home, or train one with 'reforest retrain'"
              : "it has " + String.join(", ", known));
    }
    return Stores.ofModel(home, model, spark);
  }

  /**
   * The bundle of a model's champion.
   *
   * @throws ReforestException of kind {@code DATA} when there is none, or it is not intact
   */
  public static Bundle bundle(Store store, String model) {
    return bundle(store).orElseThrow(() -> none(model));
  }

  /**
   * The champion's bundle; empty before there is one.
   *
   * @throws ReforestException of kind {@code DATA} when it is not intact
   */
  public static Optional<Bundle> bundle(Store store) {
    return new PromotionLog(store)
        .champion()
        .map(promotion -> Bundle.read(store, Publish.folder(promotion.bundle())));
  }

  public static ReforestException none(String model) {
    return new ReforestException(
        ReforestException.Kind.DATA,
        "model '" + model + "' has no champion",
        "let one win with 'reforest retrain --publish'");
  }
}
