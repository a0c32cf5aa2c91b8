package reforest.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.regression.GBTRegressionModel;
import org.junit.jupiter.api.Test;
import reforest.train.binned.BinnedRows;
import reforest.train.binned.Binning;
import reforest.train.binned.EnsembleFit;
import reforest.train.binned.GrownTree;
import reforest.train.binned.MllibModels;
import reforest.train.binned.RowsBuilder;
import reforest.train.binned.TreeSettings;

class OnnxTreesTest {

  @Test
  void predictsWithOnnxRuntimeWhatMllibDoes() throws Exception {
    Binning binning =
        Binning.of(List.of(new double[] {0.25, 0.5, 0.75}, new double[] {0.5}), List.of(0, 0));
    RowsBuilder builder = new RowsBuilder(binning, false);
    double[][] rows = new double[200][];
    Random random = new Random(7);
    for (int row = 0; row < rows.length; row++) {
      rows[row] = new double[] {random.nextDouble(), random.nextDouble()};
      builder.add(rows[row][0] * 3 + (rows[row][1] > 0.5 ? rows[row][0] : 0), 1, rows[row]);
    }
    BinnedRows table = BinnedRows.ordered(List.of(builder.build()), 2);
    List<GrownTree> trees =
        EnsembleFit.trees(
            new EnsembleFit.Boosting(
                    new TreeSettings(0, 3, 1, 0, 2, 32, false), false, false, 5, 0.1, 1.0, 7)
                .fit(table, binning, 1),
            3);
    GBTRegressionModel model =
        (GBTRegressionModel) new MllibModels(binning).boosting(trees, 0.1, false);

    Engine.Onnx onnx = new Engine.Onnx(OnnxTrees.of(model), rows);

    for (int row = 0; row < rows.length; row++) {
      assertThat(onnx.one(row)).isCloseTo(model.predict(Vectors.dense(rows[row])), within(1e-5));
    }
  }
}
