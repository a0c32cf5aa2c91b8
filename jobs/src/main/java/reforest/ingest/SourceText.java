package reforest.ingest;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.input_file_name;
import static org.apache.spark.sql.functions.is_valid_utf8;
import static org.apache.spark.sql.functions.json_object_keys;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.octet_length;
import static org.apache.spark.sql.functions.replace;
import static org.apache.spark.sql.functions.trim;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.datasources.CodecStreams;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;

/**
 * Looks at the lines of CSV and JSON files before they are parsed: Spark takes bytes of another
 * encoding for replacement characters, so that two names become one, and cuts a cell at a line
 * break in quotes.
 */
final class SourceText {

  /** What says which files are read, for every kind of them. */
  private static final Set<String> CHOOSE_FILES =
      Set.of(
          "pathglobfilter",
          "recursivefilelookup",
          "modifiedbefore",
          "modifiedafter",
          "linesep",
          "basepath");

  private final SparkSession spark;
  private final String path;
  private final Map<String, String> options;

  SourceText(SparkSession spark, String path, Map<String, String> declared) {
    this.spark = spark;
    this.path = path;
    this.options = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    this.options.putAll(declared);
  }

  /**
   * Whether a record of CSV goes on in the next line.
   *
   * @throws ReforestException of kind {@code DATA} when a file is not UTF-8, and no other encoding
   *     is declared, or when it ends within quotes
   */
  boolean hasRecordsOfSeveralLines(CsvDialect dialect) throws IOException {
    boolean several = false;
    for (Row file : striking(dialect.isQuoteDoubled())) {
      if (file.getLong(2) > 0) {
        several = true;
        requireClosed(file.getString(0), dialect);
      }
    }
    return several;
  }

  /**
   * The same for JSON, of which only the encoding is looked at.
   *
   * @throws ReforestException of kind {@code DATA}
   */
  void requireDeclaredEncoding() {
    striking(false);
  }

  /**
   * Whether JSON is one array over several lines, as people export it.
   *
   * @throws ReforestException of kind {@code DATA} when it begins with an object over several
   *     lines, of which Spark would read the first alone
   */
  boolean isArray() {
    List<Row> first = lines().where(trim(col("value")).notEqual("")).limit(1).collectAsList();
    String line = first.isEmpty() ? "" : first.get(0).getString(0).strip();
    if (line.startsWith("{") && !line.endsWith("}")) {
      throw new ReforestException(
          Kind.DATA,
          path + " begins with an object that goes on in the next line",
          "write one object a line, such as with jq -c, or one array of objects; a single object is"
              + " read with data.source.options.multiLine = true");
    }
    return line.startsWith("[") && !line.endsWith("]");
  }

  /** The keys of the objects of each file, one a line, in small letters. */
  Map<String, Map<String, String>> keys() {
    Map<String, Map<String, String>> keys = new TreeMap<>();
    lines()
        .select(input_file_name().as("file"), explode(json_object_keys(col("value"))).as("key"))
        .distinct()
        .collectAsList()
        .forEach(
            row ->
                keys.computeIfAbsent(row.getString(0), file -> new TreeMap<>())
                    .put(row.getString(1).toLowerCase(Locale.ROOT), "json"));
    return keys;
  }

  /** Files with lines of another encoding or of an odd number of quotes. */
  private List<Row> striking(boolean quotes) {
    boolean utf8 = isUtf8();
    if (!utf8 && !quotes) {
      return List.of();
    }
    Column line = col("value");
    // Each second byte of UTF-16 is mostly zero, and text has none.
    Column zeros = utf8 ? line.contains(lit("\u0000")) : lit(false);
    Column foreign = utf8 ? not(is_valid_utf8(line)).or(zeros) : lit(false);
    Column odd =
        quotes
            ? octet_length(line)
                .minus(octet_length(replace(line, lit("\""), lit(""))))
                .mod(lit(2))
                .equalTo(lit(1))
            : lit(false);
    List<Row> files =
        lines()
            .where(foreign.or(odd))
            .groupBy(input_file_name())
            .agg(count_if(foreign), count_if(odd), count_if(zeros))
            .collectAsList();
    for (Row file : files) {
      if (file.getLong(1) > 0) {
        boolean wide = file.getLong(3) > 0;
        throw new ReforestException(
            Kind.DATA,
            "%s is not UTF-8 in %d %s%s"
                .formatted(
                    file.getString(0),
                    file.getLong(1),
                    file.getLong(1) == 1 ? "line" : "lines",
                    wide ? "; it seems to be UTF-16" : ""),
            wide
                ? "say so with data.source.options { encoding = UTF-16, multiLine = true }, where"
                    + " UTF-16LE or UTF-16BE stands for a file without a byte order mark; or convert"
                    + " it, such as with iconv"
                : "say how it is encoded, such as data.source.options.encoding = windows-1252 or"
                    + " ISO-8859-1, or convert it, such as with iconv");
      }
    }
    return files;
  }

  private Dataset<Row> lines() {
    return spark.read().format("text").options(choosingFiles(options)).load(path);
  }

  /** Those of a source's options that say which files are read. */
  static Map<String, String> choosingFiles(Map<String, String> declared) {
    Map<String, String> chosen = new TreeMap<>(declared);
    chosen.keySet().removeIf(key -> !CHOOSE_FILES.contains(key.toLowerCase(Locale.ROOT)));
    return chosen;
  }

  private boolean isUtf8() {
    String encoding = options.getOrDefault("encoding", options.getOrDefault("charset", "UTF-8"));
    return encoding.equalsIgnoreCase("UTF-8") || encoding.equalsIgnoreCase("UTF8");
  }

  private void requireClosed(String file, CsvDialect dialect) throws IOException {
    Configuration hadoop = spark.sessionState().newHadoopConf();
    try (InputStream in = CodecStreams.createInputStream(hadoop, new Path(URI.create(file)));
        CsvText text = new CsvText(new InputStreamReader(in, dialect.charset()), dialect)) {
      drain(text);
      if (text.isOpen()) {
        throw new ReforestException(
            Kind.DATA,
            "%s ends within the quotes that line %d opens".formatted(file, text.opened()),
            "close them, or name the right data.source.options.quote and escape");
      }
    }
  }

  private static void drain(Reader in) throws IOException {
    char[] buffer = new char[1 << 16];
    while (in.read(buffer) >= 0) {
      // What it passes is what is looked at.
    }
  }
}
