package reforest.bench;

import java.io.IOException;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import reforest.cli.Session;

/** What an ingest is held to: Spark reads a CSV file of known columns and writes a Delta table. */
public final class SparkIngest {

  private SparkIngest() {}

  /** Called with the columns as SQL declares them, the file, the table's folder, the told file. */
  public static void main(String[] args) throws IOException {
    try (SparkSession spark = Session.open(Map.of())) {
      spark
          .read()
          .option("header", true)
          .schema(args[0])
          .csv(args[1])
          .write()
          .format("delta")
          .save(args[2]);
      Spark.tell(args[3], Map.of("version", "Spark " + spark.version()));
    }
  }
}
