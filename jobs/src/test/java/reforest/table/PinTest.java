package reforest.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;
import reforest.config.DataConfig;
import reforest.ingest.Contracts;
import reforest.testing.Datasets;
import reforest.testing.SparkExtension;

@ExtendWith(SparkExtension.class)
class PinTest {

  @TempDir Path folder;
  private SparkSession spark;

  @BeforeEach
  void session(SparkSession session) {
    spark = session;
  }

  @Test
  void readsTheSameRowsAfterNewOnesCame() {
    append("SELECT 1 AS id, 2.5D AS x");
    Snapshot first = pin().newest();
    append("SELECT 2 AS id, CAST(NULL AS DOUBLE) AS x");

    assertThat(first.version()).isZero();
    assertThat(first.rows()).isEqualTo(1);
    assertThat(first.schema()).isEqualTo("id INT,x DOUBLE");
    assertThat(first.read(spark).count()).isEqualTo(1);
    assertThat(pin().version(0)).isEqualTo(first);
    assertThat(pin().newest().version()).isEqualTo(1);
    assertThat(pin().asOf(first.committedAt())).isEqualTo(first);
    assertThat(pin().asOf(Instant.now().plusSeconds(60)).version()).isEqualTo(1);
  }

  @Test
  void hasADigestThatKnowsRowsButNotTheirOrderOrFiles() {
    append("SELECT * FROM VALUES (1, 'a'), (2, NULL), (3, 'c') AS t(n, c)");
    String together = pin().newest().digest();
    append("SELECT 1 AS n, 'a' AS c");
    String withOneTwice = pin().newest().digest();

    assertThat(
            digest(
                "SELECT * FROM VALUES (3, 'c') AS t(n, c)",
                "SELECT * FROM VALUES (2, NULL), (1, 'a') AS t(n, c)"))
        .isEqualTo(together);
    assertThat(withOneTwice).isNotEqualTo(together);
    assertThat(digest("SELECT * FROM VALUES (1, 'a'), (2, 'c'), (3, NULL) AS t(n, c)"))
        .isNotEqualTo(together);
    assertThat(digest("SELECT CAST(NULL AS INT) AS a, 5 AS b"))
        .isNotEqualTo(digest("SELECT 5 AS a, CAST(NULL AS INT) AS b"));
  }

  @Test
  void saysThatThereIsNoTable() {
    assertError(
        () -> pin().newest(), "there is no Delta table at file:" + path(), "reforest ingest");
  }

  @Test
  void saysWhichVersionsThereAre() {
    append("SELECT 1 AS id");
    append("SELECT 2 AS id");

    assertError(
        () -> pin().version(7),
        "version 7 of file:" + path() + "/ does not exist: versions 0 to 1 can",
        "the newest");
    assertError(
        () -> pin().asOf(Instant.parse("2001-01-01T00:00:00Z")),
        "has no version as old as 2001-01-01T00:00:00Z: its oldest is version 0 of ",
        "later time");
  }

  @Test
  void findsBeforeTrainingThatVacuumTookFiles() {
    append("SELECT 1 AS id");
    spark
        .range(2)
        .selectExpr("CAST(id AS INT) AS id")
        .write()
        .format("delta")
        .mode("overwrite")
        .save(path());
    boolean checked =
        Boolean.parseBoolean(
            spark.conf().get("spark.databricks.delta.retentionDurationCheck.enabled", "true"));
    spark.conf().set("spark.databricks.delta.retentionDurationCheck.enabled", "false");
    try {
      spark.sql("VACUUM delta.`" + path() + "` RETAIN 0 HOURS");
    } finally {
      spark.conf().set("spark.databricks.delta.retentionDurationCheck.enabled", checked);
    }

    assertError(
        () -> pin().version(0),
        "cannot be read any more: 1 of its 1 data files are gone or cut off, probably by VACUUM;"
            + " versions 1 to 3 can be read",
        "use a version that is whole");
    assertError(() -> restore(0, "undo"), "cannot be read any more", "a version that is whole");
    assertThat(pin().version(1).rows()).isEqualTo(2);
  }

  @Test
  void restoresAnOldVersionAsANewOneThatSaysWhy() {
    append("SELECT 1 AS id");
    append("SELECT 2 AS id");

    Restore.Result result = restore(0, "the second load was of another city");

    assertThat(result.versionBefore()).isEqualTo(1);
    assertThat(result.restored()).isZero();
    Datasets.assertSameRows(spark.sql("SELECT 1 AS id"), pin().newest().read(spark));
    List<Row> why =
        new Table(spark, folder.resolve("table").toUri())
            .delta()
            .history()
            .where("version = 2")
            .select("operation", "userMetadata")
            .collectAsList();
    assertThat(why.get(0).mkString(": ")).isEqualTo("RESTORE: the second load was of another city");
    assertThat(spark.conf().getOption("spark.databricks.delta.commitInfo.userMetadata").isEmpty())
        .isTrue();
  }

  @Test
  void refusesToRestoreWithoutReasonOrWhatIsNotThere() {
    append("SELECT 1 AS id");

    assertError(() -> restore(0, " "), Kind.ARGUMENTS, "a restore needs a reason", "--reason");
    assertError(
        () -> restore(0, "why"), Kind.ARGUMENTS, "version 0 is the newest already", "older one");
    assertError(() -> restore(5, "why"), "does not exist: versions 0 to 0 can be read", "newest");
  }

  @Test
  void readsTablesWhosePathHoldsSpaces() throws IOException {
    Path odd = Files.createDirectory(folder.resolve("a b%20`c"));
    spark.sql("SELECT 1 AS id").write().format("delta").save(odd.resolve("t").toString());

    assertThat(new Pin(spark, odd.resolve("t").toUri()).newest().read(spark).count()).isEqualTo(1);
  }

  private String digest(String... parts) {
    Path other = folder.resolve("digest" + parts[0].hashCode() + parts.length);
    for (String part : parts) {
      Dataset<Row> rows = spark.sql(part);
      rows.repartition(2).write().format("delta").mode("append").save(other.toString());
    }
    return new Pin(spark, other.toUri()).newest().digest();
  }

  private Restore.Result restore(long version, String reason) {
    DataConfig data = Contracts.csv("unused", 0, "id", Contracts.column("id", "int"));
    return new Restore(spark, data, folder.resolve("table").toUri()).execute(version, reason);
  }

  private void assertError(Runnable step, String message, String hint) {
    assertError(step, Kind.DATA, message, hint);
  }

  private static void assertError(Runnable step, Kind kind, String message, String hint) {
    assertThatThrownBy(step::run)
        .isInstanceOfSatisfying(
            ReforestException.class,
            e -> {
              assertThat(e).hasMessageContaining(message);
              assertThat(e.hint()).contains(hint);
              assertThat(e.kind()).isEqualTo(kind);
            });
  }

  private void append(String sql) {
    spark.sql(sql).write().format("delta").mode("append").save(path());
  }

  private String path() {
    return folder.resolve("table").toString();
  }

  private Pin pin() {
    return new Pin(spark, folder.resolve("table").toUri());
  }
}
