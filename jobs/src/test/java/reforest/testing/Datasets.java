package reforest.testing;

import com.holdenkarau.spark.testing.DataframeGenerator;
import com.holdenkarau.spark.testing.JavaDataFrameSuiteBase;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.scalacheck.Gen;
import org.scalacheck.rng.Seed;
import scala.Option;

/**
 * Compares and generates Datasets: the one place that knows spark-testing-base.
 *
 * <p>Of that library only what needs no JUnit 4 engine is used; its suites' life cycle is not,
 * since {@link SparkExtension} owns the session.
 */
public final class Datasets {

  private Datasets() {}

  /** Fails unless both hold the same columns and the same rows as often, in any order. */
  public static void assertSameRows(Dataset<Row> expected, Dataset<Row> actual) {
    new Comparison(expected.sparkSession()).assertDataFrameEquals(plain(expected), plain(actual));
  }

  /** Fails unless both hold the same rows, sorted, numbers within a tolerance. */
  public static void assertNearlyEqual(
      Dataset<Row> expected, Dataset<Row> actual, double tolerance) {
    new Comparison(expected.sparkSession())
        .assertDataFrameApproximateEquals(plain(expected), plain(actual), tolerance);
  }

  /**
   * Sorted, and with every column nullable. The library's own comparison without order joins on
   * equality, so rows that hold a null never meet.
   */
  private static Dataset<Row> plain(Dataset<Row> rows) {
    StructType nullable = new StructType();
    for (StructField field : rows.schema().fields()) {
      nullable = nullable.add(field.name(), field.dataType(), true);
    }
    Column[] all =
        Arrays.stream(rows.columns())
            .map(name -> functions.col("`" + name.replace("`", "``") + "`"))
            .toArray(Column[]::new);
    return rows.sparkSession().createDataFrame(rows.orderBy(all).collectAsList(), nullable);
  }

  /**
   * Arbitrary rows of a schema: extreme values, odd texts and nulls; the same for a seed.
   *
   * <p>Drawn row by row, because the library's generator of whole Datasets picks seeds of its own.
   */
  public static Dataset<Row> arbitrary(SparkSession spark, StructType schema, long seed, int rows) {
    Gen<Row> generator = DataframeGenerator.getRowGenerator(schema);
    List<Row> drawn = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      drawn.add(generator.pureApply(new Size(10), Seed.apply(31 * seed + i), 100));
    }
    return spark.createDataFrame(drawn, schema);
  }

  /** Scalacheck's default parameters have a name that Java cannot call. */
  private static final class Size extends Gen.Parameters {
    private final int size;

    Size(int size) {
      this.size = size;
    }

    @Override
    public int size() {
      return size;
    }

    @Override
    public Option<Seed> initialSeed() {
      return Option.empty();
    }
  }

  /** The library's suite with our session instead of one of its own. */
  private static final class Comparison extends JavaDataFrameSuiteBase {
    private static final long serialVersionUID = 1L;
    private final transient SparkSession session;

    Comparison(SparkSession session) {
      this.session = session;
    }

    @Override
    public SparkSession spark() {
      return session;
    }
  }
}
