package reforest.it;

import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import reforest.testing.OneModelHome;
import reforest.testing.ParcelDeliveries;
import reforest.testing.SparkExtension;

/** Another writer changes the home's own table, past every check of an ingest. */
@ExtendWith(SparkExtension.class)
class ForeignRowsIT {

  @TempDir private Path folder;
  private SparkSession spark;
  private OneModelHome desk;

  @BeforeEach
  void ingest(SparkSession session) {
    spark = session;
    desk = ParcelDeliveries.desk(spark, folder);
  }

  @Test
  void refusesRowsThatComeTwiceAndGoesOnOnceTheyAreTakenOut() {
    JsonNode before = desk.run("retrain").succeeded().result();
    append(ParcelDeliveries.rows(spark).where("id in (7, 9)"));
    append(ParcelDeliveries.rows(spark).where("id = 9").withColumn("minutes", expr("minutes + 1")));

    desk.run("retrain", "--publish")
        .failed(3, "2 keys stand in more than one row, for example {id=7} {id=9}")
        .hinting("reforest restore", "reforest remove");
    assertThat(desk.home().resolve("models/parcels/promotions")).doesNotExist();
    refusedToIngest(ParcelDeliveries.rows(spark), "3 rows of version 3 of ");
    refusedToIngest(
        ParcelDeliveries.rows(spark).withColumn("minutes", expr("minutes + 1")),
        "3 rows of version 3 of ");
    refusedToIngest(ParcelDeliveries.rows(spark).where("id = 9"), "2 rows of version 3 of ");

    desk.run("remove", "--key", "id=7", "--reason", "came twice").succeeded();
    desk.run("remove", "--key", "id=9", "--reason", "came thrice").succeeded();
    desk.ingest(ParcelDeliveries.rows(spark));
    JsonNode after = desk.run("retrain").succeeded().result();
    String rmse = "/metrics/challenger.rmse/value";
    assertThat(after.at(rmse).doubleValue()).isCloseTo(before.at(rmse).doubleValue(), within(1e-9));
  }

  @Test
  void refusesRowsWithoutAKeyWhichAreOneKeyToAll() {
    append(
        ParcelDeliveries.rows(spark)
            .where("id < 3")
            .withColumn("id", expr("cast(null as bigint)")));

    desk.run("retrain").failed(3, "1 key stands in more than one row, for example {id=null}");
    desk.run("restore", "--data-version", "1", "--reason", "rows without a key").succeeded();
    desk.run("retrain").succeeded();
  }

  private void append(Dataset<Row> rows) {
    rows.write()
        .format("delta")
        .mode("append")
        .save(desk.home().resolve("data/parcels/table").toString());
  }

  private void refusedToIngest(Dataset<Row> rows, String message) {
    String source = folder.resolve("again").toString();
    rows.coalesce(1).write().mode("overwrite").parquet(source);
    desk.run("ingest", "--source", source).failed(3, message, "have the key of another row there");
  }
}
