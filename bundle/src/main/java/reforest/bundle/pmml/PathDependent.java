package reforest.bundle.pmml;

import java.util.Arrays;
import java.util.List;
import reforest.bundle.Explainer;
import reforest.bundle.Explanation.Scale;
import reforest.bundle.Explanation.Way;

/** Explains by the training rows that came to each node. */
final class PathDependent implements Explainer {

  private final PmmlModel model;
  private final Shapley shapley;
  private final int result;
  private final double[] fields;
  private final ShapleyTree.Room room = new ShapleyTree.Room();
  private double told = Double.NaN;

  PathDependent(PmmlModel model, Shapley shapley, int result) {
    this.model = model;
    this.shapley = shapley;
    this.result = result;
    this.fields = new double[model.features().size()];
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
    model.require(encoded, amounts, fields.length);
    model.complete(encoded, fields);
    Link.Line line = model.link().line(model.forest(), fields, result);
    Arrays.fill(amounts, 0, fields.length, 0.0);
    shapley.add(fields, line.value(), amounts, room);
    for (int i = 0; i < fields.length; i++) {
      amounts[i] *= line.factor();
    }
    told = line.result();
    return line.offset() + line.factor() * shapley.base(line.value());
  }

  @Override
  public double result() {
    return told;
  }
}
