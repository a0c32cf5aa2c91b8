package reforest.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reforest.config.DataConfig;
import reforest.testing.SparkExtension;

@ExtendWith(SparkExtension.class)
class LookAlikesTest {

  private static final String COMPOSED = "K\u00f6ln";
  private static final String DECOMPOSED = "Ko\u0308ln";

  @Test
  void tellsOfKeysThatLookTheSame(SparkSession spark) {
    DataConfig data = data(Contracts.column("city", "string"), Contracts.column("day", "int"));
    Dataset<Row> rows =
        spark.sql(
            ("SELECT * FROM VALUES ('%s', 1), ('%s', 1), ('%s', 2), ('Bonn', 1), (NULL, 1)"
                    + " AS t(city, day)")
                .formatted(COMPOSED, DECOMPOSED, DECOMPOSED));

    assertThat(rows.where(LookAlikes.mayBe(data, Optional.empty())).count()).isEqualTo(3);
    assertThat(LookAlikes.among(rows, data))
        .hasValueSatisfying(
            text ->
                assertThat(text)
                    .startsWith("1 key stands in the table in two ways")
                    .contains("such as city=" + COMPOSED + ",day=1:", "NFC", "reforest remove"));
    assertThat(LookAlikes.among(rows.where("day = 2"), data)).isEmpty();
  }

  @Test
  void looksAtTextsAlone(SparkSession spark) {
    DataConfig data = data(Contracts.column("id", "bigint"));

    assertThat(spark.range(3).where(LookAlikes.mayBe(data, Optional.empty())).count()).isZero();
  }

  private static DataConfig data(DataConfig.Column... key) {
    DataConfig data = Contracts.csv("unused", 0, "label", key);
    return new DataConfig(
        data.source(),
        data.columns(),
        List.of(key).stream().map(DataConfig.Column::name).toList(),
        data.eventTime(),
        data.label(),
        data.positive(),
        data.derivedFromLabel(),
        data.maxQuarantined(),
        data.history());
  }
}
