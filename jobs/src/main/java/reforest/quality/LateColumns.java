package reforest.quality;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import reforest.config.DataConfig;
import reforest.config.FeatureConfig;
import reforest.table.Columns;

/**
 * Features that are missing in the newest rows only: they are filled in later than a model has to
 * predict, or have stopped coming. In training and in a window of older rows they look whole.
 */
public final class LateColumns {

  private static final long FEWEST_ROWS = 10;
  private static final double MOSTLY = 0.5;
  private static final double HARDLY = 0.1;

  private LateColumns() {}

  /**
   * One such feature.
   *
   * @param column its name
   * @param since event time from which on rows are counted as newest
   * @param newest share of the newest rows where it is missing, 0 to 1
   * @param older share of all rows before where it is
   */
  public record Late(String column, Instant since, double newest, double older) {

    /** In a sentence. */
    public String warning() {
      return String.format(
          Locale.ROOT,
          "%s is missing in %.0f %% of the rows from %s on and in %.0f %% of those before: it is"
              + " known only later than a model predicts, or has stopped coming",
          column,
          100 * newest,
          since,
          100 * older);
    }
  }

  /**
   * Looks for them.
   *
   * @param rows all rows of a version of the table, also those whose label is not known yet
   * @param since rows from there on are the newest
   * @return empty where rows have no event time, or fewer than {@value #FEWEST_ROWS} are newest
   */
  public static List<Late> of(
      Dataset<Row> rows, DataConfig data, FeatureConfig features, Instant since) {
    Optional<String> time = data.eventTime();
    List<String> present = Arrays.asList(rows.columns());
    List<String> names = new ArrayList<>(features.numeric());
    names.addAll(features.categorical());
    names.removeIf(name -> !present.contains(name));
    if (time.isEmpty() || names.isEmpty()) {
      return List.of();
    }
    Column micros = functions.unix_micros(Columns.of(time.get()).cast(DataTypes.TimestampType));
    Column isNewest = micros.geq(ChronoUnit.MICROS.between(Instant.EPOCH, since));
    Column one = functions.lit(1L);
    List<Column> counts = new ArrayList<>();
    counts.add(functions.count(functions.when(functions.not(isNewest), one)));
    for (String name : names) {
      Column isMissing = Columns.of(name).isNull();
      counts.add(functions.count(functions.when(isNewest.and(isMissing), one)));
      counts.add(functions.count(functions.when(functions.not(isNewest).and(isMissing), one)));
    }
    Row counted =
        rows.agg(functions.count(functions.when(isNewest, one)), counts.toArray(Column[]::new))
            .head();
    double newest = counted.getLong(0);
    double older = counted.getLong(1);
    if (newest < FEWEST_ROWS || older < FEWEST_ROWS) {
      return List.of();
    }
    List<Late> late = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      double ofNewest = counted.getLong(2 + 2 * i) / newest;
      double ofOlder = counted.getLong(3 + 2 * i) / older;
      if (ofNewest >= MOSTLY && ofOlder <= HARDLY) {
        late.add(new Late(names.get(i), since, ofNewest, ofOlder));
      }
    }
    return late;
  }
}
