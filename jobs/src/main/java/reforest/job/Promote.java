package reforest.job;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import reforest.bundle.Bundle;
import reforest.bundle.Promotion;
import reforest.bundle.PromotionLog;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;
import reforest.bundle.Store;
import reforest.config.Configuration;
import reforest.gate.Decision;
import reforest.gate.Judgement;
import reforest.home.Home;
import reforest.home.Location;
import reforest.publish.Publish;
import reforest.registry.RunKind;
import reforest.registry.RunRecord;
import reforest.registry.RunRecorder;
import reforest.registry.Runs;
import reforest.registry.Streak;
import reforest.report.Report;
import reforest.split.Division;
import reforest.table.Snapshot;
import reforest.table.VersionChoice;

/**
 * Judges the bundle of an earlier run on the protected window, and makes it champion if it wins.
 */
public final class Promote implements Job<Promote.Result> {

  private static final int STEPS = 5;

  private final JobContext context;
  private final Jobs.Computing computing;
  private final Configuration configuration;
  private final Options options;

  Promote(
      JobContext context, Jobs.Computing computing, Configuration configuration, Options options) {
    this.context = context;
    this.computing = computing;
    this.configuration = configuration;
    this.options = options;
  }

  /**
   * @param run key of the run that staged the challenger
   * @param override why the gate is overruled; empty to go through it
   * @param expected number of the promotion that shall be replaced, 0 for none; empty for whichever
   *     stands
   */
  public record Options(String run, Optional<String> override, Optional<Long> expected) {}

  /** What was judged, and whether it became champion; see {@link RunResult}. */
  public record Result(
      RunRecord record,
      boolean recorded,
      Optional<Promotion> champion,
      List<String> warnings,
      @Override Optional<String> alert)
      implements RunResult {
    public Result {
      warnings = List.copyOf(warnings);
    }
  }

  /** Makes it the champion whatever the verdict, which is recorded with the reason. */
  public Promote override(String reason) {
    return with(new Options(options.run(), Optional.of(reason), options.expected()));
  }

  /** Replaces this promotion alone, 0 for none: refused when another stands by then. */
  public Promote expecting(long promotion) {
    return with(new Options(options.run(), options.override(), Optional.of(promotion)));
  }

  /** The same with these options. */
  public Promote with(Options chosen) {
    return new Promote(context, computing, configuration, chosen);
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
    preflight.table(VersionChoice.newest());
    preflight.champion();
    preflight.found(
        () ->
            "run %s staged the bundle %s, which is intact"
                .formatted(staged().record().run(), staged().bundle().digest()));
    preflight.found(
        () -> {
          requireExpected();
          return options.expected().map(it -> "promotion " + it + " stands").orElse("");
        });
    return preflight.result();
  }

  @Override
  public String toString() {
    return "promote " + options;
  }

  /** What an earlier run trained. */
  private record Staged(RunRecord record, Bundle bundle) {}

  /**
   * Looks up what the run staged; needs no Spark.
   *
   * @throws ReforestException of kind {@code DATA} when there is no such run, or its bundle is not
   *     intact
   */
  private Staged staged() {
    String model = configuration.model().model();
    // A whole key is looked up as it is: its attempts say more than that there is none.
    String run =
        RunKey.isKey(options.run())
            ? options.run()
            : Digests.matching(options.run(), store().list(Home.runs()), "run");
    RunRecord record =
        new Runs(store())
            .latest(run)
            .orElseThrow(
                () ->
                    new ReforestException(
                        Kind.DATA,
                        "model '" + model + "' has no finished run " + run,
                        "'reforest models " + model + "' lists its runs"));
    return new Staged(
        record, Bundle.read(store(), Home.stagedBundle(record.run(), record.attempt())));
  }

  @Override
  public Result execute() {
    ModelPromise promise = promise();
    promise.require();
    Compute compute = computing.on(context, configuration.model());
    Runs runs = new Runs(store());
    RunSteps steps = context.steps(STEPS);
    Instant startedAt = context.clock().instant();
    Staged staged = staged();
    Bundle bundle = staged.bundle();
    steps.knowsBundle(
        bundle.digest(),
        location(Home.stagedBundle(staged.record().run(), staged.record().attempt())));
    Snapshot snapshot = steps.run("snapshot", () -> compute.pin(VersionChoice.newest()));
    boolean overrules = options.override().isPresent();
    String key =
        RunKey.of(
            (overrules ? "override " : "promote ") + bundle.digest(),
            configuration.model(),
            snapshot,
            Optional.empty());
    steps.knowsDataVersion(snapshot.version());
    steps.knowsRun(key);
    Optional<RunRecord> recorded = overrules ? overruled(runs, bundle) : runs.latest(key);
    if (recorded.isPresent() && recorded.get().happened(promotions())) {
      return result(
          recorded.get(), true, compute.register(recorded.get(), false, this::promotions));
    }
    refuseTheChampion(bundle);
    requireExpected();
    Judge judge = new Judge(compute, configuration.model(), store(), context.clock());
    // All that can be refused is refused here, before a try on the window is spent.
    Division division =
        steps.run("check", () -> check(compute, judge, snapshot, bundle, overrules));
    Judge.Request request = overrules ? Judge.Request.overruling(key) : Judge.Request.of(key);
    Optional<String> nothingNew =
        overrules ? Optional.empty() : judge.nothingNew(snapshot, division, request);
    RunRecorder.Origin origin =
        new RunRecorder.Origin(
            key,
            nothingNew.isPresent() ? 1 : runs.claim(key),
            RunKind.PROMOTE,
            startedAt,
            options.override(),
            Optional.empty(),
            promise.changed());
    if (nothingNew.isPresent()) {
      Optional<Promotion> champion = new PromotionLog(store()).champion();
      RunRecord waiting =
          new RunRecorder(configuration, context.clock())
              .waiting(
                  origin, snapshot, division, champion.map(Promotion::bundle), nothingNew.get());
      return new Result(waiting, false, champion, List.of(), Optional.empty());
    }
    String folder = Home.stagedBundle(key, origin.attempt());
    bundle.copyTo(store(), folder);
    Judgement judgement =
        steps.run("evaluate", () -> judge.judge(snapshot, division, bundle, request));
    RunRecord record =
        new RunRecorder(configuration, context.clock())
            .of(
                origin,
                snapshot,
                division,
                RunRecorder.Training.of(staged.record()),
                bundle,
                folder,
                judgement.champion().flatMap(runs::thatTrained),
                judgement);
    Optional<Promotion> promotion =
        steps.run("publish", () -> publish(runs, record, bundle, judgement));
    promotion.ifPresent(steps::stands);
    List<String> warnings =
        steps.run("record", () -> compute.register(record, true, this::promotions));
    return result(record, false, warnings);
  }

  private Result result(RunRecord record, boolean recorded, List<String> warnings) {
    return new Result(
        record,
        recorded,
        new PromotionLog(store()).champion(),
        warnings,
        new Streak(new Runs(store())).alert(record));
  }

  private List<Promotion> promotions() {
    return new PromotionLog(store()).all();
  }

  private String location(String folder) {
    return Location.below(store().root(), folder).toString();
  }

  private Division check(
      Compute compute, Judge judge, Snapshot snapshot, Bundle bundle, boolean overrules) {
    Division division =
        compute.divide(snapshot, RunKind.PROMOTE.window(), new LedgerLooks(store()));
    judge.check(snapshot, division, bundle, overrules);
    return division;
  }

  private void refuseTheChampion(Bundle bundle) {
    Optional<Promotion> champion = new PromotionLog(store()).champion();
    if (champion.isPresent() && champion.get().bundle().equals(bundle.digest())) {
      throw new ReforestException(
          Kind.DATA,
          "the bundle of run "
              + options.run()
              + " is the champion already, since promotion "
              + champion.get().sequence(),
          "name a run whose bundle is another");
    }
  }

  /** The same override that was cut off after its promotion, or is typed once more. */
  private Optional<RunRecord> overruled(Runs runs, Bundle bundle) {
    return new PromotionLog(store())
        .champion()
        .filter(it -> it.action() == Promotion.Action.OVERRIDE)
        .filter(it -> it.bundle().equals(bundle.digest()))
        .flatMap(
            it ->
                runs.of(it.run()).stream()
                    .filter(record -> Objects.equals(record.promotion(), it.sequence()))
                    .findFirst());
  }

  private void requireExpected() {
    Optional<Promotion> champion = new PromotionLog(store()).champion();
    options
        .expected()
        .filter(it -> !it.equals(champion.map(Promotion::sequence).orElse(0L)))
        .ifPresent(
            it -> {
              throw Publish.unexpected(champion, it);
            });
  }

  /** The promotion; empty when the verdict lets none happen. */
  private Optional<Promotion> publish(
      Runs runs, RunRecord record, Bundle bundle, Judgement judgement) {
    runs.write(record, Report.html(record));
    boolean won = judgement.verdict().decision() == Decision.PROMOTE;
    if (!won && options.override().isEmpty()) {
      return Optional.empty();
    }
    requireExpected();
    Publish.Cause cause =
        new Publish.Cause(
            won ? Promotion.Action.PROMOTE : Promotion.Action.OVERRIDE,
            record.run(),
            record.verdict(),
            options.override().orElseGet(() -> record.reasons().get(0)),
            record.report());
    Optional<Promotion> promotion =
        new Publish(store(), context.clock()).promote(bundle, judgement.after(), cause);
    if (promotion.isEmpty()) {
      throw new ReforestException(
          Kind.RACE,
          "another promotion came between, so this one was judged against the wrong champion and"
              + " did not happen",
          "run the same command again");
    }
    return promotion;
  }
}
