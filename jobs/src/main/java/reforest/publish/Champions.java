package reforest.publish;

import java.util.Optional;
import reforest.bundle.Bundle;
import reforest.bundle.PromotionLog;
import reforest.bundle.ReforestException;
import reforest.bundle.Store;
import reforest.home.Home;

/** Looks up the champion in a model's store. */
public final class Champions {

  private Champions() {}

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
        .map(promotion -> Bundle.read(store, Home.bundle(promotion.bundle())));
  }

  /** That a model has no champion. */
  public static ReforestException none(String model) {
    return new ReforestException(
        ReforestException.Kind.DATA,
        "model '" + model + "' has no champion",
        "let one win with 'reforest retrain --publish'");
  }
}
