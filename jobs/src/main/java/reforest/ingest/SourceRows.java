package reforest.ingest;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
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

  /** What Spark calls such a column itself. */
  private static final String UNPARSED = "_corrupt_record";

  /** With this option a user has said that files may lack columns. */
  private static final String MERGE_SCHEMA = "mergeSchema";

  private SourceRows() {}

  /**
   * The source's rows as they are, for CSV and JSON with a column {@link #CORRUPT}: one dataset, or
   * one for each group of files whose declared columns have the same types.
   *
   * @throws ReforestException of kind {@code ARGUMENTS} for an unknown format or a missing path,
   *     {@code DATA} when nothing readable is there or files contradict each other, {@code STORE}
   *     when its host cannot be reached
   */
  static List<Dataset<Row>> open(SparkSession spark, DataConfig data) {
    DataConfig.Source source = data.source();
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
      return switch (source.format().toLowerCase(Locale.ROOT)) {
        case "csv" -> List.of(csv(spark, data, path));
        case "json" -> List.of(json(spark, data, path));
        case "parquet", "orc" -> columnar(spark, data, path);
        default -> List.of(reader(spark, source).load(path));
      };
    } catch (ReforestException e) {
      throw e;
    } catch (Exception e) {
      // Some files are read before the scan begins.
      throw broken(e).orElseGet(() -> unreadable(source, path, e));
    }
  }

  private static DataFrameReader reader(SparkSession spark, DataConfig.Source source) {
    return spark.read().format(source.format()).options(source.options());
  }

  private static Dataset<Row> csv(SparkSession spark, DataConfig data, String path)
      throws IOException {
    CsvDialect dialect = CsvDialect.of(data.source().options());
    Map<String, String> options = new TreeMap<>(dialect.options());
    Dataset<Row> rows = spark.read().format("csv").options(options).load(path);
    CsvHeaders.requireAlike(spark, data.source(), rows);
    boolean several = new SourceText(spark, path, options).hasRecordsOfSeveralLines(dialect);
    if (several && !dialect.options().containsKey(CsvDialect.MULTI_LINE)) {
      options.put(CsvDialect.MULTI_LINE, "true");
    }
    return withoutBlanks(withCorrupt(spark, "csv", options, rows.schema(), path), data);
  }

  /** Blanks after the commas of a header are no part of a name that is declared without them. */
  private static Dataset<Row> withoutBlanks(Dataset<Row> rows, DataConfig data) {
    List<String> names = Arrays.asList(rows.columns());
    return rows.toDF(
        names.stream()
            .map(
                name ->
                    data.column(name).isEmpty()
                            && data.column(name.strip()).filter(c -> c.from().isEmpty()).isPresent()
                            && !names.contains(name.strip())
                        ? name.strip()
                        : name)
            .toArray(String[]::new));
  }

  private static Dataset<Row> json(SparkSession spark, DataConfig data, String path) {
    Map<String, String> options = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    options.putAll(data.source().options());
    SourceText text = new SourceText(spark, path, options);
    text.requireDeclaredEncoding();
    if (!options.containsKey(CsvDialect.MULTI_LINE) && text.isArray()) {
      options.put(CsvDialect.MULTI_LINE, "true");
    }
    Dataset<Row> rows = spark.read().format("json").options(options).load(path);
    if (!options.containsKey(MERGE_SCHEMA)
        && !options.containsKey(CsvDialect.MULTI_LINE)
        && rows.inputFiles().length > 1) {
      FileLayouts.requireDeclared(text.keys(), data);
    }
    StructType schema = rows.schema();
    return withCorrupt(spark, "json", options, asWritten(schema, data), path);
  }

  /** Numbers as text, exactly as they stand there: a double would round what a decimal keeps. */
  private static StructType asWritten(StructType schema, DataConfig data) {
    StructType read = new StructType();
    for (StructField field : schema.fields()) {
      boolean declared = data.column(field.name()).filter(c -> c.from().isEmpty()).isPresent();
      boolean computedFrom =
          data.columns().stream()
              .anyMatch(c -> c.from().filter(sql -> sql.contains(field.name())).isPresent());
      boolean nested =
          field.dataType() instanceof StructType || field.dataType() instanceof ArrayType;
      read =
          declared && !computedFrom && !nested
              ? read.add(field.name(), DataTypes.StringType)
              : read.add(field);
    }
    return read;
  }

  /** Without a column to hold them, rows that cannot be parsed turn into nulls and vanish. */
  private static Dataset<Row> withCorrupt(
      SparkSession spark,
      String format,
      Map<String, String> options,
      StructType schema,
      String path) {
    StructType complete =
        new StructType(
                Arrays.stream(schema.fields())
                    .filter(field -> !field.name().equals(UNPARSED))
                    .toArray(StructField[]::new))
            .add(CORRUPT, DataTypes.StringType);
    return spark
        .read()
        .format(format)
        .options(options)
        .option("columnNameOfCorruptRecord", CORRUPT)
        .schema(complete)
        .load(path);
  }

  private static List<Dataset<Row>> columnar(SparkSession spark, DataConfig data, String path) {
    DataConfig.Source source = data.source();
    boolean told = source.options().keySet().stream().anyMatch(MERGE_SCHEMA::equalsIgnoreCase);
    if (told) {
      return List.of(reader(spark, source).load(path));
    }
    // Of a kind that reads nothing: a broken file would be named by its folder alone.
    String[] files =
        spark
            .read()
            .format("binaryFile")
            .options(SourceText.choosingFiles(source.options()))
            .load(path)
            .inputFiles();
    List<List<String>> layouts =
        FileLayouts.of(
            source.format().toLowerCase(Locale.ROOT),
            files,
            data,
            spark.sessionState().newHadoopConf());
    if (layouts.size() < 2) {
      return List.of(reader(spark, source).load(path));
    }
    return layouts.stream()
        .map(
            group ->
                isPattern(path)
                    ? reader(spark, source).load(group.toArray(String[]::new))
                    : reader(spark, source)
                        .option("basePath", path)
                        .load(group.toArray(String[]::new)))
        .toList();
  }

  private static boolean isPattern(String path) {
    return path.matches(".*[*?{\\[].*");
  }

  /**
   * What ended the scan of a source, in plain words; empty when it was something else.
   *
   * @param e what Spark threw
   */
  static Optional<ReforestException> broken(Exception e) {
    for (@Nullable Throwable cause = e; cause != null; cause = cause.getCause()) {
      String condition = cause instanceof SparkThrowable spark ? spark.getCondition() : null;
      if (condition != null && condition.startsWith("FAILED_READ_FILE")) {
        String file = ((SparkThrowable) cause).getMessageParameters().getOrDefault("path", "");
        return Optional.of(
            new ReforestException(
                Kind.DATA,
                "cannot read " + file + ": " + SparkErrors.firstLine(root(cause)),
                "it may have been cut off, removed or not be finished; write it again, or leave it"
                    + " out; nothing was changed",
                e));
      }
    }
    return Optional.empty();
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
