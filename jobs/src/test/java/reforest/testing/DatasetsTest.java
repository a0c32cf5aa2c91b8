package reforest.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SparkExtension.class)
class DatasetsTest {

  @Test
  public void findsRowsThatDifferWhateverTheirOrder(SparkSession spark) {
    Dataset<Row> rows = spark.sql("SELECT * FROM VALUES (1, 'a'), (2, 'b'), (2, 'b') AS t(n, c)");
    Dataset<Row> shuffled =
        spark.sql("SELECT * FROM VALUES (2, 'b'), (1, 'a'), (2, 'b') AS t(n, c)");
    Dataset<Row> other = spark.sql("SELECT * FROM VALUES (1, 'a'), (1, 'a'), (2, 'b') AS t(n, c)");

    Datasets.assertSameRows(rows, shuffled);
    assertThatThrownBy(() -> Datasets.assertSameRows(rows, other))
        .isInstanceOf(AssertionError.class);
  }

  @Test
  public void allowsDifferencesWithinTheTolerance(SparkSession spark) {
    Dataset<Row> rows = spark.sql("SELECT 1.0D AS x");
    Dataset<Row> near = spark.sql("SELECT 1.05D AS x");

    Datasets.assertNearlyEqual(rows, near, 0.1);
    assertThatThrownBy(() -> Datasets.assertNearlyEqual(rows, near, 0.01))
        .isInstanceOf(AssertionError.class);
  }

  @Test
  public void generatesTheSameRowsFromTheSameSeed(SparkSession spark) {
    StructType schema =
        new StructType().add("n", DataTypes.DoubleType).add("c", DataTypes.StringType);

    Dataset<Row> once = Datasets.arbitrary(spark, schema, 7, 50);

    assertThat(once.count()).isEqualTo(50);
    assertThat(once.distinct().count()).isGreaterThan(10);
    Datasets.assertSameRows(once, Datasets.arbitrary(spark, schema, 7, 50));
  }
}
