package reforest.job;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import reforest.bundle.Bundle;
import reforest.bundle.Manifest.Provenance;
import reforest.bundle.Promotion;
import reforest.config.ModelConfig;
import reforest.evaluate.Baselines;
import reforest.evaluate.Comparison;
import reforest.evaluate.Evaluate;
import reforest.export.Export;
import reforest.export.Export.Exported;
import reforest.features.CalendarColumns;
import reforest.home.Home;
import reforest.quality.FeatureCheck;
import reforest.quality.LeakCheck;
import reforest.quality.Profile;
import reforest.quality.Profiler;
import reforest.registry.RegistryUpdate;
import reforest.registry.RunRecord;
import reforest.split.Decided;
import reforest.split.Division;
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

  SparkCompute(SparkSession spark, Home home, ModelConfig config) {
    this.spark = spark;
    this.home = home;
    this.config = config;
  }

  @Override
  public Snapshot pin(VersionChoice version) {
    return new Pin(spark, home.table(config.model())).version(version);
  }

  @Override
  public Division divide(Snapshot snapshot, WindowId.Kind kind, Decided decided) {
    return new Windows(config.data(), config.windows(), config.task())
        .divide(spark, snapshot, kind, decided);
  }

  @Override
  public void checkTraining(Division division) {
    new FeatureCheck(config.data(), config.features(), config.train().maxBins())
        .check(training(division));
    new LeakCheck(config.data(), config.features(), config.task()).check(training(division));
  }

  @Override
  public void check(Snapshot snapshot, Division division, Optional<Bundle> champion) {
    new Evaluate(config.evaluate(), config.data())
        .check(judged(snapshot, division), config.task(), champion, baselines().rule());
  }

  @Override
  public void check(
      Snapshot snapshot, Division division, Bundle challenger, Optional<Bundle> champion) {
    new Evaluate(config.evaluate(), config.data())
        .check(judged(snapshot, division), challenger, champion, baselines().rule());
  }

  private Dataset<Row> training(Division division) {
    return CalendarColumns.added(division.train(), config.features());
  }

  private Baselines baselines() {
    return new Baselines(config.data(), config.evaluate(), config.task());
  }

  private Dataset<Row> judged(Snapshot snapshot, Division division) {
    return baselines().judged(snapshot.read(spark), division.window());
  }

  @Override
  public Trained search(Division division, Optional<Provenance> champion) {
    return new Train(config, champion, System::nanoTime)
        .search(
            new Folds(config.data(), config.windows(), config.task(), config.train().folds())
                .number(training(division)));
  }

  @Override
  public Profile profile(Division division) {
    return new Profiler(config.data(), PROFILED_CATEGORIES).of(division.train());
  }

  @Override
  public Exported export(Trained trained, Provenance provenance) {
    return new Export(spark, config).write(trained, provenance);
  }

  @Override
  public Comparison compare(
      Snapshot snapshot, Division division, Bundle challenger, Optional<Bundle> champion) {
    return new Evaluate(config.evaluate(), config.data())
        .of(
            judged(snapshot, division),
            challenger,
            champion,
            baselines().dummy(division.train(), challenger.manifest().classes()),
            baselines().rule());
  }

  @Override
  public List<String> register(RunRecord record, Supplier<List<Promotion>> promotions) {
    return RegistryUpdate.add(() -> spark, home.registry(), List.of(record), promotions);
  }
}
