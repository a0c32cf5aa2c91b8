package reforest.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static reforest.ingest.Contracts.column;
import static reforest.ingest.Contracts.csv;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;
import reforest.config.DataConfig;
import reforest.testing.SparkExtension;

/** Files as people have them: read whole, or refused in words that name the file. */
@ExtendWith(SparkExtension.class)
class SourceKindsTest {

  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

  @TempDir private Path folder;
  private SparkSession spark;
  private List<Row> read = List.of();

  @BeforeEach
  void session(SparkSession session) {
    spark = session;
  }

  @Test
  void readsQuotesAndBackslashesAsSpreadsheetsWriteThem() throws IOException {
    Path file =
        lines("a.csv", "id,km,what", "1,1,\"6\"\" pipe\"", "2,2,\"C:\\in\\\"", "3,3,\"a, b\"");

    read(of(file, "csv", Map.of("header", "true"), column("what", "string")));

    assertThat(texts("what")).containsExactly("6\" pipe", "C:\\in\\", "a, b");
  }

  @Test
  void readsARecordThatGoesOnInTheNextLine() throws IOException {
    Path file = lines("a.csv", "id,km,what", "1,1,\"one", "two\"", "2,2,three");
    read(of(file, "csv", Map.of("header", "true"), column("what", "string")));

    assertThat(read).hasSize(2);
    assertThat(texts("what")).containsExactly("one\ntwo", "three");
  }

  @Test
  void readsAStrayQuoteWithinACellAsItStandsThere() throws IOException {
    Path file = lines("a.csv", "id,km,what", "1,1,6\" pipe", "2,2,two");

    read(of(file, "csv", Map.of("header", "true"), column("what", "string")));

    assertThat(texts("what")).containsExactly("6\" pipe", "two");
  }

  @Test
  void refusesAFileThatEndsWithinQuotes() throws IOException {
    Path file = lines("a.csv", "id,km,what", "1,1,\"one", "2,2,two", "3,3,three");

    assertRefused(of(file, "csv", Map.of("header", "true"), column("what", "string")))
        .withMessageEndingWith("a.csv ends within the quotes that line 2 opens");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ISO-8859-1", "UTF-16", "UTF-16LE"})
  void refusesAnotherEncodingThanTheDeclaredOneAndReadsTheDeclaredOne(String encoding)
      throws IOException {
    Path file = folder.resolve("a.csv");
    Files.writeString(file, "id,km,city\n1,1,Köln\n2,2,Ålesund\n", Charset.forName(encoding));

    boolean wide = encoding.startsWith("UTF-16");
    assertRefused(of(file, "csv", Map.of("header", "true"), column("city", "string")))
        .withMessageContaining("a.csv is not UTF-8 in ")
        .withMessageEndingWith(wide ? "; it seems to be UTF-16" : " lines")
        .satisfies(
            e -> assertThat(e.hint()).contains(wide ? "encoding = UTF-16, multi" : "ISO-8859-1"));

    DataConfig declared =
        of(
            file,
            "csv",
            Map.of("header", "true", "encoding", encoding, "multiLine", "true"),
            column("city", "string"));
    read(declared);
    assertThat(texts("city")).containsExactly("Köln", "Ålesund");
  }

  @Test
  void refusesJsonOfAnotherEncoding() throws IOException {
    Path file = folder.resolve("a.json");
    Files.writeString(
        file, "{\"id\": 1, \"km\": 1, \"city\": \"Köln\"}\n", StandardCharsets.ISO_8859_1);

    assertRefused(of(file, "json", Map.of(), column("city", "string")))
        .withMessageContaining("a.json is not UTF-8 in 1 line");
  }

  @Test
  void readsJsonThatIsOneArray() throws IOException {
    Path file = lines("a.json", "[", "{\"id\": 1,", "\"km\": 1.5},", "{\"id\": 2, \"km\": 2}", "]");

    read(of(file, "json", Map.of()));

    assertThat(texts("km")).containsExactly("1.5", "2.0");
  }

  @Test
  void refusesJsonObjectsOverSeveralLines() throws IOException {
    Path file = lines("a.json", "{", "\"id\": 1,", "\"km\": 1.5", "}", "{\"id\": 2}");

    assertRefused(of(file, "json", Map.of()))
        .withMessageEndingWith("a.json begins with an object that goes on in the next line");
  }

  @Test
  void readsNumbersOfJsonAsTheyStandThere() throws IOException {
    Path file =
        lines(
            "a.json",
            "{\"id\": 1, \"km\": 1, \"exact\": 9007199254740993.123, \"code\": 3.50, \"ok\": true}",
            "{\"id\": 2, \"km\": NaN, \"exact\": null, \"code\": \"x\", \"ok\": \"False\"}",
            "{\"id\": 3, \"km\": 1e309, \"exact\": 1, \"code\": \"y\", \"ok\": 0}");
    read(
        of(
            file,
            "json",
            Map.of(),
            column("exact", "decimal(20,3)"),
            column("code", "string"),
            column("ok", "boolean")));

    assertThat(reasons()).isEqualTo(Map.of("km is NaN", 1L, "km is infinite", 1L));
    assertThat(texts("exact")).containsExactly("9007199254740993.123");
    assertThat(texts("code")).containsExactly("3.50");
    assertThat(texts("ok")).containsExactly("true");
  }

  @Test
  void takesBlanksAfterTheCommasOfAHeader() throws IOException {
    Path file = lines("a.csv", "id, km, what", "1, 1.5, x");

    read(of(file, "csv", Map.of("header", "true"), column("what", "string")));

    assertThat(texts("what")).containsExactly(" x");
    assertThat(texts("km")).containsExactly("1.5");
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "orc"})
  void namesTheFileOfAFolderThatLacksAColumn(String format) {
    write("SELECT 1L AS id, 1D AS km, 1D AS temp", format, "a");
    write("SELECT 2L AS id, 2D AS km, 2D AS temperature", format, "b");

    DataConfig data = of(folder.resolve("in"), format, Map.of(), column("temp", "double"));

    assertRefused(data)
        .withMessageStartingWith("not all files have the declared columns: ")
        .withMessageContaining("/b-")
        .withMessageContaining(" lacks temp");
    read(of(folder.resolve("in"), format, Map.of("mergeSchema", "true"), column("temp", "double")));
    assertThat(texts("temp")).containsExactly("1.0", null);
  }

  @Test
  void namesTheFileOfJsonLinesThatLacksAKey() throws IOException {
    Files.createDirectories(folder.resolve("in"));
    Files.writeString(folder.resolve("in/a.json"), "{\"id\": 1, \"km\": 1}\n{\"id\": 2}\n");
    Files.writeString(folder.resolve("in/b.json"), "{\"id\": 3, \"kms\": 1}\n");

    assertRefused(of(folder.resolve("in"), "json", Map.of()))
        .withMessageContaining("/b.json lacks km (nearest: kms)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "orc"})
  void readsFilesWhoseColumnsHaveDifferentTypes(String format) {
    write("SELECT 1L AS id, 1L AS km", format, "a");
    write("SELECT 2L AS id, 2.5D AS km", format, "b");
    write("SELECT 3L AS id, 'x' AS km", format, "c");
    read(of(folder.resolve("in"), format, Map.of()));

    assertThat(texts("km")).containsExactly("1.0", "2.5");
    assertThat(reasons()).isEqualTo(Map.of("km is not of type double", 1L));
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "orc"})
  void namesAFileThatWasCutOff(String format) throws IOException {
    write("SELECT id, double(id) AS km FROM range(1000)", format, "a");
    Path file;
    try (var files = Files.list(folder.resolve("in"))) {
      file = files.filter(it -> it.toString().endsWith("." + format)).findFirst().orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
    Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc"));

    assertRefused(of(folder.resolve("in"), format, Map.of()))
        .withMessageContaining("cannot read ")
        .withMessageContaining(file.getFileName().toString());
  }

  @Test
  void namesACompressedFileThatWasCutOff() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      String rows =
          IntStream.range(0, 50_000)
              .mapToObj(i -> i + "," + Math.sin(i))
              .collect(Collectors.joining("\n"));
      out.write(("id,km\n" + rows).getBytes(StandardCharsets.UTF_8));
    }
    Path file = folder.resolve("a.csv.gz");
    Files.write(file, Arrays.copyOf(bytes.toByteArray(), bytes.size() / 2));

    assertRefused(of(file, "csv", Map.of("header", "true")))
        .withMessageMatching("cannot read \\S+a.csv.gz: \\D+")
        .satisfies(e -> assertThat(e.hint()).startsWith("it may have been cut off"));
  }

  @Test
  void namesTheColumnOfAParquetFileThatHoldsNanoseconds() throws IOException {
    Path file = folder.resolve("in/a.parquet");
    Files.createDirectories(file.getParent());
    MessageType schema =
        MessageTypeParser.parseMessageType(
            "message m { required int64 id; required double km;"
                + " required int64 at (TIMESTAMP(NANOS,true)); }");
    try (ParquetWriter<Group> out =
        ExampleParquetWriter.builder(new org.apache.hadoop.fs.Path(file.toUri()))
            .withType(schema)
            .build()) {
      out.write(
          new SimpleGroup(schema)
              .append("id", 1L)
              .append("km", 2.0)
              .append("at", 1_700_000_000_000_000_000L));
    }

    assertRefused(of(folder.resolve("in"), "parquet", Map.of(), column("at", "timestamp")))
        .withMessageEndingWith(
            "a.parquet holds times in nanoseconds, which Spark does not read: at")
        .satisfies(
            e ->
                assertThat(e.hint())
                    .contains("coerce_timestamps", "timestamp_micros(`at` div 1000)"));
  }

  @Test
  void saysHowTimesThatAreNoIsoAreConverted() throws IOException {
    Path file = lines("a.csv", "id,km,at,on", "1,1,00:15:00,45000", "2,2,1700000000000,202301");

    assertThatExceptionOfType(ReforestException.class)
        .isThrownBy(
            () ->
                ingest(
                    withFew(
                        of(
                            file,
                            "csv",
                            Map.of("header", "true"),
                            column("at", "timestamp"),
                            column("on", "date")))))
        .withMessageContaining("at is not of type timestamp (2)")
        .satisfies(
            e ->
                assertThat(e.hint())
                    .contains(
                        "such as 2026-05-04 06:00:00",
                        "from = \"timestamp_millis(`at`)\"",
                        "to_timestamp(`at`, 'dd.MM.yyyy HH:mm')"));
  }

  @Test
  void namesAFileOfADeltaTableThatIsGone() throws IOException {
    String path = folder.resolve("delta").toString();
    spark.sql("SELECT 1L AS id, 1D AS km").write().format("delta").save(path);
    try (var files = Files.list(folder.resolve("delta"))) {
      for (Path file : files.filter(it -> it.toString().endsWith(".parquet")).toList()) {
        Files.delete(file);
      }
    }

    assertRefused(of(folder.resolve("delta"), "delta", Map.of()))
        .withMessageContaining("cannot read ")
        .withMessageContaining(".parquet");
  }

  @Test
  void saysOfWhatTypeAColumnIsThatCannotBeRead() {
    write("SELECT 1L AS id, array(1D) AS km", "parquet", "a");

    assertRefused(of(folder.resolve("in"), "parquet", Map.of()))
        .withMessageContaining("km cannot be read as double: it is of type array<double> there");
  }

  private void write(String sql, String format, String name) {
    Path made = folder.resolve("made-" + name);
    spark.sql(sql).coalesce(1).write().format(format).save(made.toString());
    try (var files = Files.list(made)) {
      Files.createDirectories(folder.resolve("in"));
      for (Path file : files.filter(it -> it.toString().endsWith("." + format)).toList()) {
        Files.copy(file, folder.resolve("in/" + name + "-" + file.getFileName()));
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private Path lines(String name, String... lines) throws IOException {
    return Files.writeString(folder.resolve(name), String.join("\n", lines) + "\n");
  }

  private static DataConfig of(
      Path path, String format, Map<String, String> options, DataConfig.Column... more) {
    DataConfig.Column[] columns = Arrays.copyOf(more, more.length + 2);
    columns[more.length] = column("id", "bigint");
    columns[more.length + 1] = column("km", "double");
    DataConfig.Column[] ordered = new DataConfig.Column[columns.length];
    ordered[0] = columns[more.length];
    ordered[1] = columns[more.length + 1];
    System.arraycopy(more, 0, ordered, 2, more.length);
    return Contracts.from(
        csv("unused", 1.0, "km", ordered),
        new DataConfig.Source(format, options, Optional.of(path.toString())));
  }

  private static DataConfig withFew(DataConfig data) {
    return Contracts.from(
        csv("unused", 0.0, "km", data.columns().toArray(DataConfig.Column[]::new)), data.source());
  }

  private void read(DataConfig data) {
    read =
        new RowContract(data, NOW)
            .read(spark)
            .orderBy(RowContract.VALUES + ".id")
            .select(RowContract.VALUES + ".*", RowContract.REASONS)
            .collectAsList();
  }

  private Ingest.Result ingest(DataConfig data) {
    return new Ingest(
            spark, data, uri("table"), uri("quarantine"), Clock.fixed(NOW, ZoneOffset.UTC))
        .execute();
  }

  private org.assertj.core.api.ThrowableAssertAlternative<ReforestException> assertRefused(
      DataConfig data) {
    return assertThatExceptionOfType(ReforestException.class)
        .isThrownBy(() -> ingest(data))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.DATA))
        .satisfies(e -> assertThat(folder.resolve("table")).doesNotExist());
  }

  private URI uri(String name) {
    return folder.resolve(name).toUri();
  }

  /** Of the rows that keep the contract. */
  private List<String> texts(String column) {
    return read.stream()
        .filter(row -> row.getList(row.fieldIndex(RowContract.REASONS)).isEmpty())
        .map(row -> row.getAs(column) == null ? null : String.valueOf(row.<Object>getAs(column)))
        .toList();
  }

  private Map<String, Long> reasons() {
    return read.stream()
        .flatMap(row -> row.<String>getList(row.fieldIndex(RowContract.REASONS)).stream())
        .collect(Collectors.groupingBy(reason -> reason, Collectors.counting()));
  }
}
