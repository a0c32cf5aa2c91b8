package reforest.publish;

import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
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
   * What a person wants back.
   *
   * @param to number of the promotion whose bundle comes back; empty for the champion before
   * @param expected number of the champion that shall go; empty for whichever stands
   * @param reason why, in words
   */
  public record Wish(Optional<Long> to, Optional<Long> expected, String reason) {}

  /**
   * What brings an earlier bundle back.
   *
   * @param promotion its entry of the promotion log
   * @param repeated whether the entry stood before, so that nothing was written
   */
  public record Back(Promotion promotion, boolean repeated) {}

  /**
   * Enters an earlier champion as champion again. The same wish once more changes nothing: it finds
   * the entry that it made.
   *
   * @param isCutOff whether the command that made a rollback is known not to have ended; asked only
   *     where the wish itself does not tell
   * @throws ReforestException of kind {@code DATA} when another champion stands than was expected,
   *     there is no such promotion or its bundle is gone or altered, of kind {@code RACE} when
   *     another promotion came first
   */
  public Back rollback(Wish wish, Predicate<Promotion> isCutOff) {
    long last = log.lastSequence();
    Optional<Promotion> standing = standing(wish, isCutOff);
    if (standing.isPresent()) {
      return new Back(standing.get(), true);
    }
    Target target = target(wish);
    Promotion back = target.promotion();
    Cause cause =
        new Cause(Action.ROLLBACK, back.run(), back.verdict(), wish.reason(), back.report());
    return append(target.bundle(), last, cause)
        .map(made -> new Back(made, false))
        .orElseThrow(
            () ->
                new ReforestException(
                    Kind.RACE,
                    "another promotion came first, so nothing was rolled back",
                    "look at 'reforest models "
                        + back.model()
                        + "' and decide again: with --expect and the number of the promotion that"
                        + " shall go"));
  }

  /**
   * The rollback that fulfils a wish already; empty when it is still to be made.
   *
   * @param isCutOff as for {@link #rollback}
   * @throws ReforestException of kind {@code DATA} when another champion stands than was expected
   */
  public Optional<Promotion> standing(Wish wish, Predicate<Promotion> isCutOff) {
    Optional<Promotion> champion = log.champion();
    if (wish.expected().isPresent()) {
      long expected = wish.expected().get();
      if (champion.map(Promotion::sequence).orElse(0L) == expected) {
        return Optional.empty();
      }
      if (champion.filter(it -> isMadeBy(wish.to(), expected, it)).isEmpty()) {
        throw unexpected(champion, expected);
      }
      return champion;
    }
    Optional<Promotion> rollback = champion.filter(it -> it.action() == Action.ROLLBACK);
    if (wish.to().isPresent()) {
      String wanted = promotion(wish.to().get()).bundle();
      return rollback.filter(it -> it.bundle().equals(wanted));
    }
    return rollback.filter(it -> it.reason().equals(wish.reason()) || isCutOff.test(it));
  }

  /** Whether an entry is the one by which the expected champion would have been rolled back. */
  private boolean isMadeBy(Optional<Long> to, long expected, Promotion made) {
    List<Promotion> before =
        log.all().stream().filter(p -> p.sequence() < made.sequence()).toList();
    if (made.action() != Action.ROLLBACK
        || before.isEmpty()
        || before.get(before.size() - 1).sequence() != expected) {
      return false;
    }
    Promotion gone = before.get(before.size() - 1);
    return made.bundle()
        .equals((to.isPresent() ? promotion(to.get()) : predecessor(gone)).bundle());
  }

  /**
   * That a person has counted on another champion.
   *
   * @param champion the one that stands
   * @param expected number of the promotion that was meant; 0 for none
   */
  public static ReforestException unexpected(Optional<Promotion> champion, long expected) {
    String stands =
        champion
            .map(
                it ->
                    "promotion %d stands since %s (%s: %s)"
                        .formatted(
                            it.sequence(),
                            it.at(),
                            it.action().name().toLowerCase(Locale.ROOT),
                            it.reason()))
            .orElse("there is no champion");
    return new ReforestException(
        Kind.DATA,
        "this was meant for promotion " + expected + ", but " + stands + "; nothing was changed",
        "look at 'reforest models NAME' and decide again; --expect names the promotion that shall"
            + " be replaced");
  }

  /**
   * What a rollback comes back to.
   *
   * @param promotion the earlier one
   * @param bundle its bundle, verified
   */
  public record Target(Promotion promotion, Bundle bundle) {}

  /**
   * Looks up what a rollback of the champion would come back to, and changes nothing.
   *
   * @throws ReforestException of kind {@code DATA} when there is no such promotion or its bundle is
   *     gone or altered
   */
  public Target target(Wish wish) {
    Promotion champion = log.champion().orElseThrow(() -> nothingPromoted());
    Promotion target = wish.to().isPresent() ? promotion(wish.to().get()) : predecessor(champion);
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

  private Promotion promotion(long sequence) {
    return log.all().stream()
        .filter(p -> p.sequence() == sequence)
        .findFirst()
        .orElseThrow(() -> noSuchPromotion(sequence));
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
