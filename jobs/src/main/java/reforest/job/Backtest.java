package reforest.job;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import reforest.bundle.Bundle;
import reforest.bundle.Promotion;
import reforest.bundle.PromotionLog;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;
import reforest.bundle.Store;
import reforest.cli.BacktestCommand;
import reforest.publish.Champions;
import reforest.publish.Publish;
import reforest.registry.RunRecord;
import reforest.registry.Runs;
import reforest.report.Report;
import reforest.split.Decided;
import reforest.split.Division;
import reforest.split.WindowId;
import reforest.table.Snapshot;

/** Measures any bundle on the newest window of any data version; decides and spends nothing. */
public final class Backtest {

  private final Compute compute;
  private final Ask ask;
  private final Store store;

  Backtest(Compute compute, Ask ask) {
    this.compute = compute;
    this.ask = ask;
    this.store = ask.store();
  }

  /** Bundle and folder of what is measured. */
  public record Found(Bundle bundle, String folder) {}

  Retrain.Finished run(Work.BacktestOptions options) {
    Stages stages = ask.stages(4);
    Instant startedAt = ask.console().clock().instant();
    Found found = find(ask, options.bundle());
    ask.known().bundle(found.bundle().digest(), ask.location(found.folder()));
    Snapshot snapshot = stages.run("snapshot", () -> compute.pin(options.rows()));
    ask.known().dataVersion(snapshot.version());
    Division division =
        stages.run(
            "check",
            // It decides nothing, so rows that have decided before tell as much as others.
            () -> compute.divide(snapshot, WindowId.Kind.PROTECTED, Decided.NOTHING));
    Runs runs = new Runs(store);
    String key =
        RunKey.of("backtest " + found.bundle().digest(), ask.config(), snapshot, Optional.empty());
    RunRecord record =
        stages.run(
            "evaluate",
            () -> {
              Judge.Judgement judgement =
                  new Judge(compute, ask.config(), store, ask.console().clock())
                      .measure(snapshot, division, found.bundle(), key);
              Records.Origin origin =
                  new Records.Origin(
                      key,
                      runs.claim(key),
                      BacktestCommand.NAME,
                      startedAt,
                      Optional.empty(),
                      Optional.empty());
              return new Records(ask, store.root().toString())
                  .of(
                      origin,
                      snapshot,
                      division,
                      Records.Training.NONE,
                      found.bundle(),
                      found.folder(),
                      judgement);
            });
    List<String> warnings =
        stages.run(
            "record",
            () -> {
              runs.write(record, Report.html(record));
              return compute.register(record);
            });
    return new Retrain.Finished(record, false, warnings);
  }

  /**
   * Looks up what a person has named; needs no Spark.
   *
   * @throws ReforestException of kind {@code DATA} when it is not there or not intact
   */
  public static Found find(Ask ask, Optional<String> named) {
    Store store = ask.store();
    String name =
        named.orElseGet(
            () ->
                new PromotionLog(store)
                    .champion()
                    .map(Promotion::bundle)
                    .orElseThrow(() -> Champions.none(ask.config().model())));
    List<String> bundles = store.list("bundles");
    List<String> known = Stream.concat(bundles.stream(), store.list("runs").stream()).toList();
    String id = Digests.matching(name, known, "published bundle or run");
    if (bundles.contains(id)) {
      String folder = Publish.folder(id);
      return new Found(Bundle.read(store, folder), folder);
    }
    RunRecord record =
        new Runs(store)
            .latest(id)
            .orElseThrow(
                () ->
                    new ReforestException(
                        Kind.DATA,
                        "run " + id + " of model '" + ask.config().model() + "' has not finished",
                        "'reforest models " + ask.config().model() + "' lists those that have"));
    String folder = Runs.bundle(record.run(), record.attempt());
    return new Found(Bundle.read(store, folder), folder);
  }
}
