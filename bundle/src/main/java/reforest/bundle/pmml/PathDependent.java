package reforest.bundle.pmml;

import java.util.Arrays;
import java.util.List;
import reforest.bundle.Explainer;
import reforest.bundle.Explanation.Scale;
import reforest.bundle.Explanation.Way;

/** Explains by the training rows that came to each node. */
final class PathDependent implements Explainer {

  /** How many rows at a time: their numbers fit beside a tree into a processor's own memory. */
  private static final int ROWS = 32;

  private final PmmlModel model;
  private final Shapley shapley;
  private final int result;
  private final ShapleyTree.Room room = new ShapleyTree.Room();
  private double told = Double.NaN;

  PathDependent(PmmlModel model, Shapley shapley, int result) {
    this.model = model;
    this.shapley = shapley;
    this.result = result;
  }

  @Override
  public Way way() {
    return Way.PATH_DEPENDENT;
  }

  @Override
  public Scale scale() {
    return model.link().scale();
  }

  @Override
  public List<String> features() {
    return model.features();
  }

  @Override
  public double explain(double[] encoded, double[] amounts) {
    double[] bases = new double[1];
    explain(new double[][] {encoded}, new double[][] {amounts}, bases);
    return bases[0];
  }

  @Override
  public void explain(double[][] encoded, double[][] amounts, double[] bases) {
    require(encoded, amounts, bases);
    int features = model.features().size();
    double[][] fields = new double[Math.min(ROWS, encoded.length)][features];
    Link.Line[] lines = new Link.Line[fields.length];
    for (int from = 0; from < encoded.length; from += ROWS) {
      int to = Math.min(encoded.length, from + ROWS);
      for (int row = from; row < to; row++) {
        model.complete(encoded[row], fields[row - from]);
        lines[row - from] = model.link().line(model.forest(), fields[row - from], result);
        Arrays.fill(amounts[row], 0, features, 0.0);
      }
      shapley.add(from, to, fields, lines[0].value(), amounts, room);
      for (int row = from; row < to; row++) {
        Link.Line line = lines[row - from];
        for (int i = 0; i < features; i++) {
          amounts[row][i] *= line.factor();
        }
        bases[row] = line.offset() + line.factor() * shapley.base(line.value());
        told = line.result();
      }
    }
  }

  private void require(double[][] encoded, double[][] amounts, double[] bases) {
    if (amounts.length < encoded.length || bases.length < encoded.length) {
      throw new IllegalArgumentException(
          encoded.length
              + " rows need as many arrays of amounts and bases, got "
              + amounts.length
              + " and "
              + bases.length);
    }
    for (int row = 0; row < encoded.length; row++) {
      model.require(encoded[row], amounts[row], model.features().size());
    }
  }

  @Override
  public double result() {
    return told;
  }
}
