package reforest.features;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reforest.testing.SparkExtension;

@ExtendWith(SparkExtension.class)
class MediansTest {

  @Test
  void findsTheExactMedianWhateverThePartitions(SparkSession spark) {
    List<String> expressions = new ArrayList<>();
    expressions.add("pmod(xxhash64(id), 100003) / 7D AS spread");
    expressions.add("IF(id % 3 = 0, NULL, pmod(xxhash64(id, 1), 9) * 1D) AS tied");
    expressions.add("IF(id % 10 < 6, IF(id % 2 = 0, 0D, -0D), id * 1D) AS zeros");
    expressions.add("IF(id < 4, exp(id), NULL) AS few");
    expressions.add("IF(id % 5 = 0, id * 1D, IF(id % 5 < 3, 7D, 8D)) AS heavy");
    expressions.add("IF(id % 2 = 0, -1e300, 1e300 + id) AS halves");
    Dataset<Row> rows =
        spark.range(0, 100_000, 1, 3).selectExpr(expressions.toArray(new String[0]));
    List<Double> exact = new ArrayList<>();
    for (String name : rows.columns()) {
      exact.add(rows.selectExpr("median(" + name + ") + 0D").head().getDouble(0));
    }

    assertThat(medians(rows)).containsExactlyElementsOf(exact);
    assertThat(medians(rows.repartition(7, col("spread")))).containsExactlyElementsOf(exact);
    assertThat(exact.get(3)).isCloseTo((Math.exp(1) + Math.exp(2)) / 2, within(1e-12));
  }

  @Test
  void goesOnToTheLastBitWhereValuesHardlyDiffer(SparkSession spark) {
    List<Double> values = new ArrayList<>();
    double value = 1;
    for (int i = 0; i < 20_000; i++) {
      values.add(value);
      value = Math.nextUp(value);
    }
    values.addAll(Collections.nCopies(20_001, Double.NEGATIVE_INFINITY));
    Collections.shuffle(values, new Random(7));
    Dataset<Row> rows = spark.createDataset(values, Encoders.DOUBLE()).toDF("a");

    assertThat(medians(rows)).containsExactly(Double.NEGATIVE_INFINITY);
    assertThat(medians(rows.where("a > 0")))
        .containsExactly(0.5 * (1 + 9_999 * 0x1p-52) + 0.5 * (1 + 10_000 * 0x1p-52));
    assertThat(medians(rows.where("a < 0 OR a > 1")))
        .as("one more below than above")
        .containsExactly(Double.NEGATIVE_INFINITY);
  }

  @Test
  void givesTheSameMeanInAnyOrder(SparkSession spark) {
    Dataset<Row> rows =
        spark.range(0, 100_000, 1, 3).selectExpr("exp(pmod(xxhash64(id), 40)) AS a");

    double mean = Medians.of(rows, List.of(col("a")), false).get(0).mean();

    assertThat(mean)
        .isCloseTo(rows.selectExpr("avg(a)").head().getDouble(0), withinPercentage(1e-9));
    assertThat(Medians.of(rows.repartition(7, col("a")), List.of(col("a")), false).get(0).mean())
        .isEqualTo(mean);
  }

  @Test
  void summarizesWhatIsThereAndNothingElse(SparkSession spark) {
    Dataset<Row> rows =
        spark
            .range(0, 10, 1, 3)
            .selectExpr("IF(id < 4, id * 1D, NULL) AS some", "CAST(NULL AS DOUBLE) AS none");
    List<Column> columns = List.of(col("some"), col("none"));
    Medians.Summary none = new Medians.Summary(0, Double.NaN, Double.NaN, Double.NaN, Double.NaN);

    assertThat(Medians.of(rows, columns, false))
        .containsExactly(new Medians.Summary(4, 1.5, 0, 3, Double.NaN), none);
    assertThat(Medians.of(rows, columns, true))
        .containsExactly(new Medians.Summary(4, 1.5, 0, 3, 1.5), none);
    assertThat(Medians.of(rows.where("false"), columns, true)).containsExactly(none, none);
  }

  private static List<Double> medians(Dataset<Row> rows) {
    List<Column> columns = new ArrayList<>();
    for (String name : rows.columns()) {
      columns.add(col(name));
    }
    return Medians.of(rows, columns, true).stream().map(Medians.Summary::median).toList();
  }
}
