package reforest.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reforest.bundle.Background;
import reforest.bundle.Bundle;
import reforest.bundle.ColumnType;
import reforest.bundle.LocalStore;
import reforest.bundle.Manifest;
import reforest.bundle.Promotion;
import reforest.bundle.PromotionLog;
import reforest.bundle.SeriesField;
import reforest.bundle.Sha256;
import reforest.bundle.Store;
import reforest.bundle.Task;
import reforest.cli.terminal.Console;

/**
 * {@code models}, {@code pull} and {@code score}, on a model of one split: 10 up to hr 6, then 90.
 */
class ServingCommandsTest {

  private static final String PMML =
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <PMML version="4.4" xmlns="http://www.dmg.org/PMML-4_4">
        <Header/>
        <DataDictionary numberOfFields="2">
          <DataField name="hr" optype="continuous" dataType="double"/>
          <DataField name="bikers" optype="continuous" dataType="double"/>
        </DataDictionary>
        <MiningModel functionName="regression">
          <MiningSchema>
            <MiningField name="bikers" usageType="target"/>
            <MiningField name="hr" invalidValueTreatment="asIs" missingValueReplacement="12"/>
          </MiningSchema>
          <Segmentation multipleModelMethod="average">
            <Segment id="1"><True/>
              <TreeModel functionName="regression" missingValueStrategy="defaultChild" splitCharacteristic="binarySplit">
                <MiningSchema>
                  <MiningField name="bikers" usageType="target"/>
                  <MiningField name="hr" invalidValueTreatment="asIs"/>
                </MiningSchema>
                <Node id="0" defaultChild="2"><True/>
                  <Node id="1" score="10"><SimplePredicate field="hr" operator="lessOrEqual" value="6"/></Node>
                  <Node id="2" score="90"><SimplePredicate field="hr" operator="greaterThan" value="6"/></Node>
                </Node>
              </TreeModel>
            </Segment>
          </Segmentation>
        </MiningModel>
      </PMML>
      """;

  @TempDir private Path home;
  private String digest = "";

  @BeforeEach
  void publishOneModel() {
    publish(1, PMML);
  }

  private void publish(long sequence, String document) {
    Store store = store();
    byte[] pmml = document.getBytes(StandardCharsets.UTF_8);
    Manifest.FileEntry file = new Manifest.FileEntry(Bundle.MODEL, pmml.length, Sha256.of(pmml));
    Manifest manifest =
        new Manifest(
            "bikeshare",
            Task.REGRESSION,
            "bikers",
            List.of(),
            List.of(
                new Manifest.Input(
                    "hr",
                    Manifest.InputType.NUMBER,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    List.of(),
                    "12",
                    Optional.of(0.0),
                    Optional.of(23.0))),
            List.of(file),
            new Manifest.Provenance(
                "run1",
                "file:///t",
                3,
                "d",
                "s",
                Optional.empty(),
                "random-forest",
                Map.of(),
                1,
                "rev",
                "conf",
                Map.of()),
            Map.of("owner", "ops"));
    digest = Sha256.of(manifest.toJson());
    Bundle.write(store, "bundles/" + digest, manifest, Map.of(Bundle.MODEL, pmml));
    store.createIfAbsent(
        "runs/run1/1/run.json", "{\"verdict\": \"PROMOTE\"}".getBytes(StandardCharsets.UTF_8));
    new PromotionLog(store).append(promotion(sequence));
  }

  private Store store() {
    return new LocalStore(home.resolve("models/bikeshare"));
  }

  private Promotion promotion(long sequence) {
    return new Promotion(
        sequence,
        "bikeshare",
        digest,
        Optional.empty(),
        Promotion.Action.PROMOTE,
        "run1",
        "PROMOTE",
        "it beat the dummy",
        "models/bikeshare/runs/run1/1/report.html",
        Instant.parse("2026-01-01T00:00:00Z"),
        "w" + sequence);
  }

  private Cli run(String stdin, String command, String... more) {
    String[] args = new String[more.length + 3];
    args[0] = command;
    args[1] = "--home";
    args[2] = home.toString();
    System.arraycopy(more, 0, args, 3, more.length);
    return Cli.run(
        () -> {
          throw new AssertionError("Spark was asked for");
        },
        stdin,
        args);
  }

  @Test
  void namesWhatThePromotionLogLacks() throws IOException {
    Path promotions = home.resolve("models/bikeshare/promotions");
    Files.writeString(promotions.resolve("00000000000000000003.json"), "{ \"sche");

    String said = "bikeshare: promotion 2 is missing\nbikeshare: promotion 3 is torn\n";
    assertThat(run("", "models").err()).startsWith(said);
    Cli shown = run("", "models", "bikeshare");
    assertThat(shown.err()).isEqualTo(said);
    assertThat(shown.result().get("flaws").toString())
        .isEqualTo("[{\"sequence\":2,\"what\":\"missing\"},{\"sequence\":3,\"what\":\"torn\"}]");
    assertThat(shown.result().at("/champion/sequence").longValue()).isEqualTo(1);
  }

  @Test
  void listsModelsWithTheirChampions() {
    Cli cli = run("", "models");

    assertThat(cli.exitCode()).isZero();
    JsonNode model = cli.result().at("/models/0");
    assertThat(model.get("model").textValue()).isEqualTo("bikeshare");
    assertThat(model.get("champion").textValue()).isEqualTo(digest);
    assertThat(model.get("promotions").intValue()).isEqualTo(1);
    assertThat(cli.err())
        .isEqualTo("bikeshare: champion " + digest + " since 2026-01-01T00:00:00Z\n");
  }

  @Test
  void writesAPageOverAllModelsAgainAndAgain() throws IOException {
    Files.delete(home.resolve("models/bikeshare/runs/run1/1/run.json"));
    for (int i = 0; i < 2; i++) {
      Cli cli = run("", "report");

      assertThat(cli.exitCode()).isZero();
      assertThat(cli.result().get("report").textValue())
          .isEqualTo(home.resolve("report.html").toUri().toString());
      assertThat(Files.readString(home.resolve("report.html")))
          .contains("<h1>Models</h1>", "it beat the dummy", "href=\"models/bikeshare/runs/");
    }
    Path elsewhere = home.resolve("elsewhere.html");
    assertThat(run("", "report", "bikeshare", "--out", elsewhere.toString()).exitCode()).isZero();
    assertThat(Files.readString(elsewhere)).contains("<h1>bikeshare</h1>", "href=\"file:");
    assertThat(run("", "report", "bikeshares").exitCode()).isEqualTo(3);
  }

  @Test
  void showsAModelWithItsProvenance() {
    Cli cli = run("", "models", "bikeshare", "--bundle", digest.substring(0, 6));

    JsonNode result = cli.result();
    assertThat(result.at("/champion/digest").textValue()).isEqualTo(digest);
    assertThat(result.at("/manifest/about/owner").textValue()).isEqualTo("ops");
    assertThat(result.at("/promotions/0/reason").textValue()).isEqualTo("it beat the dummy");
    assertThat(result.at("/runs/0/verdict").textValue()).isEqualTo("PROMOTE");
  }

  @Test
  void namesTheNearestModel() {
    Cli cli = run("", "models", "bikeshares");

    assertThat(cli.exitCode()).isEqualTo(3);
    assertThat(cli.result().get("model").textValue()).isEqualTo("bikeshares");
    assertThat(cli.err())
        .contains("error: there is no model 'bikeshares' below ", "did you mean bikeshare?");
    assertThat(run("", "models", "bikeshare", "--bundle", "zz").err())
        .contains("there is no published bundle 'zz'", digest);
  }

  @Test
  void pullsTheChampionAndScoresWithIt() throws IOException {
    Path served = home.resolve("served");
    Cli pulled = run("", "pull", "bikeshare", served.toString());
    assertThat(pulled.exitCode()).as(pulled.err()).isZero();
    assertThat(pulled.result().at("/bundle/digest").textValue()).isEqualTo(digest);

    Path rows =
        Files.writeString(home.resolve("rows.csv"), "hr,note\r\n3,\"a,\"\"b\"\r\n30,\n,x\n");
    Path result = home.resolve("result.json");
    Cli scored =
        Cli.run(
            "score", "--bundle", served.toString(), rows.toString(), "--result", result.toString());

    assertThat(scored.exitCode()).as(scored.err()).isZero();
    List<JsonNode> lines = scored.out().lines().map(Cli::json).toList();
    assertThat(lines).extracting(l -> l.get("line").intValue()).containsExactly(2, 3, 4);
    assertThat(lines)
        .extracting(l -> l.get("prediction").doubleValue())
        .containsExactly(10.0, 90.0, 90.0);
    assertThat(lines).extracting(l -> l.get("outside").size()).containsExactly(0, 1, 1);
    assertThat(Cli.json(Files.readString(result)).get("rows").intValue()).isEqualTo(3);
  }

  @Test
  @Timeout(60)
  void keepsPullingUntilItIsStopped() throws Exception {
    Path served = home.resolve("served");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console =
        new Console(
            InputStream.nullInputStream(),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Map.of(),
            Clock.systemUTC(),
            () -> 0);
    String[] args = {
      "pull", "bikeshare", served.toString(), "--home", home.toString(), "--every", "1"
    };
    int[] exitCode = {-1};
    Thread pull =
        new Thread(() -> exitCode[0] = Reforest.run(args, console, ServingCommandsTest::noSpark));
    pull.start();
    await(err, "promotion 1 is in " + served + "\n");
    assertThat(new PromotionLog(store()).append(promotion(2))).isTrue();
    await(err, "promotion 1 is in " + served + "\npromotion 2 is in " + served + "\n");
    pull.interrupt();
    pull.join();

    assertThat(exitCode[0]).isZero();
    JsonNode result = Cli.json(out.toString(StandardCharsets.UTF_8));
    assertThat(result.at("/champion/sequence").intValue()).isEqualTo(2);
    assertThat(run("", "pull", "bikeshare", "x", "--every", "0").err())
        .contains("--every must be at least 1 second, got 0");
  }

  private static JobRunner noSpark() {
    throw new AssertionError("Spark was asked for");
  }

  private static void await(ByteArrayOutputStream told, String text) throws Exception {
    while (!told.toString(StandardCharsets.UTF_8).equals(text)) {
      Thread.sleep(5);
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "[{\"hr\": 8},\\n{\"hr\": 9}] | the JSON lines input is one array | jq -c '.[]'",
        "{\\n \"hr\": 8\\n} | begins with an object that goes on in the next line | jq -c",
        "{\"hr\": 3}\\n{\"hr\": | in line 2: line 2 of the JSON lines input is no JSON: it ends within an object, list or text\\n | correct",
        "{\"hr\": 3}\\n{\"hr\": Nan} | is no JSON: Unrecognized token 'Nan'\\n | correct those rows",
        "{\"hr\": Infinit} | is no JSON: Unrecognized token 'Infinit'\\n | correct those rows",
      })
  void refusesJsonInWordsThatNameNothingOfTheParser(String rows, String message, String hint) {
    Cli cli = run(rows.replace("\\n", "\n"), "score", "--model", "bikeshare");

    assertThat(cli.exitCode()).isEqualTo(3);
    assertThat(cli.err())
        .contains(message.replace("\\n", "\n"), "hint: ", hint)
        .doesNotContain("REDACTED", "Feature", "\tat ");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "UTF-16 | a,hr\\n1,3\\n | rows.csv is not UTF-8 | iconv",
        "UTF-16LE | hr\\n3\\n | is not UTF-8; it seems to be UTF-16 | iconv",
        "ISO-8859-1 | é,hr\\n1,3\\n | rows.csv is not UTF-8 | iconv",
        "UTF-8 | a;hr\\n1;3\\n | no column of | where ; separates the cells, name",
        "UTF-8 | a\\thr\\n1\\t3\\n | no column of | where tabs separate the cells, name",
      })
  void saysHowACsvWouldHaveToBeWritten(String encoding, String rows, String message, String hint)
      throws IOException {
    Path file = home.resolve("rows.csv");
    Files.writeString(
        file, rows.replace("\\n", "\n").replace("\\t", "\t"), Charset.forName(encoding));

    Cli cli = run("", "score", "--model", "bikeshare", file.toString());

    assertThat(cli.exitCode()).isEqualTo(3);
    assertThat(cli.err()).contains(message, "hint: ", hint).doesNotContain("\tat ");
  }

  @Test
  void scoresJsonLinesFromStdinAndReportsRowsThatItCannot() {
    Cli cli =
        run(
            "{\"hr\": 3}\n\n{\"hr\": \"noon\"}\nhr 4\n{\"hr\": [1]}\n{}\n",
            "score",
            "--model",
            "bikeshare");

    assertThat(cli.exitCode()).isEqualTo(3);
    List<JsonNode> lines = cli.out().lines().map(Cli::json).toList();
    assertThat(lines).extracting(l -> l.get("line").intValue()).containsExactly(1, 3, 4, 5, 6);
    assertThat(lines)
        .extracting(l -> l.has("error"))
        .containsExactly(false, true, true, true, false);
    assertThat(cli.err()).contains("error: 3 of 5 rows cannot be scored; the first is in line 3: ");
  }

  @Test
  void repeatsColumnsOfTheRowsBesideTheirPredictions() throws IOException {
    Path rows =
        Files.writeString(
            home.resolve("rows.csv"), "id,hr,note\n7,3,\"a, \"\"b\"\"\"\n8,noon,\n9,20,x\n");
    String[] with = {"--model", "bikeshare", "--with", "id,note", rows.toString()};
    String[] asCsv =
        Stream.concat(Stream.of(with), Stream.of("--output=csv")).toArray(String[]::new);

    Cli lines = run("", "score", with);
    Cli csv = run("", "score", asCsv);

    assertThat(lines.out().lines().map(Cli::json).map(line -> line.path("id").textValue()))
        .containsExactly("7", "8", "9");
    assertThat(lines.out().lines().map(Cli::json).toList().get(0).toString())
        .startsWith("{\"line\":2,\"id\":\"7\",\"note\":\"a, \\\"b\\\"\",\"prediction\":10.0,");
    assertThat(csv.exitCode()).isEqualTo(3);
    assertThat(csv.out().lines().toList())
        .startsWith("line,id,note,prediction,outside,error", "2,7,\"a, \"\"b\"\"\",10.0,,")
        .element(2)
        .asString()
        .startsWith("3,8,,,,");
  }

  /** Of 8 training rows 2 came to hr up to 6: 70 on average. */
  private void publishWithCounts() {
    publish(
        2,
        PMML.replace("id=\"0\"", "id=\"0\" recordCount=\"8\"")
            .replace("score=\"10\"", "score=\"10\" recordCount=\"2\"")
            .replace("score=\"90\"", "score=\"90\" recordCount=\"6\""));
  }

  @ParameterizedTest
  @CsvSource({"--explain,3,ROWS", "ROWS,--explain,-", "--explain=3,ROWS,-", "--explain,ROWS,-"})
  void explainsPredictionsByTheirStrongestReasons(String first, String second, String third)
      throws IOException {
    publishWithCounts();
    Path rows = Files.writeString(home.resolve("rows.csv"), "hr\n3\nnoon\n\"\"\n");
    String[] args =
        Stream.of("--model", "bikeshare", first, second, third)
            .filter(arg -> !arg.equals("-"))
            .map(arg -> arg.equals("ROWS") ? rows.toString() : arg)
            .toArray(String[]::new);

    Cli cli = run("", "score", args);

    assertThat(cli.exitCode()).isEqualTo(3);
    List<JsonNode> lines = cli.out().lines().map(Cli::json).toList();
    assertThat(lines)
        .extracting(line -> rounded(line.path("explanation").toString()))
        .containsExactly(
            "{\"way\":\"path-dependent\",\"scale\":\"value\",\"base\":70.0,\"result\":10.0,\"reasons\":[{\"feature\":\"hr\","
                + "\"value\":3.0,\"contribution\":-60.0,\"min\":0.0,\"max\":23.0}],\"rest\":0.0}",
            "",
            "{\"way\":\"path-dependent\",\"scale\":\"value\",\"base\":70.0,\"result\":90.0,\"reasons\":[{\"feature\":\"hr\","
                + "\"value\":null,\"contribution\":20.0,\"min\":0.0,\"max\":23.0}],\"rest\":0.0}");
  }

  /** Without what rounding leaves in the last digits of a double. */
  private static String rounded(String text) {
    return text.replaceAll("([.]0)0{9,}[0-9]*", "$1");
  }

  @Test
  void explainsInColumnsOfCsv() throws IOException {
    publishWithCounts();
    Path rows = Files.writeString(home.resolve("rows.csv"), "hr\n3\nnoon\n");

    Cli cli = run("", "score", "--model=bikeshare", "--explain=2", "--output=csv", rows.toString());

    assertThat(cli.out().lines().map(ServingCommandsTest::rounded).toList())
        .startsWith(
            "line,prediction,outside,base,result,reason 1,value 1,contribution 1,min 1,max 1,"
                + "reason 2,value 2,contribution 2,min 2,max 2,error",
            "2,10.0,,70.0,10.0,hr,3.0,-60.0,0.0,23.0,,,,,,")
        .element(2)
        .asString()
        .startsWith("3,,,,,,,,,,,,,,,\"hr takes a number");
  }

  @Test
  void explainsByTheRowsThatTheBundleBringsAlong() {
    Bundle published = Bundle.read(store(), "bundles/" + digest);
    Manifest plain = published.manifest();
    byte[] background =
        Background.of(plain.inputs(), List.of(new double[] {3}, new double[] {20})).toJson();
    Manifest manifest =
        new Manifest(
            plain.model(),
            plain.task(),
            plain.label(),
            plain.classes(),
            plain.inputs(),
            List.of(Manifest.FileEntry.of(Bundle.BACKGROUND, background), plain.files().get(0)),
            plain.provenance(),
            plain.about());
    Path bundle = home.resolve("with-background");
    Bundle.write(
        new LocalStore(bundle),
        "",
        manifest,
        Map.of(Bundle.MODEL, published.file(Bundle.MODEL), Bundle.BACKGROUND, background));

    Cli cli = run("{\"hr\": 3}\n", "score", "--bundle=" + bundle, "--explain=3", "--background");
    Cli none = run("{\"hr\": 3}\n", "score", "--model=bikeshare", "--explain=3", "--background");
    Cli alone = run("{\"hr\": 3}\n", "score", "--model=bikeshare", "--background");

    assertThat(rounded(Cli.json(cli.out()).path("explanation").toString()))
        .isEqualTo(
            "{\"way\":\"interventional\",\"scale\":\"value\",\"base\":50.0,\"result\":10.0,"
                + "\"reasons\":[{\"feature\":\"hr\",\"value\":3.0,\"contribution\":-40.0,"
                + "\"min\":0.0,\"max\":23.0}],\"rest\":0.0}");
    assertThat(none.exitCode()).isEqualTo(3);
    assertThat(none.err())
        .contains(
            "error: the bundle of model 'bikeshare' cannot explain by background rows: it has none",
            "hint: explain by the rows of its trees' nodes; or set export.background-rows above 0");
    assertThat(alone.exitCode()).isEqualTo(2);
    assertThat(alone.err()).contains("--background says how to explain; add --explain");
  }

  @Test
  void saysThatABundleWithoutCountsScoresButCannotExplain() {
    Cli scored = run("{\"hr\": 3}\n", "score", "--model", "bikeshare");
    Cli refused = run("{\"hr\": 3}\n", "score", "--model", "bikeshare", "--explain");
    Cli none = run("{\"hr\": 3}\n", "score", "--model", "bikeshare", "--explain", "0");

    assertThat(scored.exitCode()).isZero();
    assertThat(refused.exitCode()).isEqualTo(3);
    assertThat(refused.out()).isEmpty();
    assertThat(refused.err())
        .contains("error: the bundle of model 'bikeshare' cannot explain: ", "hint: retrain");
    assertThat(none.exitCode()).isEqualTo(2);
    assertThat(none.err()).contains("--explain must be at least 1, got 0");
  }

  @Test
  void namesTheColumnsThatThereAreWhenOneToRepeatIsUnknown() throws IOException {
    Path rows = Files.writeString(home.resolve("rows.csv"), "id,hr\n7,3\n");

    Cli csv = run("", "score", "--model", "bikeshare", "--with", "key", rows.toString());
    Cli json = run("{\"id\": 7, \"hr\": 3}\n", "score", "--model", "bikeshare", "--with", "key");
    Cli taken = run("", "score", "--model", "bikeshare", "--with", "line", rows.toString());

    assertThat(List.of(csv.exitCode(), json.exitCode(), taken.exitCode())).containsOnly(2);
    assertThat(csv.out() + json.out()).isEmpty();
    assertThat(csv.err()).contains("has no column key to pass on\nhint: it has id, hr\n");
    assertThat(json.err()).contains("- has no column key to pass on\nhint: it has id, hr\n");
    assertThat(taken.err()).contains("a column 'line' of the input would hide");
  }

  @Test
  void refusesCsvThatHasNothingForTheModel() throws IOException {
    Path rows = Files.writeString(home.resolve("rows.csv"), "hrs,temp\n3,4\n");

    Cli cli = run("", "score", "--model", "bikeshare", rows.toString());

    assertThat(cli.exitCode()).isEqualTo(3);
    assertThat(cli.err())
        .contains(
            "no column of " + rows + " is an input of the model; did you mean 'hr' for 'hrs'?");
    assertThat(cli.out()).isEmpty();
  }

  @Test
  void reachesAHomeThatOnlyTheSettingsOfTheCommandLineLeadTo() throws IOException {
    Files.createDirectories(home.resolve("out"));
    String mounted = "viewfs://serving/";
    String[] spark = {
      "--spark",
      "spark.hadoop.fs.viewfs.mounttable.serving.link./models=" + home.resolve("models").toUri(),
      "--spark",
      "spark.hadoop.fs.viewfs.mounttable.serving.link./out=" + home.resolve("out").toUri(),
    };

    Cli models = mounted(spark, "models", "--result", mounted + "out/models.json");
    assertThat(models.exitCode()).as(models.err()).isZero();
    assertThat(models.result().at("/models/0/champion").textValue()).isEqualTo(digest);
    assertThat(Files.readString(home.resolve("out/models.json"))).isEqualTo(models.out());

    Cli refused = mounted(spark, "models", "--bundel", "--result", mounted + "out/refused.json");
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(Files.readString(home.resolve("out/refused.json"))).isEqualTo(refused.out());

    Cli scored = mounted(spark, "score", "--model", "bikeshare");
    assertThat(scored.exitCode()).as(scored.err()).isZero();
    Cli pulled = mounted(spark, "pull", "bikeshare", home + "/served");
    assertThat(pulled.exitCode()).as(pulled.err()).isZero();
    assertThat(pulled.result().at("/bundle/digest").textValue()).isEqualTo(digest);
  }

  private static Cli mounted(String[] spark, String command, String... more) {
    List<String> args = new ArrayList<>(List.of(command, "--home", "viewfs://serving/"));
    args.addAll(List.of(spark));
    args.addAll(List.of(more));
    return Cli.run(
        () -> {
          throw new AssertionError("Spark was asked for");
        },
        "{}\n",
        args.toArray(String[]::new));
  }

  @Test
  void looksBackOnTheRowsOfItsFileAndOnThoseOfEarlierFiles() throws IOException {
    Path bundle = home.resolve("looking");
    Bundle.write(
        new LocalStore(bundle),
        "",
        lookingBack(),
        Map.of(Bundle.MODEL, PMML.getBytes(StandardCharsets.UTF_8)));
    // Out of order, and the first in both.
    Path rows =
        Files.writeString(
            home.resolve("rows.csv"),
            "TS,bikers\n2011-03-01T02:00Z,\n2011-03-01T01:00Z,3\n2011-03-01T00:00Z,7\n");
    Path earlier =
        Files.writeString(
            home.resolve("earlier.jsonl"),
            """
            {"ts": "2011-02-28T23:00:00Z", "bikers": 8}
            {"ts": "2011-03-01T00:00:00Z", "bikers": 7}
            """);

    Cli alone = run("", "score", "--bundle", bundle + "", rows + "");
    assertThat(alone.err())
        .contains(
            "hr is missing in 1 of 3 rows: it is bikers 1h before ts, and no such row was"
                + " observed; --history names files of earlier rows");
    assertThat(alone.out().lines().map(line -> line.replaceFirst(",\"outside.*", "")))
        .containsExactly(
            "{\"line\":2,\"prediction\":10.0",
            "{\"line\":3,\"prediction\":90.0",
            "{\"line\":4,\"prediction\":90.0");
    assertThat(alone.out())
        .contains("hr is missing; the model takes 12. It is bikers 1h before ts.");
    Cli longer =
        run("", "score", "--bundle", bundle.toString(), "--history", earlier + "", rows + "");
    assertThat(longer.err()).isEmpty();
    assertThat(longer.out()).doesNotContain("is missing").contains("90.0");

    Cli streamed = run("{\"ts\": \"2011-03-01\", \"hr\": 2}\n", "score", "--bundle", bundle + "");
    assertThat(streamed.out()).contains("10.0");
    Cli useless =
        run("", "score", "--bundle", bundle + "", "--history", empty("void.jsonl"), rows + "");
    assertThat(useless.exitCode()).isEqualTo(2);
    assertThat(useless.err())
        .contains("void.jsonl adds to what the model looks back on", "bikers, ts");
    Cli broken =
        run("", "score", "--bundle", bundle + "", "--history", broken("odd.jsonl"), rows + "");
    assertThat(broken.exitCode()).isEqualTo(3);
    assertThat(broken.err()).contains("line 1 of", "odd.jsonl: bikers is not of type int: 'many'");
    assertThat(run("{}", "score", "--bundle", bundle + "", "--history", "-").exitCode())
        .isEqualTo(2);
  }

  private String empty(String name) throws IOException {
    return Files.writeString(home.resolve(name), "{\"ts\": \"2011-03-01\"}\n").toString();
  }

  private String broken(String name) throws IOException {
    String row = "{\"ts\": \"2011-03-01\", \"bikers\": \"many\"}\n";
    return Files.writeString(home.resolve(name), row).toString();
  }

  private Manifest lookingBack() {
    Manifest plain = Bundle.read(store(), "bundles/" + digest).manifest();
    Manifest.Input hr = plain.inputs().get(0);
    SeriesField field =
        new SeriesField(
            SeriesField.Take.LAG,
            new SeriesField.Column("bikers", column("int"), Optional.empty()),
            new SeriesField.Column("ts", column("timestamp"), Optional.empty()),
            List.of(),
            List.of(new SeriesField.Column("ts", column("timestamp"), Optional.empty())),
            Duration.ofHours(1),
            Optional.empty());
    Manifest.Input looking =
        new Manifest.Input(
            hr.name(),
            hr.type(),
            Optional.of(ColumnType.DOUBLE),
            Optional.empty(),
            Optional.of(field),
            Optional.empty(),
            hr.unit(),
            hr.categories(),
            hr.missing(),
            hr.min(),
            hr.max());
    return new Manifest(
        plain.model(),
        plain.task(),
        plain.label(),
        plain.classes(),
        List.of(looking),
        plain.files(),
        plain.provenance(),
        plain.about());
  }

  private static ColumnType column(String type) {
    return ColumnType.named(type).orElseThrow();
  }

  @Test
  void refusesABundleThatWasAltered() throws IOException {
    Path model = home.resolve("models/bikeshare/bundles/" + digest + "/model.pmml");
    Files.writeString(model, PMML.replace("90", "91"));

    assertThat(run("{}", "score", "--model", "bikeshare").exitCode()).isEqualTo(3);
    assertThat(run("", "pull", "bikeshare", home + "/p").exitCode()).isEqualTo(3);
    assertThat(run("", "models", "bikeshare").err()).contains("model.pmml has the SHA-256");
  }

  @Test
  void asksForAModelOrABundle() {
    Cli cli = run("", "score");

    assertThat(cli.exitCode()).isEqualTo(2);
    assertThat(cli.err())
        .contains("error: no model is named\nhint: add --model NAME or --conf FILE");
  }

  @Test
  void takesSettingsThatGoBeforeTheFiles() throws IOException {
    String conf = Path.of("..", "conf", "bikeshare.conf").toString();
    Path rows = Files.writeString(home.resolve("rows.json"), "{\"hr\": 5}\n");
    String set = "home=" + home;

    assertThat(Cli.run("models", "--conf", conf, set).out()).contains("\"champion\": null", digest);
    assertThat(Cli.run("models", set).out()).contains(digest);
    assertThat(Cli.run("models", "bikeshare", set).out()).contains("manifest");
    assertThat(Cli.run("pull", "bikeshare", home + "/p", "--conf", conf, set).exitCode()).isZero();
    assertThat(Cli.run("score", rows.toString(), "--conf", conf, set).out()).contains("10");
    assertThat(Cli.run("score", "--conf", conf, set).exitCode()).isZero();
  }

  @Test
  void refusesSettingsOfAConfigurationThatIsNotNamedAndWordsThatAreNone() throws IOException {
    String rows = Files.writeString(home.resolve("day=7.json"), "{\"hr\": 5}\n").toString();

    assertThat(Cli.run("models", "train.seed=7").err())
        .contains("error: 'train.seed=7' changes a configuration, and none is named");
    assertThat(Cli.run("score", "train.seed=7").exitCode()).isEqualTo(2);
    assertThat(Cli.run("models", "bikeshare", "other").err())
        .contains("error: 'other' is one argument too many");
    assertThat(run("", "score", "--model", "bikeshare", rows, rows).err())
        .contains("error: '" + rows + "' changes a configuration");
    assertThat(run("", "score", "--model", "bikeshare", rows).out()).contains("10");
  }
}
