package reforest.bundle.pmml;

import java.util.Arrays;
import java.util.List;
import reforest.bundle.Explainer;
import reforest.bundle.Explanation.Scale;
import reforest.bundle.Explanation.Way;

/**
 * Explains by background rows: a feature that is left out has the value of one of them, the same
 * one for all that are left out, and what comes of it is the mean over all background rows
 * (Lundberg et al. 2020, "independent tree SHAP", where the feature perturbation is called
 * interventional).
 *
 * <p>Of a row and a background row, a tree's leaf is reached by those coalitions that hold all
 * features of which only the row meets the leaf's conditions, and none of those of which only the
 * background row does. With x and b of these its value counts (x - 1)! b! / (x + b)! for each of
 * the former, and less x! (b - 1)! / (x + b)! for each of the latter.
 *
 * <p>A probability that is the logistic function p of a sum m is shared out as the sum is, times (p
 * - p') / (m - m') for each background row, whose own are p' and m' (the rescale rule of DeepLIFT,
 * Shrikumar et al. 2017, by which Lundberg et al. 2020 explain a model's output; {@code shap} does
 * so with {@code model_output="probability"}). The amounts add up to the probability, but are
 * Shapley values of the sum only.
 */
final class Interventional implements Explainer {

  private enum Side {
    BOTH,
    ROW,
    BACKGROUND
  }

  private final PmmlModel model;
  private final Forest forest;
  private final Backdrop backdrop;
  private final int result;
  private final boolean isRescaled;
  private final double[] fields;
  private final double[] out;
  private final boolean[] turns;

  /** By field: from where its value comes on the way to a node. */
  private final Side[] sides;

  /** By the numbers n and k: 1 / (n C(n - 1, k)). */
  private final double[][] weights;

  /** What the leaves below the last node add for those who lead there, and for those who do not. */
  private double gain;

  private double loss;
  private double told = Double.NaN;

  /**
   * @param isProbability whether a result that is a logistic function of the trees' sum is
   *     explained itself, and not the sum
   */
  Interventional(PmmlModel model, Backdrop backdrop, int result, boolean isProbability) {
    this.model = model;
    this.forest = model.forest();
    this.backdrop = backdrop;
    this.result = result;
    this.isRescaled = isProbability && model.link().scale() == Scale.LOG_ODDS;
    this.fields = new double[model.features().size()];
    this.out = new double[model.outputs()];
    this.turns = new boolean[forest.nodes()];
    this.sides = new Side[fields.length];
    Arrays.fill(sides, Side.BOTH);
    this.weights = weights(Math.min(fields.length, forest.depth()));
  }

  private static double[][] weights(int most) {
    double[][] weights = new double[most + 1][];
    for (int n = 0; n <= most; n++) {
      weights[n] = new double[n + 1];
      double ways = n;
      for (int k = 0; k < n; k++) {
        weights[n][k] = 1 / ways;
        ways = ways * (n - 1 - k) / (k + 1);
      }
    }
    return weights;
  }

  @Override
  public Way way() {
    return Way.INTERVENTIONAL;
  }

  @Override
  public Scale scale() {
    return isRescaled ? Scale.PROBABILITY : model.link().scale();
  }

  @Override
  public List<String> features() {
    return model.features();
  }

  @Override
  public double result() {
    return told;
  }

  @Override
  public double explain(double[] encoded, double[] amounts) {
    model.require(encoded, amounts, fields.length);
    model.complete(encoded, fields);
    long[] keys = forest.keys(fields);
    for (int node = 0; node < turns.length; node++) {
      turns[node] = forest.next(node, keys, fields) > node + 1;
    }
    Link.Line line = model.link().line(forest, fields, result);
    Arrays.fill(amounts, 0, fields.length, 0.0);
    double base = 0;
    for (int row = 0; row < backdrop.rows(); row++) {
      double other = line.offset() + line.factor() * backdrop.sum(row, line.value());
      double slope = isRescaled ? slope(line.result(), other) : 1;
      base += isRescaled ? logistic(other) : other;
      double unit = slope * line.factor() / backdrop.rows();
      for (int tree = 0; tree < forest.trees(); tree++) {
        walk(forest.root(tree), row, 0, 0, line.value(), unit, amounts);
      }
    }
    if (isRescaled) {
      model.link().apply(forest, fields, out);
      told = out[result];
    } else {
      told = line.result();
    }
    return base / backdrop.rows();
  }

  /**
   * Leaves in {@link #gain} and {@link #loss} what the leaves below a node say, weighted.
   *
   * @param own how many fields lead there by the row's value alone
   * @param others how many lead there by the background row's alone
   */
  private void walk(
      int start, int row, int own, int others, int value, double unit, double[] amounts) {
    int node = start;
    while (!forest.isLeaf(node)) {
      boolean mine = turns[node];
      boolean theirs = backdrop.goesRight(row, node);
      if (mine != theirs) {
        int field = forest.field(node);
        if (sides[field] == Side.BOTH) {
          sides[field] = Side.ROW;
          walk(child(node, mine), row, own + 1, others, value, unit, amounts);
          double ownGain = gain;
          double ownLoss = loss;
          sides[field] = Side.BACKGROUND;
          walk(child(node, theirs), row, own, others + 1, value, unit, amounts);
          sides[field] = Side.BOTH;
          amounts[field] += unit * (ownGain - loss);
          gain += ownGain;
          loss += ownLoss;
          return;
        }
        mine = sides[field] == Side.ROW ? mine : theirs;
      }
      node = child(node, mine);
    }
    double[] weight = weights[own + others];
    double said = forest.leaf(node, value);
    gain = own == 0 ? 0 : said * weight[others];
    loss = others == 0 ? 0 : said * weight[own];
  }

  private int child(int split, boolean isRight) {
    return isRight ? forest.right(split) : split + 1;
  }

  private static double logistic(double odds) {
    return 1 / (1 + Math.exp(-odds));
  }

  /** The slope of the line through two points of the logistic function; of one its derivative. */
  private static double slope(double odds, double other) {
    double half = (odds - other) / 2;
    if (Math.abs(half) > 1) {
      return (logistic(odds) - logistic(other)) / (odds - other);
    }
    // The difference of two that are nearly the same would lose its digits.
    double bend = half == 0 ? 1 : Math.sinh(half) / half;
    return bend / (4 * Math.cosh(odds / 2) * Math.cosh(other / 2));
  }
}
