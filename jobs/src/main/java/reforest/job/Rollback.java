package reforest.job;

import java.util.List;
import java.util.Optional;
import reforest.bundle.Promotion;
import reforest.bundle.PromotionLog;
import reforest.bundle.Store;
import reforest.home.Home;
import reforest.home.Location;
import reforest.publish.Publish;
import reforest.registry.RegistryUpdate;

/** Makes an earlier champion the champion again. Spark is opened for the registry alone. */
public final class Rollback implements Job<Rollback.Result> {

  private final JobContext context;
  private final String model;
  private final Options options;

  Rollback(JobContext context, String model, Options options) {
    this.context = context;
    this.model = model;
    this.options = options;
  }

  /**
   * @param to number of the promotion to go back to; empty for the one before the champion's
   * @param expected number of the promotion that shall be rolled back; empty for whichever stands
   * @param reason why, in words
   */
  public record Options(Optional<Long> to, Optional<Long> expected, String reason) {

    private Publish.Wish wish() {
      return new Publish.Wish(to, expected, reason);
    }
  }

  /**
   * What a rollback did.
   *
   * @param promotion the entry of the promotion log that it made, or that stood already
   * @param recorded whether the entry stood already, so that nothing more was done
   * @param bundle the bundle that is back, and where it lies
   * @param warnings what did not succeed although the promotion stands, in words
   */
  public record Result(
      Promotion promotion, boolean recorded, BundleAt bundle, List<String> warnings) {
    public Result {
      warnings = List.copyOf(warnings);
    }
  }

  /** Goes back to the bundle of a promotion by its number. */
  public Rollback to(long promotion) {
    return with(new Options(Optional.of(promotion), options.expected(), options.reason()));
  }

  /**
   * Rolls back this promotion alone: refused when another stands, unless that is the rollback which
   * this one would have made.
   */
  public Rollback expecting(long promotion) {
    return with(new Options(options.to(), Optional.of(promotion), options.reason()));
  }

  /** The same with these options. */
  public Rollback with(Options chosen) {
    return new Rollback(context, model, chosen);
  }

  @Override
  public Result execute() {
    Store store = context.home().store(model);
    RunSteps steps = context.steps(2);
    Publish.Back back =
        steps.run(
            "rollback",
            () -> new Publish(store, context.clock()).rollback(options.wish(), this::isCutOff));
    Promotion promotion = back.promotion();
    steps.stands(promotion);
    List<String> warnings =
        steps.run(
            "record",
            () ->
                RegistryUpdate.add(
                    context.spark(),
                    context.home().registry(),
                    List.of(),
                    true,
                    () -> new PromotionLog(store).all()));
    String folder = Home.bundle(promotion.bundle());
    return new Result(
        promotion,
        back.repeated(),
        new BundleAt(promotion.bundle(), Location.below(store.root(), folder).toString()),
        warnings);
  }

  /** Whether the command that made a rollback did not come to its last step, the registry. */
  private boolean isCutOff(Promotion rollback) {
    return RegistryUpdate.lacks(context.spark(), context.home().registry(), rollback);
  }

  @Override
  public Preflight.Result check() {
    Preflight preflight = new Preflight(context.home(), model);
    preflight.home();
    preflight.champion();
    preflight.found(
        () -> {
          Publish publish = new Publish(context.home().store(model), context.clock());
          // Without Spark the registry is not asked.
          Optional<Promotion> standing = publish.standing(options.wish(), rollback -> false);
          if (standing.isPresent()) {
            return "promotion %d is this rollback and stands already"
                .formatted(standing.get().sequence());
          }
          Publish.Target target = publish.target(options.wish());
          return "promotion %d, whose bundle %s is intact, can come back"
              .formatted(target.promotion().sequence(), target.bundle().digest());
        });
    return preflight.result();
  }

  @Override
  public String toString() {
    return "rollback " + options;
  }
}
