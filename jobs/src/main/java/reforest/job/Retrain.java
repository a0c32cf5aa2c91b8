package reforest.job;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reforest.bundle.Bundle;
import reforest.bundle.Manifest.Provenance;
import reforest.bundle.Promotion;
import reforest.bundle.PromotionLog;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;
import reforest.bundle.Store;
import reforest.config.ModelConfig;
import reforest.export.Export.Exported;
import reforest.gate.Verdict;
import reforest.publish.Champions;
import reforest.publish.Publish;
import reforest.quality.Profile;
import reforest.registry.Build;
import reforest.registry.Registry;
import reforest.registry.RunRecord;
import reforest.registry.Runs;
import reforest.report.Report;
import reforest.split.Division;
import reforest.split.WindowId;
import reforest.table.Snapshot;
import reforest.train.Trained;

/** The main job: pin, check, train, export, judge, publish, record. */
public final class Retrain {

  private static final Logger LOG = LoggerFactory.getLogger(Retrain.class);

  private static final int STAGES = 7;

  private final Compute compute;
  private final Ask ask;
  private final ModelConfig config;
  private final Store store;
  private final Clock clock;
  private final Runs runs;
  private final Stages stages;

  public Retrain(Compute compute, Ask ask) {
    this.compute = compute;
    this.ask = ask;
    this.config = ask.config();
    this.store = ask.store();
    this.clock = ask.console().clock();
    this.runs = new Runs(store);
    this.stages = ask.stages(STAGES);
  }

  /**
   * A finished run.
   *
   * @param record what it found
   * @param recorded whether this call only looked it up
   * @param warnings what did not succeed although the verdict stands
   */
  record Finished(RunRecord record, boolean recorded, List<String> warnings) {}

  /** What was trained, or found staged by an earlier attempt. */
  private record Staged(Bundle bundle, Records.Training training) {}

  public Finished run(Work.RetrainOptions options) {
    Instant startedAt = clock.instant();
    String kind = options.publish() ? "publish" : "develop";
    Snapshot snapshot = stages.run("snapshot", () -> compute.pin(options.rows()));
    String key = RunKey.of(kind, config, snapshot, options.logicalDate());
    ask.known().dataVersion(snapshot.version()).run(key);
    Optional<RunRecord> recorded =
        options.force().isPresent() ? Optional.empty() : runs.latest(key);
    if (recorded.isPresent() && isFinished(recorded.get())) {
      return repeated(recorded.get());
    }
    Division division = stages.run("check", () -> check(snapshot, options.publish()));
    Records.Origin origin =
        new Records.Origin(
            key, runs.claim(key), kind, startedAt, options.force(), options.logicalDate());
    Staged staged =
        recorded.isPresent() ? restage(recorded.get(), origin) : train(snapshot, division, origin);
    return judge(snapshot, division, staged, origin);
  }

  /** A verdict to promote is the end only once the promotion log says so. */
  private boolean isFinished(RunRecord record) {
    return happened(record, new PromotionLog(store).all());
  }

  /** Whether what a record says became true: no promotion, or one that the log holds. */
  static boolean happened(RunRecord record, List<Promotion> promotions) {
    Long number = record.promotion();
    return number == null
        || promotions.stream()
            .anyMatch(
                p ->
                    p.sequence() == number
                        && p.run().equals(record.run())
                        && p.bundle().equals(record.challenger()));
  }

  private Division check(Snapshot snapshot, boolean publish) {
    Division division =
        compute.divide(
            snapshot,
            publish ? WindowId.Kind.PROTECTED : WindowId.Kind.DEVELOPMENT,
            new DecidedWindows(store));
    compute.checkTraining(division);
    new Judge(compute, config, store, clock).check(snapshot, division);
    return division;
  }

  private Staged train(Snapshot snapshot, Division division, Records.Origin origin) {
    Trained trained =
        stages.run(
            "train",
            () ->
                compute.search(
                    division, Champions.bundle(store).map(it -> it.manifest().provenance())));
    return stages.run(
        "export",
        () -> {
          Profile profile = compute.profile(division);
          Exported exported =
              compute.export(trained, provenance(snapshot, division, trained, origin.run()));
          String folder = Runs.bundle(origin.run(), origin.attempt());
          Bundle.write(store, folder, exported.manifest(), exported.files());
          return new Staged(Bundle.read(store, folder), Records.Training.of(trained, profile));
        });
  }

  private Provenance provenance(Snapshot snapshot, Division division, Trained trained, String run) {
    return new Provenance(
        run,
        snapshot.table().toString(),
        snapshot.version(),
        snapshot.digest(),
        division.split(),
        division.trainedBefore(),
        trained.winner().candidate().family(),
        trained.winner().candidate().parameters(),
        config.train().seed(),
        Build.revision(),
        config.digest(),
        Build.versions());
  }

  /** An attempt that lost a race, or was killed before its promotion, has trained already. */
  private Staged restage(RunRecord recorded, Records.Origin origin) {
    Bundle bundle = Bundle.read(store, Runs.bundle(recorded.run(), recorded.attempt()));
    bundle.copyTo(store, Runs.bundle(origin.run(), origin.attempt()));
    return new Staged(bundle, Records.Training.of(recorded));
  }

  private Finished judge(
      Snapshot snapshot, Division division, Staged staged, Records.Origin first) {
    Records.Origin origin = first;
    for (int tried = 1; ; tried++) {
      Records.Origin now = origin;
      String folder = Runs.bundle(now.run(), now.attempt());
      ask.known().bundle(staged.bundle().digest(), ask.location(folder));
      Optional<RunRecord> before = finishedTwin(now);
      if (before.isPresent()) {
        return repeated(before.get());
      }
      Judge.Judgement judgement =
          stages.run(
              "evaluate",
              () ->
                  new Judge(compute, config, store, clock)
                      .judge(
                          snapshot,
                          division,
                          staged.bundle(),
                          now.run(),
                          now.reason().isPresent(),
                          false));
      // If it came between, this very bundle may be the champion that it was compared with.
      Optional<RunRecord> between = finishedTwin(now);
      if (between.isPresent()) {
        return repeated(between.get());
      }
      RunRecord record =
          new Records(ask, store.root().toString())
              .of(now, snapshot, division, staged.training(), staged.bundle(), folder, judgement);
      Optional<RunRecord> done = stages.run("publish", () -> publish(record, staged, judgement));
      if (done.isPresent()) {
        List<String> warnings = stages.run("record", () -> compute.register(done.get()));
        return new Finished(done.get(), false, warnings);
      }
      if (tried > config.gate().attempts()) {
        throw new ReforestException(
            Kind.RACE,
            "another promotion came first, " + (tried == 1 ? "once" : tried + " times in a row"),
            "run the same command again: it goes on with the trained bundle");
      }
      origin = now.next(runs.claim(now.run()));
      staged.bundle().copyTo(store, Runs.bundle(origin.run(), origin.attempt()));
    }
  }

  /** A verdict once more, in the registry, too: whoever reached it may have ended before that. */
  private Finished repeated(RunRecord record) {
    return new Finished(record, true, compute.register(record));
  }

  /** Empty when another promotion came between, so that this judgement is out of date. */
  private Optional<RunRecord> publish(RunRecord record, Staged staged, Judge.Judgement judgement) {
    runs.write(record, Report.html(record));
    if (record.promotion() == null || !(judgement.verdict() instanceof Verdict.Promote)) {
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
    // Another process with the very same run may have been the one that came first.
    return promotion.isPresent() || isFinished(record) ? Optional.of(record) : Optional.empty();
  }

  /**
   * The record of another process with the very same run that ended meanwhile, such as a driver
   * that its scheduler had given up. A forced attempt is another run on purpose.
   */
  private Optional<RunRecord> finishedTwin(Records.Origin now) {
    return now.reason().isPresent()
        ? Optional.empty()
        : runs.latest(now.run()).filter(this::isFinished);
  }

  /**
   * Brings the registry's tables up to date.
   *
   * @param spark opens Spark where the command has done without so far
   */
  public static List<String> registered(
      Ask ask, Supplier<SparkSession> spark, Consumer<Registry> rows) {
    try {
      rows.accept(new Registry(spark.get(), ask.registry()));
      return List.of();
    } catch (Exception e) {
      // Also checked ones, which Spark and Delta throw without declaring them.
      LOG.warn("the registry below {} could not be brought up to date", ask.registry(), e);
      return List.of(
          "the registry could not be brought up to date ("
              + e
              + "); all else is done, and 'reforest repair' adds what is missing");
    }
  }
}
