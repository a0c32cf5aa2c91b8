package reforest.job;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import reforest.bundle.Promotion;
import reforest.bundle.PromotionLog;
import reforest.bundle.Store;
import reforest.config.Configuration;
import reforest.gate.Judgement;
import reforest.home.Location;
import reforest.registry.RunKind;
import reforest.registry.RunRecord;
import reforest.registry.RunRecorder;
import reforest.registry.Runs;
import reforest.report.Report;
import reforest.split.Division;
import reforest.split.EarlierLooks;
import reforest.table.Snapshot;
import reforest.table.VersionChoice;

/** Measures any bundle on the newest window of any data version; decides and spends nothing. */
public final class Backtest implements Job<Backtest.Result> {

  private static final int STEPS = 4;

  private final JobContext context;
  private final Jobs.Computing computing;
  private final Configuration configuration;
  private final Options options;

  Backtest(
      JobContext context, Jobs.Computing computing, Configuration configuration, Options options) {
    this.context = context;
    this.computing = computing;
    this.configuration = configuration;
    this.options = options;
  }

  /**
   * @param bundle first digits of a published bundle's digest or of a run's key; empty for the
   *     champion
   * @param version which version of the table
   */
  public record Options(Optional<String> bundle, VersionChoice version) {
    static final Options DEFAULT = new Options(Optional.empty(), VersionChoice.newest());
  }

  /** What was measured; see {@link RunResult}. */
  public record Result(
      RunRecord record, boolean recorded, Optional<Promotion> champion, List<String> warnings)
      implements RunResult {
    public Result {
      warnings = List.copyOf(warnings);
    }
  }

  /** Measures another bundle than the champion, by the first digits of its digest or run. */
  public Backtest of(String bundle) {
    return with(new Options(Optional.of(Digests.checked(bundle)), options.version()));
  }

  /** Measures on a version of the table other than the newest. */
  public Backtest on(VersionChoice version) {
    return with(new Options(options.bundle(), version));
  }

  /** The same with these options. */
  public Backtest with(Options chosen) {
    return new Backtest(context, computing, configuration, chosen);
  }

  private Store store() {
    return context.home().store(configuration.model().model());
  }

  private ModelPromise promise() {
    return ModelPromise.of(store(), configuration);
  }

  @Override
  public Preflight.Result check() {
    Preflight preflight = new Preflight(context.home(), configuration.model().model());
    preflight.expressions(configuration.model());
    preflight.behaviour(configuration.model());
    preflight.home();
    preflight.promise(this::promise);
    preflight.table(options.version());
    if (options.bundle().isEmpty()) {
      // It is the champion that will be measured, which is looked at anyway.
      preflight.requiredChampion();
    } else {
      preflight.champion();
      preflight.found(() -> "bundle " + find().bundle().digest() + " is intact");
    }
    return preflight.result();
  }

  @Override
  public String toString() {
    return "backtest " + options;
  }

  @Override
  public Result execute() {
    ModelPromise promise = promise();
    promise.require();
    Compute compute = computing.on(context, configuration.model());
    RunSteps steps = context.steps(STEPS);
    Instant startedAt = context.clock().instant();
    NamedBundle found = find();
    steps.knowsBundle(
        found.bundle().digest(), Location.below(store().root(), found.folder()).toString());
    Snapshot snapshot = steps.run("snapshot", () -> compute.pin(options.version()));
    steps.knowsDataVersion(snapshot.version());
    Division division =
        steps.run(
            "check",
            // It decides nothing, so rows that have decided before tell as much as others.
            () -> compute.divide(snapshot, RunKind.BACKTEST.window(), EarlierLooks.NONE));
    Runs runs = new Runs(store());
    String key =
        RunKey.of(
            "backtest " + found.bundle().digest(),
            configuration.model(),
            snapshot,
            Optional.empty());
    RunRecord record =
        steps.run(
            "evaluate",
            () -> {
              Judgement judgement =
                  new Judge(compute, configuration.model(), store(), context.clock())
                      .measure(snapshot, division, found.bundle(), key);
              RunRecorder.Origin origin =
                  new RunRecorder.Origin(
                      key,
                      runs.claim(key),
                      RunKind.BACKTEST,
                      startedAt,
                      Optional.empty(),
                      Optional.empty(),
                      promise.changed());
              return new RunRecorder(configuration, context.clock())
                  .of(
                      origin,
                      snapshot,
                      division,
                      RunRecorder.Training.NONE,
                      found.bundle(),
                      found.folder(),
                      Optional.empty(),
                      judgement);
            });
    List<String> warnings =
        steps.run(
            "record",
            () -> {
              runs.write(record, Report.html(record));
              return compute.register(record, true, () -> new PromotionLog(store()).all());
            });
    return new Result(record, false, new PromotionLog(store()).champion(), warnings);
  }

  private NamedBundle find() {
    return NamedBundle.find(store(), configuration.model().model(), options.bundle());
  }
}
