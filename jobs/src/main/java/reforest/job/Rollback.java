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
   * @param reason why, in words
   */
  public record Options(Optional<Long> to, String reason) {}

  /**
   * What a rollback did.
   *
   * @param promotion the entry of the promotion log that it made
   * @param bundle the bundle that is back, and where it lies
   * @param warnings what did not succeed although the promotion stands, in words
   */
  public record Result(Promotion promotion, BundleAt bundle, List<String> warnings) {
    public Result {
      warnings = List.copyOf(warnings);
    }
  }

  /** Goes back to the bundle of a promotion by its number. */
  public Rollback to(long promotion) {
    return with(new Options(Optional.of(promotion), options.reason()));
  }

  /** The same with these options. */
  public Rollback with(Options chosen) {
    return new Rollback(context, model, chosen);
  }

  @Override
  public Result execute() {
    Store store = context.home().store(model);
    RunSteps steps = context.steps(2);
    Promotion promotion =
        steps.run(
            "rollback",
            () -> new Publish(store, context.clock()).rollback(options.to(), options.reason()));
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
        new BundleAt(promotion.bundle(), Location.below(store.root(), folder).toString()),
        warnings);
  }

  @Override
  public Preflight.Result check() {
    Preflight preflight = new Preflight(context.home(), model);
    preflight.home();
    preflight.champion();
    preflight.found(
        () -> {
          Publish publish = new Publish(context.home().store(model), context.clock());
          Publish.Target target = publish.target(options.to());
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
