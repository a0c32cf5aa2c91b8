package reforest.publish;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import reforest.bundle.Bundle;
import reforest.bundle.Promotion;
import reforest.bundle.Promotion.Action;
import reforest.bundle.PromotionLog;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;
import reforest.bundle.Store;
import reforest.home.Home;

/** Makes a bundle the champion: whole where services look, then once in the promotion log. */
public final class Publish {

  private final Store store;
  private final PromotionLog log;
  private final Clock clock;

  /**
   * @param store the model's store
   * @param clock tells when a promotion was written
   */
  public Publish(Store store, Clock clock) {
    this.store = store;
    this.log = new PromotionLog(store);
    this.clock = clock;
  }

  /**
   * Why a bundle becomes the champion.
   *
   * @param action how it came about
   * @param run key of the run
   * @param verdict the gate's verdict
   * @param reason why, in words
   * @param report where the report lies
   */
  public record Cause(Action action, String run, String verdict, String reason, String report) {}

  /**
   * Copies a staged bundle to where services look, and enters it as champion.
   *
   * @param bundle read from where it was staged, so its bytes are the ones that were judged
   * @param after the last number of the promotion log when the evaluation began
   * @return the promotion; empty when another one came first, and then nothing has changed for
   *     services
   * @throws ReforestException of kind {@code STORE} when the store cannot be reached
   */
  public Optional<Promotion> promote(Bundle bundle, long after, Cause cause) {
    bundle.copyTo(store, Home.bundle(bundle.digest()));
    return append(bundle, after, cause);
  }

  /**
   * Enters an earlier champion as champion again.
   *
   * @param to number of the promotion whose bundle comes back; empty for the champion before this
   *     one
   * @param reason why, in words
   * @throws ReforestException of kind {@code DATA} when there is no such promotion or its bundle is
   *     gone or altered, of kind {@code RACE} when another promotion came first
   */
  public Promotion rollback(Optional<Long> to, String reason) {
    long last = log.lastSequence();
    Target target = target(to);
    Promotion back = target.promotion();
    Cause cause = new Cause(Action.ROLLBACK, back.run(), back.verdict(), reason, back.report());
    return append(target.bundle(), last, cause)
        .orElseThrow(
            () ->
                new ReforestException(
                    Kind.RACE,
                    "another promotion came first, so nothing was rolled back",
                    "look at 'reforest models " + back.model() + "' and decide again"));
  }

  /**
   * What a rollback comes back to.
   *
   * @param promotion the earlier one
   * @param bundle its bundle, verified
   */
  public record Target(Promotion promotion, Bundle bundle) {}

  /**
   * Looks up what a rollback would come back to, and changes nothing.
   *
   * @param to number of the promotion whose bundle comes back; empty for the champion before this
   *     one
   * @throws ReforestException of kind {@code DATA} when there is no such promotion or its bundle is
   *     gone or altered
   */
  public Target target(Optional<Long> to) {
    Promotion champion = log.champion().orElseThrow(() -> nothingPromoted());
    Promotion target =
        to.isPresent()
            ? log.all().stream()
                .filter(p -> p.sequence() == to.get())
                .findFirst()
                .orElseThrow(() -> noSuchPromotion(to.get()))
            : predecessor(champion);
    if (target.bundle().equals(champion.bundle())) {
      throw new ReforestException(
          Kind.DATA,
          "promotion " + target.sequence() + " holds the bundle that is the champion already",
          "name another promotion with --to; 'reforest models "
              + champion.model()
              + "' lists them");
    }
    try {
      return new Target(target, Bundle.read(store, Home.bundle(target.bundle())));
    } catch (ReforestException e) {
      if (e.kind() == Kind.STORE) {
        throw e;
      }
      throw new ReforestException(
          Kind.DATA,
          "cannot roll back to promotion " + target.sequence() + ": " + e.getMessage(),
          "pick another with --to; 'reforest models " + champion.model() + "' lists them",
          e);
    }
  }

  /**
   * The promotion that the champion's bundle replaced when it first won. A rollback names what it
   * came back to, not what went before: rolling back twice never brings back what was rolled back.
   */
  private Promotion predecessor(Promotion champion) {
    List<Promotion> all = log.all();
    Promotion won =
        all.stream()
            .filter(p -> p.bundle().equals(champion.bundle()))
            .filter(p -> p.action() != Action.ROLLBACK)
            .reduce((older, newer) -> newer)
            .orElse(champion);
    return all.stream()
        .filter(p -> p.sequence() < won.sequence())
        .filter(p -> won.predecessor().map(p.bundle()::equals).orElse(false))
        .reduce((older, newer) -> newer)
        .orElseThrow(
            () ->
                new ReforestException(
                    Kind.DATA,
                    "promotion "
                        + won.sequence()
                        + ", which made the champion, is the first, nothing came before it",
                    "name another promotion with --to, or promote another model instead"));
  }

  private Optional<Promotion> append(Bundle bundle, long after, Cause cause) {
    Promotion promotion =
        new Promotion(
            after + 1,
            bundle.manifest().model(),
            bundle.digest(),
            log.champion().map(Promotion::bundle),
            cause.action(),
            cause.run(),
            cause.verdict(),
            cause.reason(),
            cause.report(),
            clock.instant(),
            UUID.randomUUID().toString());
    return log.append(promotion) ? Optional.of(promotion) : Optional.empty();
  }

  private static ReforestException nothingPromoted() {
    return new ReforestException(
        Kind.DATA,
        "nothing was promoted yet, so there is nothing to roll back",
        "let a model win with 'reforest retrain --publish'");
  }

  private static ReforestException noSuchPromotion(long sequence) {
    return new ReforestException(
        Kind.DATA,
        "there is no promotion " + sequence,
        "'reforest models NAME' lists those that there are");
  }
}
