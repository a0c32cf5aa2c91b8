package reforest.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Sales of two shops, four times a day for ninety days, beside columns that are broken in all the
 * ways that tables are. Small enough for a retrain in seconds, clear enough that a forest beats the
 * mean.
 */
public final class ShopSales {

  private static final String CONF =
      """
      model = shop
      task = regression
      data {
        source { format = csv, options { header = true } }
        columns = [
          { name = at, type = timestamp }
          { name = shop, type = string }
          { name = kind, type = string }
          { name = price, type = double, min = 0 }
          { name = visitors, type = int, min = 0 }
          { name = sold, type = double }
        ]
        key = [at, shop]
        event-time = at
        label = sold
      }
      windows { protected = 14d, development = 14d }
      features { numeric = [price, visitors], categorical = [kind, shop] }
      train {
        folds = 2
        random-forest { trees = [5], depth = [4] }
        gradient-boosting = null
      }
      gate { worthwhile-gain = 1.0, slice-margin = 2.0 }
      """;

  private ShopSales() {}

  /** The clean columns. */
  public static Dataset<Row> rows(SparkSession spark) {
    return spark
        .range(720)
        .selectExpr(
            "timestamp_seconds(1704067200 + (id div 2) * 21600) as at",
            "if(id % 2 = 0, 'north', 'south') as shop",
            "element_at(array('a', 'b', 'c'), 1 + cast(pmod(xxhash64(id, 'k'), 3) as int)) as kind",
            "5 + pmod(xxhash64(id, 'p'), 1000) / 100.0D as price",
            "cast(pmod(xxhash64(id, 'v'), 100) as int) as visitors",
            "(pmod(xxhash64(id, 'n'), 600) - 300) / 100.0D as noise")
        .selectExpr(
            "at",
            "shop",
            "kind",
            "price",
            "visitors",
            "3 * (15 - price) + 0.5D * visitors + if(kind = 'a', 8, 0) + noise as sold");
  }

  /** A model of the clean columns, without any rows as yet. */
  public static OneModelHome desk(SparkSession spark, Path folder) {
    return OneModelHome.of(
        spark,
        folder,
        "shop",
        CONF.replace("model = shop\n", "")
            .replace("format = csv, options { header = true }", "format = parquet"));
  }

  /** Writes a configuration for the clean columns and more of them. */
  public static Path conf(Path folder, String... columns) {
    String declared = String.join("\n    ", columns);
    String text =
        CONF.replace(
            "{ name = sold, type = double }", "{ name = sold, type = double }\n    " + declared);
    return write(folder.resolve("shop.conf"), text);
  }

  /** Writes rows as one CSV file with a header. */
  public static Path csv(Dataset<Row> rows, Path file) {
    StringBuilder text = new StringBuilder(String.join(",", rows.columns())).append('\n');
    List<String> lines =
        rows
            .selectExpr("to_csv(struct(*), map('timestampFormat', \"yyyy-MM-dd'T'HH:mm:ss'Z'\"))")
            .collectAsList()
            .stream()
            .map(row -> row.getString(0))
            .toList();
    lines.forEach(line -> text.append(line).append('\n'));
    return write(file, text.toString());
  }

  private static Path write(Path file, String text) {
    try {
      Files.createDirectories(file.getParent());
      return Files.writeString(file, text, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
