package reforest.job;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import reforest.bundle.Bundle;
import reforest.bundle.Manifest;
import reforest.bundle.Manifest.Provenance;
import reforest.bundle.Promotion;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;
import reforest.config.ModelConfig;
import reforest.evaluate.Comparison;
import reforest.evaluate.Evaluate;
import reforest.export.Export;
import reforest.export.Export.Exported;
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
import reforest.split.Labels;
import reforest.split.WindowId;
import reforest.split.Windows;
import reforest.table.Columns;
import reforest.table.Pin;
import reforest.table.Snapshot;
import reforest.table.SparkErrors;
import reforest.table.VersionChoice;
import reforest.train.Train;
import reforest.train.Trained;

/** The stages that need Spark, on a session. */
final class SparkCompute implements Compute {

  /** Most categories of a column that a profile lists. */
  private static final int PROFILED_CATEGORIES = 50;

  private static final String RULE = "__reforest_rule";

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
        .check(division.train());
    new LeakCheck(config.data(), config.features(), config.task()).check(division.train());
  }

  @Override
  public void check(Snapshot snapshot, Division division, Optional<Bundle> champion) {
    new Evaluate(config.evaluate(), config.data())
        .check(judged(snapshot, division), config.task(), champion, rule());
  }

  @Override
  public void check(
      Snapshot snapshot, Division division, Bundle challenger, Optional<Bundle> champion) {
    new Evaluate(config.evaluate(), config.data())
        .check(judged(snapshot, division), challenger, champion, rule());
  }

  /** Name of the column with the baseline's prediction, if there is a baseline. */
  private Optional<String> rule() {
    return config.evaluate().baseline().map(sql -> RULE);
  }

  /** The window's rows, with the baseline's prediction if there is one. */
  private Dataset<Row> judged(Snapshot snapshot, Division division) {
    return config
        .evaluate()
        .baseline()
        .map(sql -> withRule(snapshot, division.window(), sql))
        .orElse(division.window());
  }

  @Override
  public Trained search(Division division, Optional<Provenance> champion) {
    return new Train(config, champion, System::nanoTime)
        .search(
            new Folds(config.data(), config.windows(), config.task(), config.train().folds())
                .number(division.train()));
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
            dummy(division, challenger.manifest()),
            rule());
  }

  /** The rule sees all rows of the version, so that it can look back before the window. */
  private Dataset<Row> withRule(Snapshot snapshot, Dataset<Row> window, String sql) {
    List<Column> columns = new ArrayList<>();
    Column same = null;
    Dataset<Row> all = snapshot.read(spark);
    for (int i = 0; i < config.data().key().size(); i++) {
      String name = "__reforest_key" + i;
      columns.add(Columns.of(config.data().key().get(i)).as(name));
      Column equal = Columns.of(config.data().key().get(i)).equalTo(col(name));
      same = same == null ? equal : same.and(equal);
    }
    if (same == null) {
      throw new IllegalStateException("a table has a key");
    }
    try {
      columns.add(expr(sql).cast("double").as(RULE));
      Dataset<Row> rule = all.select(columns.toArray(Column[]::new));
      Dataset<Row> joined = window.join(rule, same, "left");
      for (int i = 0; i < config.data().key().size(); i++) {
        joined = joined.drop("__reforest_key" + i);
      }
      return joined;
    } catch (Exception e) {
      // Spark throws checked exceptions that its signatures do not tell of.
      throw badRule(sql, e);
    }
  }

  private static ReforestException badRule(String sql, Exception cause) {
    return new ReforestException(
        Kind.ARGUMENTS,
        "evaluate.baseline is no Spark SQL expression over the table's columns: "
            + sql
            + ": "
            + SparkErrors.firstLine(cause),
        "correct the expression; it may name columns, functions and windows over earlier rows",
        cause);
  }

  /** The training labels' mean, or the shares of their classes. */
  private List<Double> dummy(Division division, Manifest manifest) {
    Labels labels = new Labels(config.data(), config.task(), division.train().schema());
    if (!config.task().isClassification()) {
      return List.of(division.train().agg(avg(labels.number())).head().getDouble(0));
    }
    Map<String, Long> rows = new HashMap<>();
    for (Row row :
        division.train().groupBy(labels.className().as("class")).count().collectAsList()) {
      rows.put(row.getString(0), row.getLong(1));
    }
    double all = manifest.classes().stream().mapToLong(c -> rows.getOrDefault(c, 0L)).sum();
    return manifest.classes().stream().map(c -> rows.getOrDefault(c, 0L) / all).toList();
  }

  @Override
  public List<String> register(RunRecord record, Supplier<List<Promotion>> promotions) {
    return RegistryUpdate.add(() -> spark, home.registry(), List.of(record), promotions);
  }
}
