package reforest.job;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import reforest.bundle.Bundle;
import reforest.bundle.Promotion;
import reforest.bundle.PromotionLog;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;
import reforest.bundle.Store;
import reforest.cli.PromoteCommand;
import reforest.gate.Verdict;
import reforest.publish.Publish;
import reforest.registry.RunRecord;
import reforest.registry.Runs;
import reforest.report.Report;
import reforest.split.Division;
import reforest.split.WindowId;
import reforest.table.Snapshot;

/**
 * Judges the bundle of an earlier run on the protected window, and makes it champion if it wins.
 */
public final class Promote {

  private final Compute compute;
  private final Ask ask;
  private final Store store;
  private final Runs runs;

  Promote(Compute compute, Ask ask) {
    this.compute = compute;
    this.ask = ask;
    this.store = ask.store();
    this.runs = new Runs(store);
  }

  /** What an earlier run trained. */
  public record Staged(RunRecord record, Bundle bundle) {}

  /**
   * Looks up what a run staged; needs no Spark.
   *
   * @throws ReforestException of kind {@code DATA} when there is no such run, or its bundle is not
   *     intact
   */
  public static Staged staged(Ask ask, String run) {
    RunRecord record =
        new Runs(ask.store())
            .latest(run)
            .orElseThrow(
                () ->
                    new ReforestException(
                        Kind.DATA,
                        "model '" + ask.config().model() + "' has no finished run " + run,
                        "'reforest models " + ask.config().model() + "' lists its runs"));
    return new Staged(
        record, Bundle.read(ask.store(), Runs.bundle(record.run(), record.attempt())));
  }

  Retrain.Finished run(Work.PromoteOptions options) {
    Stages stages = ask.stages(5);
    Instant startedAt = ask.console().clock().instant();
    Staged staged = staged(ask, options.run());
    Bundle bundle = staged.bundle();
    ask.known()
        .bundle(
            bundle.digest(),
            ask.location(Runs.bundle(staged.record().run(), staged.record().attempt())));
    Snapshot snapshot =
        stages.run(
            "snapshot", () -> compute.pin(new Work.Rows(Optional.empty(), Optional.empty())));
    String key =
        RunKey.of(
            (options.override().isPresent() ? "override " : "promote ") + bundle.digest(),
            ask.config(),
            snapshot,
            Optional.empty());
    ask.known().dataVersion(snapshot.version()).run(key);
    Optional<RunRecord> recorded =
        options.override().isPresent() ? Optional.empty() : runs.latest(key);
    if (recorded.isPresent() && Retrain.happened(recorded.get(), new PromotionLog(store).all())) {
      return new Retrain.Finished(recorded.get(), true, compute.register(recorded.get()));
    }
    refuseTheChampion(store, bundle, options.run());
    boolean overrules = options.override().isPresent();
    Judge judge = new Judge(compute, ask.config(), store, ask.console().clock());
    // All that can be refused is refused here, before a try on the window is spent.
    Division division = stages.run("check", () -> check(judge, snapshot, bundle, overrules));
    Records.Origin origin =
        new Records.Origin(
            key,
            runs.claim(key),
            PromoteCommand.NAME,
            startedAt,
            options.override(),
            Optional.empty());
    bundle.copyTo(store, Runs.bundle(key, origin.attempt()));
    Judge.Judgement judgement =
        stages.run(
            "evaluate", () -> judge.judge(snapshot, division, bundle, key, false, overrules));
    RunRecord record =
        new Records(ask, store.root().toString())
            .of(
                origin,
                snapshot,
                division,
                Records.Training.of(staged.record()),
                bundle,
                Runs.bundle(key, origin.attempt()),
                judgement);
    stages.run("publish", () -> publish(record, bundle, judgement, options.override()));
    List<String> warnings = stages.run("record", () -> compute.register(record));
    return new Retrain.Finished(record, false, warnings);
  }

  private Division check(Judge judge, Snapshot snapshot, Bundle bundle, boolean overrules) {
    Division division =
        compute.divide(snapshot, WindowId.Kind.PROTECTED, new DecidedWindows(store));
    judge.check(snapshot, division, bundle, overrules);
    return division;
  }

  private static void refuseTheChampion(Store store, Bundle bundle, String run) {
    Optional<Promotion> champion = new PromotionLog(store).champion();
    if (champion.isPresent() && champion.get().bundle().equals(bundle.digest())) {
      throw new ReforestException(
          Kind.DATA,
          "the bundle of run "
              + run
              + " is the champion already, since promotion "
              + champion.get().sequence(),
          "name a run whose bundle is another");
    }
  }

  private void publish(
      RunRecord record, Bundle bundle, Judge.Judgement judgement, Optional<String> override) {
    runs.write(record, Report.html(record));
    boolean won = judgement.verdict() instanceof Verdict.Promote;
    if (!won && override.isEmpty()) {
      return;
    }
    Publish.Cause cause =
        new Publish.Cause(
            won ? Promotion.Action.PROMOTE : Promotion.Action.OVERRIDE,
            record.run(),
            record.verdict(),
            override.orElseGet(() -> record.reasons().get(0)),
            record.report());
    Optional<Promotion> promotion =
        new Publish(store, ask.console().clock()).promote(bundle, judgement.after(), cause);
    if (promotion.isEmpty()) {
      throw new ReforestException(
          Kind.RACE,
          "another promotion came between, so this one was judged against the wrong champion and"
              + " did not happen",
          "run the same command again");
    }
  }
}
