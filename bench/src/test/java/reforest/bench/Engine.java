package reforest.bench;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.regression.GBTRegressionModel;
import org.jpmml.evaluator.Evaluator;
import org.jpmml.evaluator.EvaluatorUtil;
import reforest.bundle.Scorer;

/** Scores one row or many, each engine in the form in which it takes rows. */
interface Engine {

  double one(int row);

  double all();

  /** An engine over the models in a folder. */
  static Engine of(String name, Path folder) throws IOException, OrtException {
    double[][] rows = (double[][]) Models.object(folder.resolve("rows.bin"));
    return switch (name) {
      case "array" -> array(Models.ours(folder), rows);
      case "named" -> named(Models.ours(folder), rows);
      case "mllib" -> mllib((GBTRegressionModel) Models.object(folder.resolve("mllib.bin")), rows);
      case "jpmml" -> jpmml(Models.jpmml(folder), rows);
      case "onnx" -> new Onnx(Files.readAllBytes(folder.resolve("model.onnx")), rows);
      default -> throw new IllegalArgumentException(name);
    };
  }

  /** One row after the other. */
  @FunctionalInterface
  interface Single extends Engine {

    int ROWS = 1000;

    @Override
    default double all() {
      double sum = 0;
      for (int row = 0; row < ROWS; row++) {
        sum += one(row);
      }
      return sum;
    }
  }

  private static Engine array(Scorer scorer, double[][] rows) {
    double[] out = new double[1];
    return (Single)
        row -> {
          scorer.predict(rows[row], out);
          return out[0];
        };
  }

  private static List<Map<String, Object>> maps(double[][] rows) {
    return Arrays.stream(rows)
        .map(
            row -> {
              Map<String, Object> map = new HashMap<>();
              for (int i = 0; i < row.length; i++) {
                map.put("x" + i, row[i]);
              }
              return map;
            })
        .toList();
  }

  private static Engine named(Scorer scorer, double[][] rows) {
    List<Map<String, Object>> maps = maps(rows);
    return (Single) row -> scorer.score(maps.get(row)).value();
  }

  private static Engine mllib(GBTRegressionModel model, double[][] rows) {
    Vector[] vectors = Arrays.stream(rows).map(Vectors::dense).toArray(Vector[]::new);
    return (Single) row -> model.predict(vectors[row]);
  }

  private static Engine jpmml(Evaluator evaluator, double[][] rows) {
    List<Map<String, Object>> maps = maps(rows);
    return (Single)
        row -> {
          Object y = EvaluatorUtil.decode(evaluator.evaluate(maps.get(row)).get("y"));
          return ((Number) y).doubleValue();
        };
  }

  /** ONNX Runtime on one thread. */
  final class Onnx implements Engine {

    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;
    private final float[][][] single;
    private final float[][] all;

    Onnx(byte[] model, double[][] rows) throws OrtException {
      OrtSession.SessionOptions options = new OrtSession.SessionOptions();
      options.setIntraOpNumThreads(1);
      session = environment.createSession(model, options);
      all = new float[rows.length][];
      single = new float[rows.length][][];
      for (int row = 0; row < rows.length; row++) {
        all[row] = new float[rows[row].length];
        for (int i = 0; i < rows[row].length; i++) {
          all[row][i] = (float) rows[row][i];
        }
        single[row] = new float[][] {all[row]};
      }
    }

    @Override
    public double one(int row) {
      return run(single[row])[0][0];
    }

    @Override
    public double all() {
      return run(all)[0][0];
    }

    private float[][] run(float[][] rows) {
      try (OnnxTensor tensor = OnnxTensor.createTensor(environment, rows);
          OrtSession.Result result = session.run(Map.of("rows", tensor))) {
        return (float[][]) result.get(0).getValue();
      } catch (OrtException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
