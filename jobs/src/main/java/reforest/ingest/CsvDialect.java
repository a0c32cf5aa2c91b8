package reforest.ingest;

import com.univocity.parsers.csv.CsvParser;
import com.univocity.parsers.csv.CsvParserSettings;
import java.nio.charset.Charset;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.catalyst.csv.CSVOptions;
import scala.collection.immutable.Map$;
import scala.jdk.javaapi.CollectionConverters;

/**
 * How CSV is written where a configuration does not say otherwise: as Spark takes it, with a quote
 * in quotes doubled, as RFC 4180 has it. An ingest and whoever scores read by this one.
 */
public final class CsvDialect {

  /** The option that keeps records together whose quotes hold line breaks. */
  static final String MULTI_LINE = "multiLine";

  private static final char QUOTE = '"';

  private final Map<String, String> options;
  private final CSVOptions parsed;

  private CsvDialect(Map<String, String> options) {
    this.options = options;
    this.parsed =
        new CSVOptions(Map$.MODULE$.from(CollectionConverters.asScala(options)), true, "UTC");
  }

  /**
   * The dialect of a source.
   *
   * @param declared Spark's options of CSV, of which capitals make no difference
   */
  public static CsvDialect of(Map<String, String> declared) {
    Map<String, String> options = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    // Spark's own is a backslash, which no spreadsheet, pandas or R writes.
    options.put("escape", String.valueOf(QUOTE));
    options.putAll(declared);
    return new CsvDialect(options);
  }

  /** Options for Spark. */
  Map<String, String> options() {
    return options;
  }

  CSVOptions parsed() {
    return parsed;
  }

  /** A parser of {@link CsvText}. */
  public CsvParser parser() {
    CsvParserSettings settings = parsed.asParserSettings();
    if (parsed.lineSeparatorInRead().isEmpty()) {
      settings.setLineSeparatorDetectionEnabled(false);
      settings.getFormat().setLineSeparator("\n");
    }
    return new CsvParser(settings);
  }

  /** What stands in a cell without a value. */
  public String nothing() {
    return parsed.nullValue();
  }

  /** How its characters are encoded. */
  public Charset charset() {
    return Charset.forName(parsed.charset());
  }

  /**
   * Whether quotes are doubled within quotes, so that a whole record has an even number of them.
   */
  public boolean isQuoteDoubled() {
    return parsed.quote() == QUOTE && parsed.escape() == QUOTE;
  }

  /** What separates cells where that is a single character. */
  public char delimiter() {
    return parsed.delimiter().charAt(0);
  }
}
