package reforest.ingest;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;
import reforest.config.Address;
import reforest.config.DataConfig;
import reforest.table.SparkErrors;

/** Opens whatever Spark can read, and says in plain words when it cannot. */
final class SourceRows {

  /** Holds the text of a row that the CSV or JSON parser could not take apart; else null. */
  static final String CORRUPT = "__reforest_unparsed";

  private static final Set<String> PARSED_TEXT = Set.of("csv", "json");

  private SourceRows() {}

  /**
   * The source's rows as they are, for CSV and JSON with a column {@link #CORRUPT}.
   *
   * @throws ReforestException of kind {@code ARGUMENTS} for an unknown format or a missing path,
   *     {@code DATA} when nothing readable is there or the headers of CSV files differ, {@code
   *     STORE} when its host cannot be reached
   */
  static Dataset<Row> open(SparkSession spark, DataConfig.Source source) {
    String path =
        source
            .path()
            .map(Address::forHadoop)
            .orElseThrow(
                () ->
                    new ReforestException(
                        Kind.ARGUMENTS,
                        "data.source.path is missing: there is nothing to ingest",
                        "set it, or name a path on the command line"));
    try {
      DataFrameReader reader = spark.read().format(source.format()).options(source.options());
      Dataset<Row> rows = reader.load(path);
      if (!PARSED_TEXT.contains(source.format().toLowerCase(Locale.ROOT))) {
        return rows;
      }
      if (source.format().equalsIgnoreCase("csv")) {
        CsvHeaders.requireAlike(spark, source, rows);
      }
      // Without a column to hold them, rows that cannot be parsed turn into nulls and vanish.
      StructType schema =
          new StructType(
                  java.util.Arrays.stream(rows.schema().fields())
                      .filter(field -> !field.name().equals("_corrupt_record"))
                      .toArray(org.apache.spark.sql.types.StructField[]::new))
              .add(CORRUPT, DataTypes.StringType);
      return spark
          .read()
          .format(source.format())
          .options(source.options())
          .option("columnNameOfCorruptRecord", CORRUPT)
          .schema(schema)
          .load(path);
    } catch (ReforestException e) {
      throw e;
    } catch (Exception e) {
      throw unreadable(source, path, e);
    }
  }

  private static ReforestException unreadable(DataConfig.Source source, String path, Exception e) {
    String condition = e instanceof SparkThrowable spark ? spark.getCondition() : null;
    if (condition == null) {
      condition = "";
    }
    if (condition.equals("PATH_NOT_FOUND") || condition.equals("DELTA_PATH_DOES_NOT_EXIST")) {
      return new ReforestException(
          Kind.DATA,
          "nothing to ingest: there is no file or folder " + path,
          "check the path; it may lie on any file system that Spark reads",
          e);
    }
    if (condition.equals("DATA_SOURCE_NOT_FOUND") || causedBy(e, ClassNotFoundException.class)) {
      return new ReforestException(
          Kind.ARGUMENTS,
          "data.source.format " + source.format() + " is unknown to this Spark",
          "use csv, json, parquet or delta, or put the data source's jar on the class path",
          e);
    }
    if (causedBy(e, UnknownHostException.class) || causedBy(e, ConnectException.class)) {
      return new ReforestException(
          Kind.STORE,
          "cannot reach " + path + ": " + SparkErrors.firstLine(root(e)),
          "check the address and the network, then ingest again",
          e);
    }
    return new ReforestException(
        Kind.DATA,
        "cannot read "
            + path
            + " as "
            + source.format()
            + ": "
            + SparkErrors.firstLine(condition.isEmpty() ? root(e) : e),
        "check data.source.format and data.source.options against what lies there",
        e);
  }

  private static boolean causedBy(Throwable thrown, Class<? extends Throwable> type) {
    for (@Nullable Throwable e = thrown; e != null; e = e.getCause()) {
      if (type.isInstance(e)) {
        return true;
      }
    }
    return false;
  }

  private static Throwable root(Throwable thrown) {
    Throwable e = thrown;
    for (Optional<Throwable> cause = Optional.ofNullable(e.getCause());
        cause.isPresent();
        cause = Optional.ofNullable(e.getCause())) {
      e = cause.get();
    }
    return e;
  }
}
