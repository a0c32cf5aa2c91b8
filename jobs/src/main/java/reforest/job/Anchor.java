package reforest.job;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import reforest.bundle.Bundle;
import reforest.bundle.Manifest;
import reforest.bundle.Promotion;
import reforest.bundle.PromotionLog;
import reforest.bundle.ReforestException;
import reforest.bundle.Scorer;
import reforest.bundle.Store;
import reforest.config.Metric;
import reforest.evaluate.Role;
import reforest.gate.Rule;
import reforest.home.Home;
import reforest.registry.RunRecord;
import reforest.registry.Runs;
import reforest.split.Division;

/**
 * The best champion of the last twelve months beside the one that stands, so that small losses,
 * each within the margin, cannot add up.
 *
 * @param bundle which; empty where there is none, or it cannot be compared
 * @param waived why it is not compared, in words; empty where it is, or there is none
 */
record Anchor(Optional<Bundle> bundle, Optional<String> waived) {

  private static final Duration YEAR = Duration.ofDays(365);

  static final Anchor NONE = new Anchor(Optional.empty(), Optional.empty());

  /**
   * The best by what the runs that promoted them recorded: each gain on the champion before is
   * added up along the promotion log.
   *
   * @param store the model's store
   * @param primary metric that gains are counted in
   * @param now when the year ends
   * @param division of the rows that it is to be compared on
   */
  static Anchor of(Store store, Metric primary, Instant now, Division division) {
    List<Promotion> log = new PromotionLog(store).all();
    if (log.isEmpty()) {
      return NONE;
    }
    Map<String, Double> quality = new LinkedHashMap<>();
    double reached = 0;
    for (Promotion promotion : log) {
      // A bundle that came back is as good as it was.
      double known = quality.getOrDefault(promotion.bundle(), Double.NaN);
      reached = Double.isNaN(known) ? reached + gain(store, promotion, primary) : known;
      if (promotion.at().isAfter(now.minus(YEAR))) {
        quality.put(promotion.bundle(), reached);
      }
    }
    quality.remove(log.get(log.size() - 1).bundle());
    return quality.entrySet().stream()
        .max(Map.Entry.comparingByValue())
        .map(best -> comparable(store, best.getKey(), division))
        .orElse(NONE);
  }

  /** What a promotion gained on the champion before it; 0 where its run does not tell. */
  private static double gain(Store store, Promotion promotion, Metric primary) {
    return new Runs(store)
        .of(promotion.run()).stream()
            .filter(run -> run.challenger().equals(promotion.bundle()))
            .flatMap(run -> run.gate().checks().stream())
            .filter(check -> check.rule().equals(Rule.Kind.PRIMARY.key()))
            .filter(check -> check.metric().equals(primary.key()))
            .filter(check -> check.reference().equals(Role.CHAMPION.key()))
            .map(RunRecord.Check::gain)
            .filter(gain -> gain != null)
            .findFirst()
            .orElse(0.0);
  }

  private static Anchor comparable(Store store, String digest, Division division) {
    String who = "the anchor, bundle " + digest.substring(0, 12) + ", was not compared: ";
    try {
      Bundle bundle = Bundle.read(store, Home.bundle(digest));
      Optional<String> seen = Judge.whySeen(bundle.manifest(), division);
      List<String> columns = Arrays.asList(division.window().columns());
      List<String> missing =
          bundle.manifest().inputs().stream()
              .map(Manifest.Input::reads)
              .filter(name -> !columns.contains(name))
              .distinct()
              .toList();
      if (seen.isPresent() || !missing.isEmpty()) {
        return waived(who + seen.orElse("the table has no column " + String.join(", ", missing)));
      }
      Scorer.of(bundle);
      return new Anchor(Optional.of(bundle), Optional.empty());
    } catch (ReforestException e) {
      if (e.kind() != ReforestException.Kind.DATA) {
        throw e;
      }
      return waived(who + e.getMessage());
    }
  }

  private static Anchor waived(String why) {
    return new Anchor(Optional.empty(), Optional.of(why));
  }
}
