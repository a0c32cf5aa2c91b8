package reforest.ingest;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.orc.OrcFile;
import org.apache.orc.Reader;
import org.apache.orc.TypeDescription;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.Type;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;
import reforest.config.DataConfig;
import reforest.config.Nearest;
import reforest.table.SparkErrors;

/**
 * Looks at what the files of a Parquet or ORC folder say of their columns. Spark takes one file's
 * word for all of them, gives null where another names a column otherwise, and fails where it has
 * another type.
 */
final class FileLayouts {

  /** With this setting a user has said that nanoseconds shall be whole numbers. */
  private static final String NANOS_AS_LONG = "spark.sql.legacy.parquet.nanosAsLong";

  private FileLayouts() {}

  /**
   * The files in groups whose declared columns have the same types.
   *
   * @param files addresses
   * @throws ReforestException of kind {@code DATA} when a file cannot be read, or lacks a declared
   *     column that another has, or holds times in nanoseconds, which Spark does not read
   */
  static List<List<String>> of(
      String format, String[] files, DataConfig data, Configuration hadoop) {
    Map<String, Map<String, String>> layouts = new TreeMap<>();
    Arrays.stream(files)
        .parallel()
        .map(file -> Map.entry(file, columns(format, file, hadoop)))
        .toList()
        .forEach(entry -> layouts.put(entry.getKey(), entry.getValue()));
    requireMicroseconds(layouts, hadoop);
    requireDeclared(layouts, data);
    Map<String, List<String>> groups = new LinkedHashMap<>();
    layouts.forEach(
        (file, columns) -> {
          Map<String, String> declared = new TreeMap<>(columns);
          declared
              .keySet()
              .removeIf(name -> data.columns().stream().noneMatch(c -> lower(c).equals(name)));
          groups.computeIfAbsent(declared.toString(), key -> new ArrayList<>()).add(file);
        });
    return List.copyOf(groups.values());
  }

  /**
   * That no file lacks a declared column that another has.
   *
   * @param layouts for each file the names of its columns in small letters, with their types
   * @throws ReforestException of kind {@code DATA}
   */
  static void requireDeclared(Map<String, Map<String, String>> layouts, DataConfig data) {
    List<String> problems = new ArrayList<>();
    for (DataConfig.Column column : data.columns()) {
      String name = lower(column);
      if (column.from().isPresent()
          || layouts.values().stream().noneMatch(columns -> columns.containsKey(name))) {
        continue;
      }
      layouts.forEach(
          (file, columns) -> {
            if (!columns.containsKey(name)) {
              problems.add(
                  file
                      + " lacks "
                      + column.name()
                      + Nearest.to(name, List.copyOf(columns.keySet()))
                          .map(n -> " (nearest: " + n + ")")
                          .orElse(""));
            }
          });
    }
    if (!problems.isEmpty()) {
      throw new ReforestException(
          Kind.DATA,
          "not all files have the declared columns: "
              + String.join("; ", problems.stream().limit(5).toList())
              + (problems.size() > 5 ? "; and " + (problems.size() - 5) + " more" : ""),
          "ingest files with different columns one by one, or set"
              + " data.source.options.mergeSchema = true if they are missing on purpose");
    }
  }

  private static void requireMicroseconds(
      Map<String, Map<String, String>> layouts, Configuration hadoop) {
    if (hadoop.getBoolean(NANOS_AS_LONG, false)) {
      return;
    }
    layouts.forEach(
        (file, columns) -> {
          List<String> nanos =
              columns.entrySet().stream()
                  .filter(column -> column.getValue().contains("TIMESTAMP(NANOS"))
                  .map(Map.Entry::getKey)
                  .toList();
          if (!nanos.isEmpty()) {
            throw new ReforestException(
                Kind.DATA,
                "%s holds times in nanoseconds, which Spark does not read: %s"
                    .formatted(file, String.join(", ", nanos)),
                "write microseconds, such as with coerce_timestamps = 'us' of pandas' to_parquet; or"
                    + " read them as whole numbers with --spark "
                    + NANOS_AS_LONG
                    + "=true and from = \"timestamp_micros("
                    + DataConfig.quoted(nanos.get(0))
                    + " div 1000)\"");
          }
        });
  }

  private static String lower(DataConfig.Column column) {
    return column.name().toLowerCase(Locale.ROOT);
  }

  private static Map<String, String> columns(String format, String file, Configuration hadoop) {
    Path path = new Path(URI.create(file));
    try {
      return format.equals("orc") ? orc(path, hadoop) : parquet(path, hadoop);
    } catch (IOException | RuntimeException e) {
      // Parquet throws plain ones for a file that is none.
      throw unreadable(format, file, e);
    }
  }

  private static ReforestException unreadable(String format, String file, Exception e) {
    return new ReforestException(
        Kind.DATA,
        "cannot read %s as %s: %s"
            .formatted(file.replaceFirst("^file:/+", "/"), format, SparkErrors.firstLine(e)),
        "check data.source.format against what lies there; a file that was cut off or is not finished"
            + " must be written again",
        e);
  }

  private static Map<String, String> parquet(Path file, Configuration hadoop) throws IOException {
    Map<String, String> columns = new TreeMap<>();
    try (ParquetFileReader reader =
        ParquetFileReader.open(HadoopInputFile.fromPath(file, hadoop))) {
      for (Type type : reader.getFileMetaData().getSchema().getFields()) {
        // Whether it may be null makes no difference.
        columns.put(
            type.getName().toLowerCase(Locale.ROOT),
            type.toString().replaceFirst("^(required|optional) ", ""));
      }
    }
    return columns;
  }

  private static Map<String, String> orc(Path file, Configuration hadoop) throws IOException {
    Map<String, String> columns = new TreeMap<>();
    try (Reader reader = OrcFile.createReader(file, OrcFile.readerOptions(hadoop))) {
      TypeDescription schema = reader.getSchema();
      for (int i = 0; i < schema.getFieldNames().size(); i++) {
        columns.put(
            schema.getFieldNames().get(i).toLowerCase(Locale.ROOT),
            schema.getChildren().get(i).toString());
      }
    }
    return columns;
  }
}
