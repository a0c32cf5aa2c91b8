package reforest.features;

import static org.apache.spark.sql.functions.datediff;
import static org.apache.spark.sql.functions.dayofyear;
import static org.apache.spark.sql.functions.from_utc_timestamp;
import static org.apache.spark.sql.functions.hour;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.month;
import static org.apache.spark.sql.functions.weekday;

import java.sql.Date;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DateType;
import reforest.bundle.CalendarField;
import reforest.config.FeatureConfig;
import reforest.table.Columns;

/** Features that are read off times, as columns of the rows that a model learns from. */
public final class CalendarColumns {

  private CalendarColumns() {}

  /**
   * The rows with a column for each such feature, equal to what {@link CalendarField#at} gives;
   * null where the time is.
   *
   * @param rows rows with the table's own columns, in a session whose time zone is UTC
   */
  public static Dataset<Row> added(Dataset<Row> rows, FeatureConfig features) {
    Dataset<Row> with = rows;
    for (FeatureConfig.Calendar feature : features.calendar()) {
      with = with.withColumn(feature.name(), value(rows, feature.field()).cast("int"));
    }
    return with;
  }

  private static Column value(Dataset<Row> rows, CalendarField field) {
    Column time = Columns.of(field.of());
    boolean date = rows.schema().apply(field.of()).dataType() instanceof DateType;
    Column local = date ? time : from_utc_timestamp(time, field.zone().getId());
    return switch (field.part()) {
      case HOUR -> hour(local);
      case WEEKDAY -> weekday(local).plus(lit(1));
      case MONTH -> month(local);
      case DAY_OF_YEAR -> dayofyear(local);
      case IS_WEEKEND -> weekday(local).geq(lit(5));
      case DAYS_SINCE -> datediff(local, lit(Date.valueOf(field.since().orElseThrow())));
    };
  }
}
