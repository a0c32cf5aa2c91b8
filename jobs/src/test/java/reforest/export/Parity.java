package reforest.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jpmml.evaluator.Evaluator;
import org.jpmml.evaluator.EvaluatorUtil;
import org.jpmml.evaluator.LoadingModelEvaluatorBuilder;
import org.jspecify.annotations.Nullable;
import reforest.bundle.Bundle;
import reforest.bundle.Manifest.Provenance;
import reforest.bundle.Scorer;
import reforest.export.Export.Exported;
import reforest.train.Fits;
import reforest.train.Trained;

/** Holds MLlib, the bundle's scorer and an independent evaluator to one answer. */
final class Parity {

  private static final double TOLERANCE = 1e-9;

  private Parity() {}

  static List<double[]> mllib(Trained trained, Dataset<Row> vectors) {
    List<double[]> answers = new ArrayList<>();
    for (Row row :
        trained
            .trees()
            .transform(vectors)
            .select(trained.task().isClassification() ? "probability" : "prediction")
            .collectAsList()) {
      answers.add(
          row.get(0) instanceof Vector probabilities
              ? probabilities.toArray()
              : new double[] {row.getDouble(0)});
    }
    return answers;
  }

  /**
   * Asks scorer and evaluator for every row.
   *
   * @param rows by the names of the inputs
   * @param expected what MLlib answers
   */
  static void assertAgree(
      Exported exported,
      Scorer scorer,
      List<Map<String, @Nullable Object>> rows,
      List<double[]> expected)
      throws Exception {
    byte[] pmml = exported.files().get(Bundle.MODEL);
    Evaluator referee =
        new LoadingModelEvaluatorBuilder().load(new ByteArrayInputStream(pmml)).build();
    referee.verify();
    List<String> classes = exported.manifest().classes();
    double[] scored = new double[scorer.outputs()];
    assertThat(expected).hasSameSizeAs(rows);
    for (int i = 0; i < rows.size(); i++) {
      Map<String, @Nullable Object> row = rows.get(i);
      Map<String, ?> judged = referee.evaluate(withoutNaN(row));
      scorer.predict(scorer.encode(row), scored);
      for (int o = 0; o < scored.length; o++) {
        double want = expected.get(i)[o];
        double margin = TOLERANCE * Math.max(1e-6, Math.abs(want));
        Object other =
            classes.isEmpty()
                ? EvaluatorUtil.decode(judged.get(exported.manifest().label()))
                : judged.get(PmmlNames.probability(classes.get(o)));
        assertThat(scored[o]).as("scorer, row %s", row).isCloseTo(want, within(margin));
        assertThat(((Number) other).doubleValue())
            .as("referee, row %s", row)
            .isCloseTo(want, within(margin));
      }
    }
  }

  /** Limits exclude by an estimate, so it must be near to what is written. */
  static void assertSizeIsKnown(Trained trained, Exported exported) {
    double written = exported.manifest().toJson().length;
    for (byte[] file : exported.files().values()) {
      written += file.length;
    }
    assertThat(Fits.bytes(trained))
        .as("estimate of %.0f bytes", written)
        .isCloseTo(written, withinPercentage(5));
  }

  /** PMML has no word for NaN; whoever asks another evaluator leaves such a value out. */
  private static Map<String, @Nullable Object> withoutNaN(Map<String, @Nullable Object> row) {
    Map<String, @Nullable Object> without = new HashMap<>(row);
    without.replaceAll(
        (name, value) -> value instanceof Double number && number.isNaN() ? null : value);
    return without;
  }

  static Provenance provenance() {
    return new Provenance(
        "run",
        "file:///table",
        0,
        "digest",
        "split",
        Optional.empty(),
        "family",
        Map.of(),
        7,
        "revision",
        "configuration",
        Map.of());
  }
}
