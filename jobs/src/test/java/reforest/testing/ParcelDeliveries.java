package reforest.testing;

import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Minutes to deliver 1,600 parcels of 160 couriers: rows without a time that hang together by
 * courier, weights with gaps, and a zone that hardly ever occurs.
 */
public final class ParcelDeliveries {

  static final String CONF =
      """
      task = regression
      data {
        source.format = parquet
        columns = [
          { name = id, type = bigint }
          { name = courier, type = string }
          { name = zone, type = string }
          { name = weight, type = double, unit = kg, min = 0 }
          { name = stops, type = int, min = 0 }
          { name = minutes, type = double }
        ]
        key = [id]
        label = minutes
      }
      windows.groups = [courier]
      features { numeric = [weight, stops], categorical = [zone], min-category-rows = 20 }
      train {
        folds = 2
        random-forest { trees = [3], depth = [3], features = [all] }
        gradient-boosting = null
      }
      evaluate.cluster.columns = [courier]
      gate.worthwhile-gain = 1.0
      """;

  /** Settings of a model that beats the mean and not much else. */
  public static String[] feeble() {
    return new String[] {
      "features.numeric=[stops]", "features.categorical=[]", "train.random-forest.depth=[1]"
    };
  }

  private ParcelDeliveries() {}

  /** A model of these rows, with them ingested. */
  public static OneModelHome desk(SparkSession spark, Path folder) {
    OneModelHome desk = OneModelHome.of(spark, folder, "parcels", CONF);
    desk.ingest(rows(spark));
    return desk;
  }

  public static Dataset<Row> rows(SparkSession spark) {
    return spark
        .range(1_600)
        .selectExpr(
            "id",
            "concat('c', id % 160) as courier",
            "case when id % 320 = 7 then 'island' when pmod(xxhash64(id, 'z'), 3) = 0 then 'hill'"
                + " else 'town' end as zone",
            "if(id % 9 = 4, null, pmod(xxhash64(id, 'w'), 300) / 10.0D) as weight",
            "cast(pmod(xxhash64(id, 's'), 20) as int) as stops",
            "pmod(xxhash64(id % 160, 'c'), 100) / 25.0D + pmod(xxhash64(id, 'n'), 100) / 25.0D as noise")
        .selectExpr(
            "id",
            "courier",
            "zone",
            "weight",
            "stops",
            "20 + 2.0D * stops + 0.5D * coalesce(weight, 15.0D) + if(zone = 'hill', 15, 0) + noise"
                + " as minutes");
  }
}
