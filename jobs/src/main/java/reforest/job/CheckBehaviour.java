package reforest.job;

import java.util.Optional;
import reforest.behaviour.Suite;
import reforest.bundle.Bundle;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;
import reforest.bundle.Scorer;
import reforest.bundle.Store;
import reforest.config.Configuration;
import reforest.config.ModelConfig;
import reforest.home.Location;

/**
 * Asks a bundle the cases of the model's suite, without Spark and without a record: for whoever
 * writes a suite, and for what runs before a release.
 */
public final class CheckBehaviour implements Job<CheckBehaviour.Result> {

  private final JobContext context;
  private final Configuration configuration;
  private final Asked asked;

  /** Looks up who is asked. */
  private interface Asked {
    Found find();
  }

  private record Found(Bundle bundle, String location) {}

  CheckBehaviour(JobContext context, Configuration configuration) {
    this.context = context;
    this.configuration = configuration;
    this.asked = () -> named(Optional.empty());
  }

  private CheckBehaviour(CheckBehaviour other, Optional<String> name) {
    this.context = other.context;
    this.configuration = other.configuration;
    this.asked = () -> named(name);
  }

  private CheckBehaviour(CheckBehaviour other, Found found) {
    this.context = other.context;
    this.configuration = other.configuration;
    this.asked = () -> found;
  }

  /**
   * What came of it.
   *
   * @param bundle who was asked
   * @param suite what came of each case
   * @param seconds how long the suite took
   */
  public record Result(BundleAt bundle, Suite.Result suite, double seconds) {}

  /** Asks another bundle than the champion, by the first digits of its digest or run. */
  public CheckBehaviour of(String bundle) {
    return new CheckBehaviour(this, Optional.of(Digests.checked(bundle)));
  }

  /** Asks a bundle that lies elsewhere. */
  public CheckBehaviour of(Bundle bundle, String location) {
    return new CheckBehaviour(this, new Found(bundle, location));
  }

  private Found named(Optional<String> name) {
    String model = configuration.model().model();
    Store store = context.home().existing(model);
    NamedBundle found = NamedBundle.find(store, model, name);
    return new Found(found.bundle(), Location.below(store.root(), found.folder()).toString());
  }

  /**
   * Asks.
   *
   * @throws ReforestException of kind {@code ARGUMENTS} when there is no case, of kind {@code DATA}
   *     when there is no such bundle, or it is not intact
   */
  @Override
  public Result execute() {
    ModelConfig model = configuration.model();
    if (model.behaviour().cases().isEmpty()) {
      throw new ReforestException(
          Kind.ARGUMENTS,
          "no case of behaviour is declared for model '" + model.model() + "'",
          "write some under behaviour, or name a file with behaviour-file");
    }
    RunSteps steps = context.steps(1);
    Found found = asked.find();
    steps.knowsBundle(found.bundle().digest(), found.location());
    Scorer scorer = Scorer.of(found.bundle());
    long start = context.nanos().getAsLong();
    Suite.Result suite = steps.run("check", () -> Suite.of(model).run(scorer));
    return new Result(
        new BundleAt(found.bundle().digest(), found.location()),
        suite,
        (context.nanos().getAsLong() - start) / 1e9);
  }

  @Override
  public Preflight.Result check() {
    Preflight preflight = new Preflight(context.home(), configuration.model().model());
    preflight.found(() -> "bundle " + asked.find().bundle().digest() + " is intact");
    preflight.behaviour(configuration.model());
    return preflight.result();
  }

  @Override
  public String toString() {
    return "check " + configuration.model().model();
  }
}
