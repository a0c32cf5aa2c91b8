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
import org.apache.spark.sql.execution.datasources.HadoopFsRelation;
import org.apache.spark.sql.execution.datasources.LogicalRelation;
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

  /** Where folders begin that are named by a column and its value, such as month=2011-01. */
  private static final String BASE_PATH = "basePath";

  private SourceRows() {}

  /**
   * The source's rows as they are, for CSV and JSON with a column {@link #CORRUPT}: one dataset, or
   * one for each group of files whose declared columns have the same types.
   *
   * <p>What a folder's name says of a column, such as {@code code=007}, is a string as it stands
   * there where the column is declared as one.
   *
   * @throws ReforestException of kind {@code ARGUMENTS} for an unknown format, a missing path or a
   *     change feed, {@code DATA} when nothing readable is there, files contradict each other or
   *     belong to a Delta table, {@code STORE} when its host cannot be reached
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
        case "delta" -> List.of(delta(spark, source, path));
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
    return withoutBlanks(withCorrupt(spark, "csv", options, asNamed(rows, data), path), data);
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
    return withCorrupt(spark, "json", options, asWritten(asNamed(rows, data), data), path);
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
    DeltaFolders.requireNone(path, spark.sessionState().newHadoopConf());
    if (has(source, MERGE_SCHEMA)) {
      return List.of(named(reader(spark, source), data, path));
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
      return List.of(named(reader(spark, source), data, path));
    }
    return layouts.stream()
        .map(
            group ->
                named(
                    isPattern(path) || has(source, BASE_PATH)
                        ? reader(spark, source)
                        : reader(spark, source).option(BASE_PATH, path),
                    data,
                    group.toArray(String[]::new)))
        .toList();
  }

  /** A feed's rows are what was, too: a row that is gone or was another one before. */
  private static Dataset<Row> delta(SparkSession spark, DataConfig.Source source, String path) {
    for (String option : List.of("readChangeFeed", "readChangeData")) {
      if (has(source, option)) {
        throw new ReforestException(
            Kind.ARGUMENTS,
            "data.source.options."
                + option
                + " asks for a change feed, which holds rows that were deleted, and rows as they"
                + " were before: an ingest would take them for rows that are there",
            "leave it out and ingest the table itself, of which rows that have not changed are"
                + " ignored; take rows out that are gone there by 'reforest remove'");
      }
    }
    return reader(spark, source).load(path);
  }

  private static Dataset<Row> named(DataFrameReader reader, DataConfig data, String... paths) {
    Dataset<Row> rows = reader.load(paths);
    StructType schema = asNamed(rows, data);
    return schema.equals(rows.schema()) ? rows : reader.schema(schema).load(paths);
  }

  /**
   * The schema with the names of folders as they stand there, where they are declared as strings:
   * Spark would take the code 007 for a 7. Others are what Spark takes them for.
   */
  private static StructType asNamed(Dataset<Row> rows, DataConfig data) {
    List<String> folders = List.of(folders(rows).fieldNames());
    StructType schema = new StructType();
    for (StructField field : rows.schema().fields()) {
      boolean isText =
          folders.stream().anyMatch(field.name()::equalsIgnoreCase)
              && data.columns().stream()
                  .filter(c -> c.type().equalsIgnoreCase("string"))
                  .map(c -> c.from().orElse(DataConfig.quoted(c.name())).strip())
                  .anyMatch(
                      from ->
                          from.equalsIgnoreCase(field.name())
                              || from.equalsIgnoreCase(DataConfig.quoted(field.name())));
      schema = isText ? schema.add(field.name(), DataTypes.StringType) : schema.add(field);
    }
    return schema;
  }

  /** The columns that folders name. */
  private static StructType folders(Dataset<Row> rows) {
    return rows.queryExecution().analyzed() instanceof LogicalRelation files
            && files.relation() instanceof HadoopFsRelation relation
        ? relation.partitionSchema()
        : new StructType();
  }

  private static boolean has(DataConfig.Source source, String option) {
    return source.options().keySet().stream().anyMatch(option::equalsIgnoreCase);
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
    if (condition.equals("CONFLICTING_DIRECTORY_STRUCTURES")) {
      return new ReforestException(
          Kind.DATA,
          "it cannot be told where in " + path + " the folders begin that name columns",
          "set data.source.options.basePath to the folder right above those such as month=2011-01,"
              + " and leave no files beside them",
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
