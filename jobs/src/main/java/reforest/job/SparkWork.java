package reforest.job;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import reforest.bundle.Promotion;
import reforest.bundle.PromotionLog;
import reforest.bundle.Store;
import reforest.cli.Session;
import reforest.config.DataConfig;
import reforest.home.Stores;
import reforest.ingest.Ingest;
import reforest.publish.Champions;
import reforest.publish.Publish;
import reforest.registry.Registry;
import reforest.registry.RunRecord;
import reforest.registry.Runs;
import reforest.table.Restore;

/** The commands' bodies on one Spark session, which opens with the first and stops on closing. */
public final class SparkWork implements Work {

  private @Nullable SparkSession session;

  private SparkSession spark(Ask ask) {
    if (session == null) {
      session = Session.open(ask.spark());
    }
    return session;
  }

  @Override
  public Outcome ingest(Ask ask, IngestOptions options) {
    DataConfig declared = ask.config().data();
    DataConfig data = options.source().map(declared::withPath).orElse(declared);
    SparkSession spark = spark(ask);
    Ingest.Result result =
        ask.stages(1)
            .run(
                "ingest",
                () ->
                    new Ingest(spark, data, ask.table(), ask.quarantine(), ask.console().clock())
                        .execute(oldestNamedVersion(ask)));
    return Outcome.of(ask.config().model())
        .dataVersion(result.versionAfter())
        .detail("table", ask.table().toString())
        .detail(
            "versionBefore",
            result.versionBefore().isPresent()
                ? Optional.of(result.versionBefore().getAsLong())
                : Optional.empty())
        .detail("read", result.read())
        .detail("inserted", result.inserted())
        .detail("updated", result.updated())
        .detail("unchanged", result.unchanged())
        .detail("repeated", result.repeated())
        .detail("quarantined", result.quarantined())
        .detail("quarantineReasons", result.reasons())
        .build();
  }

  private static OptionalLong oldestNamedVersion(Ask ask) {
    return new Runs(ask.store()).all().stream().mapToLong(r -> r.data().version()).min();
  }

  @Override
  public Outcome restore(Ask ask, RestoreOptions options) {
    SparkSession spark = spark(ask);
    Restore.Result result =
        ask.stages(1)
            .run(
                "restore",
                () ->
                    new Restore(spark, ask.config().data(), ask.table())
                        .execute(options.dataVersion(), options.reason()));
    return Outcome.of(ask.config().model())
        .reasons(List.of(options.reason()))
        .dataVersion(result.versionAfter())
        .detail("table", ask.table().toString())
        .detail("versionBefore", result.versionBefore())
        .detail("restored", result.restored())
        .build();
  }

  @Override
  public Outcome retrain(Ask ask, RetrainOptions options) {
    return outcome(ask, new Retrain(new SparkCompute(spark(ask), ask), ask).run(options));
  }

  @Override
  public Outcome backtest(Ask ask, BacktestOptions options) {
    return outcome(ask, new Backtest(new SparkCompute(spark(ask), ask), ask).run(options));
  }

  @Override
  public Outcome promote(Ask ask, PromoteOptions options) {
    return outcome(ask, new Promote(new SparkCompute(spark(ask), ask), ask).run(options));
  }

  @Override
  public Outcome rollback(Ask ask, RollbackOptions options) {
    Stages stages = ask.stages(2);
    Promotion promotion =
        stages.run(
            "rollback",
            () ->
                new Publish(ask.store(), ask.console().clock())
                    .rollback(options.to(), options.reason()));
    List<String> reasons = new ArrayList<>();
    reasons.add(options.reason());
    reasons.addAll(
        stages.run(
            "record",
            () ->
                Retrain.registered(
                    ask,
                    () -> spark(ask),
                    registry -> registry.addPromotions(new PromotionLog(ask.store()).all()))));
    return Outcome.of(ask.config().model())
        .reasons(reasons)
        .run(promotion.run())
        .bundle(promotion.bundle(), ask.location(Publish.folder(promotion.bundle())))
        .champion(promotion.sequence(), promotion.bundle())
        .detail("predecessor", promotion.predecessor())
        .build();
  }

  @Override
  public Outcome repair(Ask ask) {
    Stages stages = ask.stages(1);
    List<String> models = Champions.models(ask.config().home(), ask.spark());
    Map<String, Object> counts = new LinkedHashMap<>();
    stages.run(
        "repair",
        () -> {
          Registry registry = new Registry(spark(ask), ask.registry());
          for (String model : models) {
            Store store = Stores.ofModel(ask.config().home(), model, ask.spark());
            List<Promotion> promotions = new PromotionLog(store).all();
            List<RunRecord> records =
                new Runs(store)
                    .all().stream().filter(r -> Retrain.happened(r, promotions)).toList();
            registry.addRuns(records);
            registry.addPromotions(promotions);
            Map<String, Object> found = new LinkedHashMap<>();
            found.put("runs", records.size());
            found.put("promotions", promotions.size());
            counts.put(model, found);
          }
        });
    return new Outcome.Builder()
        .detail("registry", ask.registry().toString())
        .detail("models", counts)
        .build();
  }

  @Override
  public Outcome demo(Ask ask) {
    return new Demo(this, ask).run();
  }

  public static Outcome outcome(Ask ask, Retrain.Finished finished) {
    RunRecord record = finished.record();
    Optional<Promotion> champion = new PromotionLog(ask.store()).champion();
    List<String> reasons = new ArrayList<>(record.reasons());
    if (finished.recorded()) {
      reasons.add(
          "this run finished at " + record.finishedAt() + "; its recorded verdict is repeated");
      Instant then = Instant.parse(record.finishedAt());
      champion
          .filter(p -> p.at().isAfter(then) && !p.run().equals(record.run()))
          .ifPresent(
              p -> reasons.add("since then promotion " + p.sequence() + " changed the champion"));
    }
    reasons.addAll(finished.warnings());
    Outcome.Builder outcome =
        Outcome.of(record.model())
            .run(record.run())
            .verdict(record.verdict(), reasons)
            .dataVersion(record.data().version())
            .bundle(record.challenger(), record.bundle())
            .report(record.report());
    for (RunRecord.Metric metric : record.metrics()) {
      if (metric.slice().equals("overall")) {
        Map<String, @Nullable Object> figure = new LinkedHashMap<>();
        figure.put("value", metric.value());
        figure.put("lower", metric.lower());
        figure.put("upper", metric.upper());
        outcome.metric(metric.role() + "." + metric.metric(), figure);
      }
    }
    champion.ifPresent(p -> outcome.champion(p.sequence(), p.bundle()));
    return outcome
        .detail("attempt", record.attempt())
        .detail("recorded", finished.recorded())
        .detail("window", record.window().text())
        .detail("power", Optional.ofNullable(record.gate().power()))
        .build();
  }

  @Override
  public void close() {
    if (session != null) {
      session.stop();
      session = null;
    }
  }
}
