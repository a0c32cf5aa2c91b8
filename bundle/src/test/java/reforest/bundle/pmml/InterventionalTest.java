package reforest.bundle.pmml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reforest.bundle.Background;
import reforest.bundle.Explainer;
import reforest.bundle.Explanation.Scale;
import reforest.bundle.Explanation.Way;
import reforest.bundle.Manifest.Input;
import reforest.bundle.Manifest.InputType;

class InterventionalTest {

  private static final int FIELDS = Grown.FIELDS;

  /** By the definition, once for each background row. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 7})
  void sharesOutAsTheDefinitionByAllCoalitionsDoes(int depth) {
    Random random = new Random(depth);
    for (int repeat = 0; repeat < 10; repeat++) {
      Grown grown = Grown.of(random, 3, depth, FIELDS, 2);
      PmmlModel model = model(grown, FIELDS, Link.probabilities(2), 2);
      List<double[]> others = rows(random, 9, FIELDS);
      Explainer explainer = model.explainer(1, background(model, others), true);
      for (double[] row : rows(random, 10, FIELDS)) {
        double[] amounts = new double[FIELDS];
        double base = explainer.explain(row, amounts);

        // Leaves that do not sum up to 1 are scaled by what they do of this row.
        double[] sums = new double[2];
        grown.forest.sum(row, sums, 2);
        double factor = 1 / (sums[0] + sums[1]);
        ToDoubleFunction<double[]> said = mixed -> factor * said(grown, mixed, 1);
        double size = Math.max(1, Math.abs(factor) * 30);
        assertThat(amounts).containsExactly(byDefinition(said, row, others), within(1e-12 * size));
        assertThat(base)
            .isCloseTo(
                others.stream().mapToDouble(said).average().orElseThrow(), within(1e-12 * size));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void sharesOutAProbabilityAsItsLogOddsByTheSlopeToEachBackgroundRow(int result) {
    Random random = new Random(result);
    double sign = result == 1 ? 1 : -1;
    for (int repeat = 0; repeat < 10; repeat++) {
      Grown grown = Grown.of(random, 3, 4, FIELDS, 1);
      PmmlModel model = model(grown, FIELDS, Link.logit(0.3, 0.2), 2);
      List<double[]> others = rows(random, 9, FIELDS);
      Background background = background(model, others);
      Explainer explainer = model.explainer(result, background, true);
      Explainer margins = model.explainer(result, background, false);
      ToDoubleFunction<double[]> odds = mixed -> sign * (0.3 + 0.2 * said(grown, mixed, 0));
      for (double[] row : rows(random, 10, FIELDS)) {
        double[] wanted = new double[FIELDS];
        double mean = 0;
        for (double[] other : others) {
          double[] shares = byDefinition(odds, row, List.of(other));
          double step = odds.applyAsDouble(row) - odds.applyAsDouble(other);
          double rise = logistic(odds.applyAsDouble(row)) - logistic(odds.applyAsDouble(other));
          for (int i = 0; i < FIELDS && step != 0; i++) {
            wanted[i] += shares[i] * rise / step / others.size();
          }
          mean += logistic(odds.applyAsDouble(other)) / others.size();
        }
        double[] out = new double[2];
        model.predict(row, out);
        double[] amounts = new double[FIELDS];

        double base = explainer.explain(row, amounts);
        if (others.stream().allMatch(it -> odds.applyAsDouble(it) != odds.applyAsDouble(row))) {
          assertThat(amounts).containsExactly(wanted, within(1e-12));
        }
        assertThat(base).isCloseTo(mean, within(1e-12));
        assertThat(explainer.result()).isEqualTo(out[result]);
        assertThat(explainer.scale()).isEqualTo(Scale.PROBABILITY);
        assertThat(explainer.way()).isEqualTo(Way.INTERVENTIONAL);

        margins.explain(row, amounts);
        assertThat(amounts).containsExactly(byDefinition(odds, row, others), within(1e-11));
        assertThat(margins.result()).isCloseTo(odds.applyAsDouble(row), within(1e-12));
        assertThat(margins.scale()).isEqualTo(Scale.LOG_ODDS);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 8, 12, 20, 60})
  void addsUpToThePredictionAtAnyDepth(int depth) {
    Random random = new Random(depth);
    for (int fields : new int[] {2, 25, 100}) {
      Grown grown = Grown.of(random, 5, depth, fields, 1);
      for (Link link : List.of(Link.sum(), Link.average(), Link.logit(-1, 0.4))) {
        int outputs = link.scale() == Scale.LOG_ODDS ? 2 : 1;
        PmmlModel model = model(grown, fields, link, outputs);
        Explainer explainer =
            model.explainer(outputs - 1, background(model, rows(random, 70, fields)), true);
        for (double[] row : rows(random, 5, fields)) {
          double[] amounts = new double[fields];
          double sum = explainer.explain(row, amounts);
          for (double amount : amounts) {
            sum += amount;
          }
          double[] out = new double[2];
          model.predict(row, out);
          double predicted = out[outputs - 1];
          assertThat(explainer.result()).isEqualTo(predicted);
          assertThat(sum).isCloseTo(predicted, within(1e-11 * Math.max(1, Math.abs(predicted))));
        }
      }
    }
  }

  /** Two log-odds that differ by rounding alone, where two large amounts cancel each other out. */
  @Test
  void keepsItsDigitsWhereARowAndABackgroundRowAreNearlyAlike() {
    Forest.Builder builder = new Forest.Builder();
    stump(builder, 0, 1);
    stump(builder, 1, -1 + 1e-13);
    PmmlModel model =
        new PmmlModel(
            new Encoder(List.of(input(0), input(1))),
            Map.of(),
            builder.build(),
            Link.logit(0, 1),
            2,
            Double.NaN);
    Explainer explainer = model.explainer(1, background(model, List.of(new double[] {0, 0})), true);
    double[] amounts = new double[2];

    explainer.explain(new double[] {2, 2}, amounts);

    assertThat(amounts).containsExactly(new double[] {0.25, -0.25}, within(1e-12));
  }

  private static void stump(Forest.Builder builder, int field, double right) {
    builder.startTree();
    int root = builder.split(Split.atMost(field, 1));
    builder.leaf(0);
    builder.startRight(root);
    builder.leaf(right);
  }

  private static double said(Grown grown, double[] row, int value) {
    double[] sums = new double[2];
    grown.forest.sum(row, sums, value + 1);
    return sums[value];
  }

  private static double[] byDefinition(
      ToDoubleFunction<double[]> said, double[] row, List<double[]> others) {
    double[] shares = new double[FIELDS];
    for (double[] other : others) {
      double[] gained = Grown.shares(FIELDS, known -> said.applyAsDouble(mixed(row, other, known)));
      for (int i = 0; i < FIELDS; i++) {
        shares[i] += gained[i] / others.size();
      }
    }
    return shares;
  }

  private static double[] mixed(double[] row, double[] other, int known) {
    double[] mixed = other.clone();
    for (int field = 0; field < FIELDS; field++) {
      mixed[field] = (known >> field & 1) == 1 ? row[field] : mixed[field];
    }
    return mixed;
  }

  private static double logistic(double odds) {
    return 1 / (1 + Math.exp(-odds));
  }

  private static Background background(PmmlModel model, List<double[]> rows) {
    return Background.of(
        IntStream.range(0, model.features().size()).mapToObj(InterventionalTest::input).toList(),
        rows);
  }

  private static PmmlModel model(Grown grown, int fields, Link link, int outputs) {
    List<Input> inputs = IntStream.range(0, fields).mapToObj(InterventionalTest::input).toList();
    return new PmmlModel(new Encoder(inputs), Map.of(), grown.forest, link, outputs, Double.NaN);
  }

  private static Input input(int field) {
    boolean isNumber = Grown.isNumber(field);
    return new Input(
        "x" + field,
        isNumber ? InputType.NUMBER : InputType.CATEGORY,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        isNumber ? List.of() : List.of("a", "b", "c", "d"),
        isNumber ? "0.25" : "(missing)",
        Optional.empty(),
        Optional.empty());
  }

  /** Numbers that are missing are replaced by the model. */
  private static List<double[]> rows(Random random, int count, int fields) {
    List<double[]> rows = new ArrayList<>();
    for (int row = 0; row < count; row++) {
      double[] values = Grown.row(random, fields);
      for (int field = 0; field < fields; field++) {
        values[field] = Double.isNaN(values[field]) ? 0.25 : values[field];
      }
      rows.add(values);
    }
    return rows;
  }
}
