package reforest.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reforest.gate.StoreLedger;
import reforest.testing.CommandResult;
import reforest.testing.OneModelHome;
import reforest.testing.ShopSales;
import reforest.testing.SparkExtension;
import scala.Option;

/** Files of Delta tables that were cut off, altered or taken away after they were written. */
@ExtendWith(SparkExtension.class)
class BrokenTablesIT {

  private static final String TABLE = "data/shop/table";
  private static final String RETENTION_CHECK =
      "spark.databricks.delta.retentionDurationCheck.enabled";

  @TempDir private static Path before;

  /** Three versions of a table: a row, all rows, and all rows with another label. */
  private static OneModelHome written;

  /** The rows of the second version. */
  private static Path source;

  @TempDir private Path folder;

  @BeforeAll
  static void writeThreeVersions(SparkSession spark) {
    written = ShopSales.desk(spark, before);
    source = before.resolve("source");
    ShopSales.rows(spark).coalesce(1).write().parquet(source.toString());
    String table = written.home().resolve(TABLE).toString();
    ShopSales.rows(spark).limit(1).write().format("delta").save(table);
    for (int added = 0; added < 2; added++) {
      ShopSales.rows(spark)
          .selectExpr("at", "shop", "kind", "price", "visitors", "sold + " + added + " as sold")
          .coalesce(1)
          .write()
          .format("delta")
          .mode("overwrite")
          .save(table);
    }
  }

  /** What happens to a table, and the words that name it. */
  private enum Damage {
    NEWEST_COMMIT_CUT("_delta_log/00000000000000000002.json", "moved away instead") {
      @Override
      void to(Path table) {
        cut(commit(table, 2));
      }
    },
    NEWEST_COMMIT_EMPTY("00000000000000000002.json is empty", "moved away instead") {
      @Override
      void to(Path table) {
        write(commit(table, 2), new byte[0]);
      }
    },
    OLD_COMMIT_GARBLED("_delta_log/00000000000000000001.json", "from a backup") {
      @Override
      void to(Path table) {
        write(commit(table, 1), new byte[] {0, 1, 2, '{', '\n'});
      }
    },
    OLD_COMMIT_GONE("00000000000000000001.json is gone, and later", "from a backup") {
      @Override
      void to(Path table) {
        remove(commit(table, 1));
      }
    },
    FIRST_COMMIT_GONE("00000000000000000000.json is gone, and later", "from a backup") {
      @Override
      void to(Path table) {
        remove(commit(table, 0));
      }
    },
    CHECKPOINT_CUT("_delta_log/00000000000000000002.checkpoint.parquet", "from a backup") {
      @Override
      void to(Path table) {
        DeltaLog log = DeltaLog.forTable(written.spark(), table.toString());
        log.checkpoint(log.unsafeVolatileSnapshot(), Option.empty());
        DeltaLog.clearCache();
        cut(table.resolve("_delta_log/00000000000000000002.checkpoint.parquet"));
      }
    },
    DATA_FILE_CUT("1 of its 1 data files are gone or cut off", "restore the files") {
      @Override
      void to(Path table) {
        cut(newestDataFile(table));
      }
    },
    DATA_FILE_GONE("version 1 is the newest that can be read", "restore the files") {
      @Override
      void to(Path table) {
        remove(newestDataFile(table));
      }
    },
    ONE_BIT_OF_DATA_FLIPPED("CRC checksum verification failed", "'reforest restore'") {
      @Override
      void to(Path table) {
        byte[] bytes = read(newestDataFile(table));
        bytes[bytes.length / 3] ^= 1;
        write(newestDataFile(table), bytes);
      }
    };

    private final String message;
    private final String hint;

    Damage(String message, String hint) {
      this.message = message;
      this.hint = hint;
    }

    abstract void to(Path table);
  }

  @ParameterizedTest
  @EnumSource
  void namesTheFileBeforeAnythingIsWritten(Damage damage) throws IOException {
    OneModelHome desk = written.copiedTo(folder);
    damage.to(desk.home().resolve(TABLE));
    List<Path> files = files(desk.home());

    desk.run("retrain", "--publish").failed(3, damage.message).hinting(damage.hint);
    desk.run("ingest", "--source", source.toString()).failed(3, TABLE).hinting("from a backup");

    // Only who reads all rows finds a flipped bit; the retention may be lengthened before.
    if (damage != Damage.ONE_BIT_OF_DATA_FLIPPED) {
      assertThat(files(desk.home())).isEqualTo(files);
    }
  }

  @Test
  void spendsNoTryOnAVersionThatWasVacuumedWhileItTrained(SparkSession spark) {
    OneModelHome desk = written.copiedTo(folder);

    desk.watched(
            line -> {
              if (line.contains("] export  ")) {
                deleteAndVacuum(spark, desk.home().resolve(TABLE));
              }
            },
            "retrain",
            "--publish")
        .failed(3, "version 2 of", "cannot be read any more", "versions 3 to 5 can be read")
        .hinting("use a version that is whole");

    assertThat(new StoreLedger(desk.store()).all()).isEmpty();
    assertThat(desk.store().list("promotions")).isEmpty();
    for (String command : List.of("retrain", "restore")) {
      List<String> args = new ArrayList<>(List.of("--data-version", "1"));
      if (command.equals("restore")) {
        args.addAll(List.of("--reason", "too many rows"));
      }
      desk.run(command, args.toArray(String[]::new))
          .failed(3, "version 1 of", "versions 3 to 5 can be read");
    }
    assertThat(new StoreLedger(desk.store()).all()).isEmpty();
  }

  @Test
  void derivesABrokenRegistryAgainAndNeverTakesALostLogForANewTable(SparkSession spark)
      throws IOException {
    OneModelHome desk = written.copiedTo(folder);
    desk.run("retrain", "--publish").succeeded();
    Path runs = desk.home().resolve("registry/runs");
    cut(commit(runs, 1));
    // A process of its own would not remember the log.
    DeltaLog.clearCache();

    JsonNode again = desk.run("retrain", "--publish").succeeded().result();
    assertThat(again.path("recorded").booleanValue()).isTrue();
    assertThat(again.path("reasons").toString())
        .contains("the registry could not be brought up to date (cannot read ")
        .contains("registry/runs/_delta_log/00000000000000000001.json")
        .doesNotContain("Exception");
    assertThat(desk.shown().at("/champion/sequence").longValue()).isEqualTo(1);
    desk.run("repair")
        .failed(3, "the registry is broken: cannot read ", "00000000000000000001.json")
        .hinting("move that table's folder", "derives the table anew");
    Files.move(runs, folder.resolve("broken"));
    DeltaLog.clearCache();
    desk.run("repair").succeeded();
    assertThat(spark.read().format("delta").load(runs.toString()).count()).isEqualTo(1);

    Path table = desk.home().resolve(TABLE);
    Files.move(table.resolve("_delta_log"), folder.resolve("log"));
    DeltaLog.clearCache();
    desk.run("ingest", "--source", source.toString())
        .failed(3, "the log of ", "is gone: data files lie there")
        .hinting("put the log's folder back", "move the table's folder away");
    Files.move(folder.resolve("log"), table.resolve("_delta_log"));
    DeltaLog.clearCache();
    JsonNode back = desk.run("ingest", "--source", source.toString()).succeeded().result();
    assertThat(back.path("updated").longValue()).isEqualTo(720);
  }

  /** As another engine does that keeps nothing of what is not the newest version. */
  private static void deleteAndVacuum(SparkSession spark, Path table) {
    spark.sql("DELETE FROM delta.`" + table + "`");
    String checked = spark.conf().get(RETENTION_CHECK, "true");
    spark.conf().set(RETENTION_CHECK, "false");
    try {
      spark.sql("VACUUM delta.`" + table + "` RETAIN 0 HOURS");
    } finally {
      spark.conf().set(RETENTION_CHECK, checked);
    }
  }

  private static Path commit(Path table, int version) {
    return table.resolve(String.format(Locale.ROOT, "_delta_log/%020d.json", version));
  }

  private static Path newestDataFile(Path table) {
    for (String line :
        new String(read(commit(table, 2)), StandardCharsets.UTF_8).lines().toList()) {
      JsonNode file = CommandResult.json(line).at("/add/path");
      if (file.isTextual()) {
        return table.resolve(file.textValue());
      }
    }
    throw new AssertionError("no file was added to " + table);
  }

  private static List<Path> files(Path home) throws IOException {
    try (Stream<Path> all = Files.walk(home)) {
      return all.sorted().toList();
    }
  }

  private static void cut(Path file) {
    byte[] bytes = read(file);
    write(file, Arrays.copyOf(bytes, bytes.length * 2 / 3));
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Path file, byte[] bytes) {
    try {
      Files.write(file, bytes);
      Files.deleteIfExists(checksum(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void remove(Path file) {
    try {
      Files.delete(file);
      Files.deleteIfExists(checksum(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Hadoop's own, which local files have and others do not. */
  private static Path checksum(Path file) {
    return file.resolveSibling("." + file.getFileName() + ".crc");
  }
}
