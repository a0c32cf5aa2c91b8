package reforest.job;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import reforest.bundle.Bundle;
import reforest.bundle.Manifest.Provenance;
import reforest.bundle.Promotion;
import reforest.bundle.SeriesField;
import reforest.config.GateLimits;
import reforest.config.ModelConfig;
import reforest.diagnose.WeakSlices;
import reforest.evaluate.Baselines;
import reforest.evaluate.Comparison;
import reforest.evaluate.Evaluate;
import reforest.evaluate.ModelSeries;
import reforest.evaluate.RowLoss;
import reforest.explain.Explained;
import reforest.export.Export;
import reforest.export.Export.Exported;
import reforest.features.CalendarColumns;
import reforest.features.SeriesColumns;
import reforest.home.Home;
import reforest.quality.FeatureCheck;
import reforest.quality.LateColumns;
import reforest.quality.LateColumns.Late;
import reforest.quality.LeakCheck;
import reforest.quality.Profile;
import reforest.quality.Profiler;
import reforest.quality.RepeatedRows;
import reforest.registry.RegistryUpdate;
import reforest.registry.RunRecord;
import reforest.split.Division;
import reforest.split.EarlierLooks;
import reforest.split.Folds;
import reforest.split.WindowId;
import reforest.split.Windows;
import reforest.table.Pin;
import reforest.table.Snapshot;
import reforest.table.VersionChoice;
import reforest.train.Train;
import reforest.train.Trained;

/** The stages that need Spark, on a session. */
final class SparkCompute implements Compute {

  /** Most categories of a column that a profile lists. */
  private static final int PROFILED_CATEGORIES = 50;

  private final SparkSession spark;
  private final Home home;
  private final ModelConfig config;
  private final Progress progress;

  SparkCompute(SparkSession spark, Home home, ModelConfig config, Progress progress) {
    this.spark = spark;
    this.home = home;
    this.config = config;
    this.progress = progress;
  }

  @Override
  public Snapshot pin(VersionChoice version) {
    progress.does("reading the table's log and counting its rows");
    return new Pin(spark, home.table(config.model()), config.data()).version(version);
  }

  @Override
  public Division divide(Snapshot snapshot, WindowId.Kind kind, EarlierLooks looks) {
    progress.does("finding the window and counting rows");
    Division division =
        new Windows(config.data(), config.windows(), config.task())
            .divide(spark, snapshot, kind, looks);
    Map<String, SeriesField> series = new LinkedHashMap<>();
    config.features().series().forEach(it -> series.put(it.name(), it.field()));
    return division.withTrain(
        SeriesColumns.added(snapshot.read(spark), division.train(), config.data().key(), series));
  }

  @Override
  public void checkTraining(Division division) {
    progress.does("looking at each feature of the training rows");
    new FeatureCheck(config.data(), config.features(), config.train().maxBins())
        .check(training(division));
    new LeakCheck(config.data(), config.features(), config.task()).check(training(division));
  }

  @Override
  public void check(Snapshot snapshot, Division division, Optional<Bundle> champion) {
    progress.does("reading the window's rows and slices");
    new Evaluate(config.evaluate(), config.data(), division.id().end())
        .fair(config.fairness(), config.gate().primary())
        .check(
            judged(snapshot, division, champion.stream()),
            config.task(),
            champion,
            baselines().rule());
  }

  @Override
  public void check(
      Snapshot snapshot, Division division, Bundle challenger, Optional<Bundle> champion) {
    progress.does("reading the window's rows and slices");
    new Evaluate(config.evaluate(), config.data(), division.id().end())
        .fair(config.fairness(), config.gate().primary())
        .check(
            judged(snapshot, division, Stream.concat(Stream.of(challenger), champion.stream())),
            challenger,
            champion,
            baselines().rule());
  }

  @Override
  public void requireReadable(Snapshot snapshot) {
    new Pin(spark, snapshot.table()).requireReadable(snapshot);
  }

  private Dataset<Row> training(Division division) {
    return CalendarColumns.added(division.train(), config.features());
  }

  private Baselines baselines() {
    return new Baselines(config.data(), config.evaluate(), config.task());
  }

  /** The window with what the rule and the models look back on, which are other rows, too. */
  private Dataset<Row> judged(Snapshot snapshot, Division division, Stream<Bundle> models) {
    Dataset<Row> all = snapshot.read(spark);
    return ModelSeries.added(
        all,
        baselines().judged(all, division.window()),
        config.data().key(),
        models.map(Bundle::manifest).toList());
  }

  @Override
  public Trained search(Division division, Optional<Provenance> champion) {
    progress.does("dealing the training rows out to folds");
    return new Train(config, champion, System::nanoTime)
        .heardBy(progress::fits)
        .search(
            new Folds(config.data(), config.windows(), config.task(), config.train().folds())
                .number(training(division)));
  }

  @Override
  public Profile profile(Division division) {
    progress.does("profiling the training rows");
    Set<String> features = new HashSet<>(config.features().numeric());
    features.addAll(config.features().categorical());
    return new Profiler(config.data(), features, PROFILED_CATEGORIES).of(division.train());
  }

  @Override
  public Exported export(Trained trained, Division division, Provenance provenance) {
    progress.does("writing the model as PMML");
    return new Export(spark, config).write(trained, training(division), provenance);
  }

  @Override
  public Compared compare(
      Snapshot snapshot,
      Division division,
      Bundle challenger,
      Optional<Bundle> champion,
      Optional<Bundle> anchor) {
    progress.does("scoring the window's rows");
    List<WeakSlices.Result> found = new ArrayList<>();
    Evaluate evaluate =
        new Evaluate(config.evaluate(), config.data(), division.id().end())
            .fair(config.fairness(), config.gate().primary())
            .tolerating(config.gate().limits().churn().tolerance());
    if (config.gate().limits().weakSlices() != GateLimits.Response.OFF) {
      RowLoss loss = RowLoss.of(config.gate().primary(), config.task());
      evaluate =
          evaluate.studied(
              loss,
              rows -> {
                progress.does("looking for slices on which the model is weak");
                found.add(WeakSlices.of(rows, loss));
              });
    }
    List<Explained> explained = new ArrayList<>();
    evaluate =
        evaluate.sampled(
            Explained.MOST_ROWS,
            rows -> {
              progress.does("looking for what moves the model and where it errs");
              explained.add(
                  Explained.of(
                      rows,
                      config.gate().primary(),
                      config.train().seed(),
                      config.features().acknowledged()));
            });
    Comparison comparison =
        evaluate.of(
            judged(
                snapshot,
                division,
                Stream.of(Optional.of(challenger), champion, anchor).flatMap(Optional::stream)),
            challenger,
            champion,
            anchor,
            baselines().dummy(division.train(), challenger.manifest().classes()),
            baselines().rule());
    return new Compared(
        comparison,
        found.isEmpty() ? WeakSlices.Result.NONE : found.get(0),
        explained.stream()
            .findFirst()
            .map(
                it -> it.with(repeated(snapshot, division, challenger), late(snapshot, division))));
  }

  /** Rows that the challenger may remember, where it was trained on this very division's. */
  private Optional<RepeatedRows> repeated(Snapshot snapshot, Division division, Bundle challenger) {
    Provenance trained = challenger.manifest().provenance();
    if (trained.dataVersion() != snapshot.version()
        || !trained.split().equals(division.split())
        || !trained.trainedBefore().equals(division.trainedBefore())) {
      return Optional.empty();
    }
    return RepeatedRows.of(
        division.train(),
        division.trainRows(),
        division.window(),
        division.windowRows(),
        config.data(),
        config.features());
  }

  /** Features that come later than rows do. */
  private List<Late> late(Snapshot snapshot, Division division) {
    Duration period = config.evaluate().clusterPeriod().orElse(Duration.ofDays(1));
    // The window's last period, and whatever is too young to be judged on.
    return division
        .id()
        .end()
        .map(
            end ->
                LateColumns.of(
                    snapshot.read(spark), config.data(), config.features(), end.minus(period)))
        .orElse(List.of());
  }

  @Override
  public List<String> register(
      RunRecord record, boolean made, Supplier<List<Promotion>> promotions) {
    progress.does("writing the registry's tables");
    return RegistryUpdate.add(() -> spark, home.registry(), List.of(record), made, promotions);
  }
}
