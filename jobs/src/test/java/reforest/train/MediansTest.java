package reforest.train;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reforest.SparkExtension;

@ExtendWith(SparkExtension.class)
class MediansTest {

  @Test
  void findsTheExactMedianWhateverThePartitions(SparkSession spark) {
    List<String> expressions = new ArrayList<>();
    expressions.add("pmod(xxhash64(id), 100003) / 7D AS spread");
    expressions.add("IF(id % 3 = 0, NULL, pmod(xxhash64(id, 1), 9) * 1D) AS tied");
    expressions.add("IF(id % 10 < 6, IF(id % 2 = 0, 0D, -0D), id * 1D) AS zeros");
    expressions.add("IF(id < 4, exp(id), NULL) AS few");
    expressions.add("IF(id % 2 = 0, -1e300, 1e300 + id) AS halves");
    Dataset<Row> rows = spark.range(0, 20_000, 1, 3).selectExpr(expressions.toArray(new String[0]));
    List<Double> exact = new ArrayList<>();
    for (String name : rows.columns()) {
      exact.add(rows.selectExpr("median(" + name + ") + 0D").head().getDouble(0));
    }

    assertThat(medians(rows)).containsExactlyElementsOf(exact);
    assertThat(medians(rows.repartition(7, col("spread")))).containsExactlyElementsOf(exact);
    assertThat(exact.get(3)).isCloseTo((Math.exp(1) + Math.exp(2)) / 2, within(1e-12));
  }

  @Test
  void looksAgainWhereTheMedianLiesElsewhere(SparkSession spark) {
    Dataset<Row> rows = spark.range(1001).selectExpr("id * 1D AS a", "id * 2D AS b");

    double[] medians =
        Medians.of(
            rows, List.of(col("a"), col("b")), List.of(List.of(600.0, 700.0), List.of(1.0, 2.0)));

    assertThat(medians).containsExactly(500, 1000);
  }

  private static List<Double> medians(Dataset<Row> rows) {
    List<Column> values = new ArrayList<>();
    List<Column> around = new ArrayList<>();
    for (String name : rows.columns()) {
      values.add(col(name));
      around.add(Medians.around(col(name)));
    }
    Row found = rows.select(around.toArray(new Column[0])).head();
    List<List<Double>> bounds = new ArrayList<>();
    for (int i = 0; i < found.size(); i++) {
      bounds.add(found.getList(i));
    }
    List<Double> medians = new ArrayList<>();
    for (double one : Medians.of(rows, values, bounds)) {
      medians.add(one);
    }
    return medians;
  }
}
