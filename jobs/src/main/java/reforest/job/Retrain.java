package reforest.job;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import reforest.bundle.Bundle;
import reforest.bundle.Manifest.Provenance;
import reforest.bundle.Promotion;
import reforest.bundle.PromotionLog;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;
import reforest.bundle.Store;
import reforest.config.Configuration;
import reforest.config.ModelConfig;
import reforest.export.Export.Exported;
import reforest.gate.Decision;
import reforest.gate.Judgement;
import reforest.home.Home;
import reforest.home.Location;
import reforest.publish.Champions;
import reforest.publish.Publish;
import reforest.quality.Profile;
import reforest.registry.BuildInfo;
import reforest.registry.RunKind;
import reforest.registry.RunRecord;
import reforest.registry.RunRecorder;
import reforest.registry.Runs;
import reforest.registry.Streak;
import reforest.report.Report;
import reforest.split.Division;
import reforest.table.Snapshot;
import reforest.table.VersionChoice;
import reforest.train.Trained;

/**
 * The main job: pin a version of the table, check its rows, train a challenger, export it, judge it
 * against the champion, publish it if it wins, record what happened.
 *
 * <p>A run that finished before is not made again: its recorded verdict is returned. One that was
 * stopped half-way goes on where it can.
 */
public final class Retrain implements Job<Retrain.Result> {

  private static final int STEPS = 7;

  private final JobContext context;
  private final Jobs.Computing computing;
  private final Configuration configuration;
  private final Options options;

  Retrain(
      JobContext context, Jobs.Computing computing, Configuration configuration, Options options) {
    this.context = context;
    this.computing = computing;
    this.configuration = configuration;
    this.options = options;
  }

  /**
   * @param publish whether it is judged on the protected window and may become champion
   * @param version which version of the table
   * @param logicalDate the date of a schedule that this run belongs to
   * @param force why a finished run is run again; empty to get its recorded verdict
   */
  public record Options(
      boolean publish,
      VersionChoice version,
      Optional<String> logicalDate,
      Optional<String> force) {
    static final Options DEFAULT =
        new Options(false, VersionChoice.newest(), Optional.empty(), Optional.empty());
  }

  /** What a retrain found out; see {@link RunResult}. */
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

  /** Judges on the protected window; a challenger that wins becomes the champion. */
  public Retrain publish() {
    return with(new Options(true, options.version(), options.logicalDate(), options.force()));
  }

  /** Trains on a version of the table other than the newest. */
  public Retrain on(VersionChoice version) {
    return with(new Options(options.publish(), version, options.logicalDate(), options.force()));
  }

  /** Belongs to a date of a schedule: runs of different dates are different runs. */
  public Retrain logicalDate(String date) {
    return with(
        new Options(options.publish(), options.version(), Optional.of(date), options.force()));
  }

  /** Trains again although the same run has finished, which counts as another try. */
  public Retrain force(String reason) {
    return with(
        new Options(
            options.publish(), options.version(), options.logicalDate(), Optional.of(reason)));
  }

  /** The same with these options. */
  public Retrain with(Options chosen) {
    return new Retrain(context, computing, configuration, chosen);
  }

  /** Its configuration. */
  public Configuration configuration() {
    return configuration;
  }

  private ModelPromise promise() {
    return ModelPromise.of(context.home().store(configuration.model().model()), configuration);
  }

  @Override
  public Result execute() {
    ModelPromise promise = promise();
    promise.require();
    return new Run(promise).execute();
  }

  @Override
  public Preflight.Result check() {
    Preflight preflight = new Preflight(context.home(), configuration.model().model());
    preflight.families(configuration.model());
    preflight.expressions(configuration.model());
    preflight.behaviour(configuration.model());
    preflight.home();
    preflight.promise(this::promise);
    preflight.table(options.version());
    preflight.champion();
    preflight.plan(configuration.model().gate());
    preflight.mode(configuration.model().gate());
    return preflight.result();
  }

  @Override
  public String toString() {
    return "retrain " + options;
  }

  /** What was trained, or found staged by an earlier attempt. */
  private record Staged(Bundle bundle, RunRecorder.Training training) {}

  /** The division, and why there is no use in training on it, if so. */
  private record Checked(Division division, Optional<String> nothingNew) {}

  /** One execution: everything that it works with, opened once. */
  private final class Run {

    private final Compute compute = computing.on(context, configuration.model());
    private final ModelConfig config = configuration.model();
    private final RunKind kind = options.publish() ? RunKind.PUBLISH : RunKind.DEVELOP;
    private final Store store = context.home().store(config.model());
    private final Clock clock = context.clock();
    private final Runs runs = new Runs(store);
    private final RunSteps steps = context.steps(STEPS);
    private final Judge judge = new Judge(compute, config, store, clock);
    private final ModelPromise promise;

    Run(ModelPromise promise) {
      this.promise = promise;
    }

    Result execute() {
      Instant startedAt = clock.instant();
      Snapshot snapshot = steps.run("snapshot", () -> compute.pin(options.version()));
      String key = RunKey.of(kind.key(), config, snapshot, options.logicalDate());
      steps.knowsDataVersion(snapshot.version());
      steps.knowsRun(key);
      Optional<RunRecord> recorded =
          options.force().isPresent() ? Optional.empty() : runs.latest(key);
      if (recorded.isPresent() && isFinished(recorded.get())) {
        return repeated(recorded.get());
      }
      Checked checked = steps.run("check", () -> check(snapshot, key));
      Division division = checked.division();
      if (checked.nothingNew().isPresent()) {
        return waiting(snapshot, division, origin(key, 1, startedAt), checked.nothingNew().get());
      }
      RunRecorder.Origin origin = origin(key, runs.claim(key), startedAt);
      Staged staged =
          recorded.isPresent()
              ? restage(recorded.get(), origin)
              : train(snapshot, division, origin);
      return judge(snapshot, division, staged, origin);
    }

    /** A verdict to promote is the end only once the promotion log says so. */
    private boolean isFinished(RunRecord record) {
      return record.happened(promotions());
    }

    private List<Promotion> promotions() {
      return new PromotionLog(store).all();
    }

    private Checked check(Snapshot snapshot, String key) {
      Division division = compute.divide(snapshot, kind.window(), new LedgerLooks(store));
      Optional<String> nothingNew = judge.nothingNew(snapshot, division, request(key));
      if (nothingNew.isEmpty()) {
        compute.checkTraining(division);
        judge.check(snapshot, division);
      }
      return new Checked(division, nothingNew);
    }

    private Judge.Request request(String key) {
      return (options.force().isPresent() ? Judge.Request.forced(key) : Judge.Request.of(key))
          .scheduled(options.logicalDate().isPresent());
    }

    private RunRecorder.Origin origin(String key, int attempt, Instant startedAt) {
      return new RunRecorder.Origin(
          key, attempt, kind, startedAt, options.force(), options.logicalDate(), promise.changed());
    }

    private Result waiting(
        Snapshot snapshot, Division division, RunRecorder.Origin origin, String why) {
      Optional<Promotion> champion = new PromotionLog(store).champion();
      RunRecord record =
          new RunRecorder(configuration, clock)
              .waiting(origin, snapshot, division, champion.map(Promotion::bundle), why);
      return new Result(record, false, champion, List.of(), Optional.empty());
    }

    private Staged train(Snapshot snapshot, Division division, RunRecorder.Origin origin) {
      Trained trained =
          steps.run(
              "train",
              () ->
                  compute.search(
                      division, Champions.bundle(store).map(it -> it.manifest().provenance())));
      String winner = trained.winner().candidate().describe();
      context.progress().says("The winner is " + winner + ", " + trained.choice().reason() + ".");
      return steps.run(
          "export",
          () -> {
            Profile profile = compute.profile(division);
            Exported exported =
                compute.export(
                    trained, division, provenance(snapshot, division, trained, origin.run()));
            String folder = Home.stagedBundle(origin.run(), origin.attempt());
            Bundle.write(store, folder, exported.manifest(), exported.files());
            return new Staged(
                Bundle.read(store, folder), RunRecorder.Training.of(trained, profile));
          });
    }

    private Provenance provenance(
        Snapshot snapshot, Division division, Trained trained, String run) {
      return new Provenance(
          run,
          Home.tableOf(config.model()),
          snapshot.version(),
          snapshot.digest(),
          division.split(),
          division.trainedBefore(),
          trained.winner().candidate().family(),
          trained.winner().candidate().parameters(),
          config.train().seed(),
          BuildInfo.revision(),
          config.digest(),
          BuildInfo.versions());
    }

    /** An attempt that lost a race, or was killed before its promotion, has trained already. */
    private Staged restage(RunRecord recorded, RunRecorder.Origin origin) {
      Bundle bundle = Bundle.read(store, Home.stagedBundle(recorded.run(), recorded.attempt()));
      bundle.copyTo(store, Home.stagedBundle(origin.run(), origin.attempt()));
      return new Staged(bundle, RunRecorder.Training.of(recorded));
    }

    private Result judge(
        Snapshot snapshot, Division division, Staged staged, RunRecorder.Origin first) {
      RunRecorder.Origin origin = first;
      for (int tried = 1; ; tried++) {
        RunRecorder.Origin now = origin;
        String folder = Home.stagedBundle(now.run(), now.attempt());
        steps.knowsBundle(
            staged.bundle().digest(), Location.below(store.root(), folder).toString());
        Optional<RunRecord> before = finishedTwin(now);
        if (before.isPresent()) {
          return repeated(before.get());
        }
        Judgement judgement =
            steps.run(
                "evaluate",
                () -> judge.judge(snapshot, division, staged.bundle(), request(now.run())));
        // If it came between, this very bundle may be the champion that it was compared with.
        Optional<RunRecord> between = finishedTwin(now);
        if (between.isPresent()) {
          return repeated(between.get());
        }
        RunRecord record =
            new RunRecorder(configuration, clock)
                .of(
                    now,
                    snapshot,
                    division,
                    staged.training(),
                    staged.bundle(),
                    folder,
                    judgement.champion().flatMap(runs::thatTrained),
                    judgement);
        Optional<RunRecord> done = steps.run("publish", () -> publish(record, staged, judgement));
        if (done.isPresent()) {
          List<String> warnings =
              steps.run("record", () -> compute.register(done.get(), true, this::promotions));
          return result(done.get(), false, warnings);
        }
        if (tried > config.gate().attempts()) {
          throw new ReforestException(
              Kind.RACE,
              "another promotion came first, " + (tried == 1 ? "once" : tried + " times in a row"),
              "run the same command again: it goes on with the trained bundle");
        }
        origin = now.next(runs.claim(now.run()));
        staged.bundle().copyTo(store, Home.stagedBundle(origin.run(), origin.attempt()));
      }
    }

    /** A verdict once more, in the registry, too: whoever reached it may have ended before that. */
    private Result repeated(RunRecord record) {
      return result(record, true, compute.register(record, false, this::promotions));
    }

    /** Empty when another promotion came between, so that this judgement is out of date. */
    private Optional<RunRecord> publish(RunRecord record, Staged staged, Judgement judgement) {
      runs.write(record, Report.html(record));
      if (record.promotion() == null || judgement.verdict().decision() != Decision.PROMOTE) {
        return Optional.of(record);
      }
      Optional<Promotion> promotion =
          new Publish(store, clock)
              .promote(
                  staged.bundle(),
                  judgement.after(),
                  new Publish.Cause(
                      Promotion.Action.PROMOTE,
                      record.run(),
                      record.verdict(),
                      record.reasons().stream().findFirst().orElse("it won"),
                      record.report()));
      promotion.ifPresent(steps::stands);
      // Another process with the very same run may have been the one that came first.
      return promotion.isPresent() || isFinished(record) ? Optional.of(record) : Optional.empty();
    }

    /**
     * The record of another process with the very same run that ended meanwhile, such as a driver
     * that its scheduler had given up. A forced attempt is another run on purpose.
     */
    private Optional<RunRecord> finishedTwin(RunRecorder.Origin now) {
      return now.reason().isPresent()
          ? Optional.empty()
          : runs.latest(now.run()).filter(this::isFinished);
    }

    private Result result(RunRecord record, boolean recorded, List<String> warnings) {
      return new Result(
          record,
          recorded,
          new PromotionLog(store).champion(),
          warnings,
          new Streak(runs).alert(record));
    }
  }
}
