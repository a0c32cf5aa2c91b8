package reforest.quality;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import reforest.config.DataConfig;
import reforest.config.FeatureConfig;
import reforest.table.Columns;

/**
 * Rows of a window that a model has seen in training under another key: the same in all features
 * and in the label. On such rows a model is judged by what it remembers.
 *
 * <p>Where features have few values rows are equal by chance, as often among the training rows
 * themselves; it is more than that which is worth a warning.
 *
 * @param rows how many rows of the window were looked at
 * @param repeated share of them that stand among the training rows, 0 to 1
 * @param usual share of the training rows that stand there twice, 0 to 1
 */
public record RepeatedRows(long rows, double repeated, double usual) {

  private static final long MOST_ROWS = 200_000;

  /** Fewer are no reason to doubt a figure. */
  private static final double NOTABLE = 0.01;

  private static final double TIMES_USUAL = 2;

  /** Whether there are more than chance explains. */
  public boolean isNotable() {
    return repeated >= NOTABLE && repeated > TIMES_USUAL * usual;
  }

  /** In a sentence; empty where there is nothing to warn of. */
  public Optional<String> warning() {
    return isNotable()
        ? Optional.of(
            String.format(
                Locale.ROOT,
                "%.1f %% of the window's rows stand in the training rows too, with the same features"
                    + " and label under other keys (usual there: %.1f %%): figures on them flatter"
                    + " the model; look for rows that are ingested twice",
                100 * repeated,
                100 * usual))
        : Optional.empty();
  }

  /**
   * Looks for them, in all rows or in a part that is drawn by what the rows hold, so that equal
   * rows are in it together.
   *
   * @param trainRows how many rows were trained on
   * @param windowRows how many the window has
   * @return empty where a feature is no column of the table, such as what is looked back on
   */
  public static Optional<RepeatedRows> of(
      Dataset<Row> train,
      long trainRows,
      Dataset<Row> window,
      long windowRows,
      DataConfig data,
      FeatureConfig features) {
    Set<String> names = new LinkedHashSet<>(features.numeric());
    names.addAll(features.categorical());
    // What is read off a time is equal where the time is.
    features.calendar().forEach(read -> names.add(read.field().of()));
    features.calendar().forEach(read -> names.remove(read.name()));
    if (names.isEmpty() || !List.of(window.columns()).containsAll(names)) {
      return Optional.empty();
    }
    names.add(data.label());
    List<Column> compared = new ArrayList<>();
    for (String name : names) {
      compared.add(Columns.of(name));
      // A hash steps over nulls, and two rows with them at other places would look alike.
      compared.add(Columns.of(name).isNull());
    }
    Column hash = functions.xxhash64(compared.toArray(Column[]::new));
    long parts = Math.max(1, (trainRows + windowRows) / MOST_ROWS);
    Map<Long, Integer> trained = new HashMap<>();
    List<Long> judged = new ArrayList<>();
    Dataset<Row> both =
        hashes(train, hash, parts, true).unionAll(hashes(window, hash, parts, false));
    for (Row row : both.collectAsList()) {
      if (row.getBoolean(1)) {
        trained.merge(row.getLong(0), 1, Integer::sum);
      } else {
        judged.add(row.getLong(0));
      }
    }
    long seen = judged.stream().filter(trained::containsKey).count();
    long all = trained.values().stream().mapToLong(it -> it).sum();
    long twice = trained.values().stream().filter(it -> it > 1).mapToLong(it -> it).sum();
    return judged.isEmpty() || all == 0
        ? Optional.empty()
        : Optional.of(
            new RepeatedRows(judged.size(), (double) seen / judged.size(), (double) twice / all));
  }

  private static Dataset<Row> hashes(Dataset<Row> rows, Column hash, long parts, boolean trained) {
    Dataset<Row> hashed = rows.select(hash.as("hash"), functions.lit(trained).as("trained"));
    return parts == 1
        ? hashed
        : hashed.where(functions.pmod(functions.col("hash"), functions.lit(parts)).equalTo(0));
  }
}
