package reforest.ingest;

import com.univocity.parsers.csv.CsvParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.datasources.CodecStreams;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;
import reforest.config.DataConfig;

/**
 * Compares the headers of a folder's CSV files.
 *
 * <p>Spark takes the first file's header for all of them. Its own check, {@code
 * enforceSchema=false}, would refuse columns without a name, such as the index that pandas writes.
 */
final class CsvHeaders {

  /** With this option a user has said how headers are to be taken. */
  private static final String ENFORCE = "enforceschema";

  private CsvHeaders() {}

  /**
   * @throws ReforestException of kind {@code DATA} when two files name their columns differently or
   *     in another order
   */
  static void requireAlike(SparkSession spark, DataConfig.Source source, Dataset<Row> rows)
      throws IOException {
    CsvDialect dialect = CsvDialect.of(source.options());
    boolean told =
        source.options().keySet().stream()
            .anyMatch(key -> key.toLowerCase(Locale.ROOT).equals(ENFORCE));
    String[] files = rows.inputFiles();
    if (!dialect.parsed().headerFlag() || told || files.length < 2) {
      return;
    }
    Configuration hadoop = spark.sessionState().newHadoopConf();
    Arrays.sort(files);
    Path first = new Path(URI.create(files[0]));
    List<String> expected = List.of();
    for (String file : files) {
      Path path = new Path(URI.create(file));
      List<String> header = header(dialect, path, hadoop);
      if (expected.isEmpty()) {
        first = path;
        expected = header;
      } else if (!header.isEmpty() && !alike(header, expected)) {
        throw different(first, expected, path, header);
      }
    }
  }

  /** The first record of a file; nothing when it has none. */
  private static List<String> header(CsvDialect dialect, Path file, Configuration hadoop)
      throws IOException {
    CsvParser parser = dialect.parser();
    try (InputStream in = CodecStreams.createInputStream(hadoop, file);
        CsvText text = new CsvText(new InputStreamReader(in, dialect.charset()), dialect)) {
      parser.beginParsing(text);
      String[] names = parser.parseNext();
      parser.stopParsing();
      List<String> header = new ArrayList<>();
      for (String name : names == null ? new String[0] : names) {
        header.add(name == null ? "" : name.replace("\uFEFF", ""));
      }
      return header;
    }
  }

  private static boolean alike(List<String> header, List<String> expected) {
    return String.join("\n", header).equalsIgnoreCase(String.join("\n", expected));
  }

  private static ReforestException different(
      Path first, List<String> expected, Path other, List<String> header) {
    return new ReforestException(
        Kind.DATA,
        "the columns of "
            + other
            + " are "
            + String.join(", ", header)
            + ", those of "
            + first
            + " are "
            + String.join(", ", expected)
            + ": read together, values would end up in wrong columns",
        "ingest files with different headers one by one, or set data.source.options.enforceSchema"
            + " = true if the headers are wrong and the columns of all files are in one order");
  }
}
