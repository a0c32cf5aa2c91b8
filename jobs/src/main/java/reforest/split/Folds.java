package reforest.split;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.unix_micros;
import static org.apache.spark.sql.functions.when;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;
import reforest.bundle.Task;
import reforest.config.DataConfig;
import reforest.config.WindowConfig;
import reforest.table.Columns;

/**
 * Numbers the training rows' folds.
 *
 * <p>With an event time, folds are contiguous blocks of about equal row counts, and rows of one
 * time stay together. Without one, or with declared groups, rows of one group stay together; where
 * there are no groups, the rows of each class are dealt out evenly.
 */
public final class Folds {

  /** The column of the fold number, an integer from 0. */
  public static final String COLUMN = "__reforest_fold";

  private static final String CLASS = "__reforest_class";

  private final DataConfig data;
  private final WindowConfig windows;
  private final Task task;
  private final int folds;

  /**
   * @param folds how many, at least 2
   */
  public Folds(DataConfig data, WindowConfig windows, Task task, int folds) {
    if (folds < 2) {
      throw new IllegalArgumentException("folds must be at least 2, got " + folds);
    }
    this.data = data;
    this.windows = windows;
    this.task = task;
    this.folds = folds;
  }

  /**
   * The event times of one fold. Whoever trains without it leaves out the rows from {@code start}
   * less the label delay to {@code end} plus the label delay as well.
   *
   * @param fold its number
   * @param start inclusive
   * @param end exclusive
   */
  public record Block(int fold, Instant start, Instant end) {}

  /**
   * Rows with their folds.
   *
   * @param rows the training rows with {@link #COLUMN}
   * @param folds how many
   * @param blocks the folds' event times, oldest first; empty where folds are no blocks of time
   * @param labelDelay how far around a block rows know its labels; zero where there are none
   */
  public record Numbered(Dataset<Row> rows, int folds, List<Block> blocks, Duration labelDelay) {
    public Numbered {
      blocks = List.copyOf(blocks);
    }
  }

  /**
   * Numbers the rows.
   *
   * @param train rows with labels, of {@link Division#train}
   * @throws ReforestException of kind {@code DATA} when there are too few times or groups, or a
   *     class is missing from a fold or from the rows that it is trained on
   */
  public Numbered number(Dataset<Row> train) {
    if (windows.hasBlocksOfTime(data)) {
      Column time = Columns.of(data.eventTime().get()).cast("timestamp");
      List<Block> blocks = blocks(train, time);
      Column fold = lit(0);
      for (Block block : blocks) {
        fold = when(time.geq(lit(block.start())), block.fold()).otherwise(fold);
      }
      Dataset<Row> rows = train.withColumn(COLUMN, fold.cast("int"));
      requireEveryFold(rows, around(time, blocks));
      return new Numbered(rows, folds, blocks, windows.labelDelay());
    }
    Dataset<Row> rows = byHash(train);
    List<Column> missing = new ArrayList<>();
    for (int fold = 0; fold < folds; fold++) {
      missing.add(col(COLUMN).equalTo(fold));
    }
    requireEveryFold(rows, missing);
    return new Numbered(rows, folds, List.of(), Duration.ZERO);
  }

  /** For each fold the rows that are not trained on while it is held out. */
  private List<Column> around(Column time, List<Block> blocks) {
    Duration delay = windows.labelDelay();
    return blocks.stream()
        .map(b -> time.geq(lit(b.start().minus(delay))).and(time.lt(lit(b.end().plus(delay)))))
        .toList();
  }

  /** Reads the times in order without holding them, so that the borders are exact quantiles. */
  private List<Block> blocks(Dataset<Row> train, Column time) {
    Dataset<Row> times =
        train.groupBy(unix_micros(time).as("time")).agg(count(lit(1)).as("rows")).orderBy("time");
    long all = train.count();
    List<Long> starts = new ArrayList<>();
    long before = 0;
    long last = 0;
    for (Iterator<Row> it = times.toLocalIterator(); it.hasNext(); ) {
      Row row = it.next();
      last = row.getLong(0);
      // A border where the rows so far come nearest to the fold's fair share.
      long share = all * starts.size();
      if (starts.isEmpty()
          || (starts.size() < folds && (2 * before + row.getLong(1)) * folds > 2 * share)) {
        starts.add(last);
      }
      before += row.getLong(1);
    }
    if (starts.size() < folds) {
      throw new ReforestException(
          Kind.DATA,
          "the " + all + " training rows have too few event times for " + folds + " folds",
          "set train.folds to " + Math.max(2, starts.size()) + " or ingest more rows");
    }
    List<Block> blocks = new ArrayList<>();
    for (int fold = 0; fold < folds; fold++) {
      long end = fold + 1 < folds ? starts.get(fold + 1) : last + 1;
      blocks.add(new Block(fold, instant(starts.get(fold)), instant(end)));
    }
    return blocks;
  }

  private static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  private Dataset<Row> byHash(Dataset<Row> train) {
    String salt = windows.salt() + ":folds";
    if (windows.groups().isEmpty() && task.isClassification()) {
      Column className = new Labels(data, task, train.schema()).className();
      List<Column> order = new ArrayList<>();
      order.add(RowHash.uniform(data.key(), salt));
      data.key().forEach(name -> order.add(Columns.of(name)));
      Column rank =
          row_number().over(Window.partitionBy(className).orderBy(order.toArray(Column[]::new)));
      return train.withColumn(COLUMN, pmod(rank.minus(1), lit(folds)).cast("int"));
    }
    List<String> columns = windows.groups().isEmpty() ? data.key() : windows.groups();
    return train.withColumn(
        COLUMN, floor(RowHash.uniform(columns, salt).multiply(folds)).cast("int"));
  }

  private void requireEveryFold(Dataset<Row> rows, List<Column> missing) {
    Column className =
        task.isClassification()
            ? coalesce(new Labels(data, task, rows.schema()).className(), lit(""))
            : lit("");
    List<Column> sums = new ArrayList<>();
    sums.add(count(lit(1)));
    for (int fold = 0; fold < folds; fold++) {
      sums.add(sum(when(col(COLUMN).equalTo(fold), 1L).otherwise(0L)));
      sums.add(sum(when(missing.get(fold), 1L).otherwise(0L)));
    }
    List<Row> classes =
        rows.groupBy(className.as(CLASS))
            .agg(sums.get(0), sums.subList(1, sums.size()).toArray(Column[]::new))
            .orderBy(CLASS)
            .collectAsList();
    for (Row row : classes) {
      long all = row.getLong(1);
      for (int fold = 0; fold < folds; fold++) {
        long inFold = row.getLong(2 + 2 * fold);
        long trainedOn = all - row.getLong(3 + 2 * fold);
        if (inFold == 0 || trainedOn <= 0) {
          throw missing(row.getString(0), all, fold, inFold == 0);
        }
      }
    }
  }

  private ReforestException missing(String name, long all, int fold, boolean fromFold) {
    String what = task.isClassification() ? "class " + name : "every row";
    return new ReforestException(
        Kind.DATA,
        what
            + " is missing from "
            + (fromFold ? "fold " : "the rows that are trained on without fold ")
            + fold
            + " of "
            + folds
            + ", with "
            + all
            + " rows in all",
        task.isClassification()
            ? "set fewer train.folds, ingest more rows of that class, or merge it with another in"
                + " the label's from"
            : "set fewer train.folds, ingest more rows, or check windows.groups and"
                + " windows.label-delay");
  }
}
