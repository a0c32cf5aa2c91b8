package reforest.train.binned;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnsembleFitTest {

  private static final int ROWS = 2000;
  private static final int FEATURES = 6;

  /** Five numbers and a category of eight. */
  private static final Binning BINNING =
      Binning.of(
          List.of(steps(20), steps(20), steps(20), steps(20), steps(20), new double[0]),
          List.of(0, 0, 0, 0, 0, 8));

  private static double[] steps(int count) {
    double[] steps = new double[count];
    Arrays.setAll(steps, i -> (i + 1.0) / (count + 1));
    return steps;
  }

  private interface Label {
    double of(double[] row, SplittableRandom random);
  }

  private static double wave(double[] row, SplittableRandom random) {
    return Math.sin(6 * row[0]) + row[1] * row[2] + (row[5] % 3) / 2 + random.nextDouble() / 5;
  }

  private static double yes(double[] row, SplittableRandom random) {
    return wave(row, random) > 1 ? 1 : 0;
  }

  private static List<double[]> values(Label label) {
    SplittableRandom random = new SplittableRandom(17);
    List<double[]> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      double[] row = new double[FEATURES + 1];
      for (int feature = 0; feature < 5; feature++) {
        row[feature] = random.nextDouble();
      }
      row[5] = random.nextInt(8);
      row[FEATURES] = label.of(row, random);
      rows.add(row);
    }
    return rows;
  }

  private static BinnedRows binned(List<double[]> rows, int parts) {
    List<BinnedRows> cut = new ArrayList<>();
    for (int part = 0; part < parts; part++) {
      RowsBuilder builder = new RowsBuilder(BINNING, false);
      for (int i = part; i < rows.size(); i += parts) {
        builder.add(rows.get(i)[FEATURES], 1, Arrays.copyOf(rows.get(i), FEATURES));
      }
      cut.add(builder.build());
    }
    return BinnedRows.ordered(cut, FEATURES);
  }

  private static TreeSettings growth(int classes, int depth, int features) {
    return new TreeSettings(classes, depth, 3, 0, features, 32, false);
  }

  private static List<List<Object>> described(List<EnsembleFit.Timed> trees) {
    return trees.stream().map(timed -> described(timed.tree())).toList();
  }

  private static List<Object> described(GrownTree tree) {
    List<Object> nodes = new ArrayList<>();
    for (int node = 0; node < tree.nodes(); node++) {
      nodes.add(tree.isLeaf(node) ? "leaf" : tree.feature(node) + " " + tree.gain(node));
      nodes.add(Arrays.toString(tree.statistics(node)));
    }
    return nodes;
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 7, 50})
  void treesDoNotDependOnHowRowsLieInPartitions(int parts) {
    List<double[]> rows = values(EnsembleFitTest::wave);
    List<double[]> shuffled = new ArrayList<>(rows);
    Collections.shuffle(shuffled, new Random(parts));
    for (EnsembleFit ensemble :
        List.of(
            new EnsembleFit.Forest(growth(0, 6, 2), 0, 5, true, 0.7, 3),
            new EnsembleFit.Boosting(growth(0, 4, 6), false, false, 8, 0.3, 0.6, 3))) {

      assertThat(described(ensemble.fit(binned(shuffled, parts), BINNING, 1)))
          .isEqualTo(described(ensemble.fit(binned(rows, 1), BINNING, 1)));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void treesDoNotDependOnTheNumberOfThreads(int classes) {
    List<double[]> some = values(classes > 0 ? EnsembleFitTest::yes : EnsembleFitTest::wave);
    List<double[]> many = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      many.addAll(some);
    }
    BinnedRows rows = binned(many, 1);
    EnsembleFit ensemble =
        classes > 0
            ? new EnsembleFit.Forest(growth(classes, 5, 6), 0, 3, true, 1, 3)
            : new EnsembleFit.Boosting(growth(0, 5, 6), false, false, 6, 0.3, 0.9, 3);

    assertThat(described(ensemble.fit(rows, BINNING, 2)))
        .isEqualTo(described(ensemble.fit(rows, BINNING, 1)));
  }

  @Test
  void aForestFittedInPartsIsTheForestFittedWhole() {
    BinnedRows rows = binned(values(EnsembleFitTest::yes), 1);
    TreeSettings growth = growth(2, 7, 3);
    List<EnsembleFit.Timed> parts =
        new ArrayList<>(new EnsembleFit.Forest(growth, 0, 3, true, 1, 5).fit(rows, BINNING, 1));
    parts.addAll(new EnsembleFit.Forest(growth, 3, 8, true, 1, 5).fit(rows, BINNING, 1));

    assertThat(described(parts))
        .isEqualTo(
            described(new EnsembleFit.Forest(growth, 0, 8, true, 1, 5).fit(rows, BINNING, 1)));
  }

  @ParameterizedTest
  @CsvSource({"false, false", "true, false", "false, true", "true, true"})
  void aLongFitHoldsTheShortOne(boolean classification, boolean fromMean) {
    BinnedRows rows =
        binned(values(classification ? EnsembleFitTest::yes : EnsembleFitTest::wave), 1);
    TreeSettings growth = growth(0, 4, 6);

    assertThat(
            described(
                new EnsembleFit.Boosting(growth, classification, fromMean, 12, 0.1, 0.8, 9)
                    .fit(rows, BINNING, 1)
                    .subList(0, fromMean ? 6 : 5)))
        .isEqualTo(
            described(
                new EnsembleFit.Boosting(growth, classification, fromMean, 5, 0.1, 0.8, 9)
                    .fit(rows, BINNING, 1)));
  }

  @Test
  void aStartFromTheMeanIsTheConstantOfLeastLoss() {
    BinnedRows numbers = binned(values(EnsembleFitTest::wave), 1);
    BinnedRows classes = binned(values(EnsembleFitTest::yes), 1);
    BinnedRows oneClass = binned(values((row, random) -> 1), 1);

    assertThat(start(numbers, false)).isCloseTo(numbers.meanLabel(), within(1e-12));
    assertThat(1 / (1 + Math.exp(-2 * start(classes, true))))
        .isCloseTo(classes.meanLabel(), within(1e-12));
    assertThat(start(oneClass, true)).isBetween(10.0, 20.0);
  }

  private static double start(BinnedRows rows, boolean classification) {
    List<EnsembleFit.Timed> trees =
        new EnsembleFit.Boosting(growth(0, 4, 6), classification, true, 3, 0.1, 1, 9)
            .fit(rows, BINNING, 1);
    GrownTree leaf = trees.get(0).tree();
    assertThat(trees).hasSize(4);
    assertThat(leaf.nodes()).isEqualTo(1);
    assertThat(leaf.count(0)).isEqualTo(ROWS);
    return leaf.prediction(0);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 6})
  void aDeepForestHoldsTheShallowOne(int depth) {
    for (int classes : new int[] {0, 2}) {
      BinnedRows rows =
          binned(values(classes == 0 ? EnsembleFitTest::wave : EnsembleFitTest::yes), 1);
      List<GrownTree> deep =
          EnsembleFit.trees(
              new EnsembleFit.Forest(growth(classes, 9, 2), 0, 4, true, 1, 1).fit(rows, BINNING, 1),
              depth);
      List<GrownTree> shallow =
          EnsembleFit.trees(
              new EnsembleFit.Forest(growth(classes, depth, 2), 0, 4, true, 1, 1)
                  .fit(rows, BINNING, 1),
              depth);

      for (int tree = 0; tree < 4; tree++) {
        assertThat(rounded(deep.get(tree))).isEqualTo(rounded(shallow.get(tree)));
      }
    }
  }

  /** A node's sums are added up in another order when it has children. */
  private static List<Object> rounded(GrownTree tree) {
    List<Object> nodes = new ArrayList<>();
    for (int node = 0; node < tree.nodes(); node++) {
      nodes.add(tree.isLeaf(node) ? "leaf" : tree.feature(node) + " " + (float) tree.gain(node));
      nodes.add((float) tree.prediction(node));
      nodes.add(tree.count(node));
    }
    return nodes;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aWeightOfTwoIsTheRowTwice(boolean fromMean) {
    List<double[]> rows = values(EnsembleFitTest::wave);
    byte[][] columns = new byte[FEATURES][ROWS];
    double[] labels = new double[ROWS];
    double[] weights = new double[ROWS];
    List<double[]> doubled = new ArrayList<>();
    for (int row = 0; row < ROWS; row++) {
      for (int feature = 0; feature < FEATURES; feature++) {
        columns[feature][row] = BINNING.bin(feature, rows.get(row)[feature]);
      }
      labels[row] = rows.get(row)[FEATURES];
      weights[row] = row % 2 == 0 ? 2 : 1;
      doubled.add(rows.get(row));
      if (row % 2 == 0) {
        doubled.add(rows.get(row));
      }
    }
    TreeSettings growth = new TreeSettings(0, 5, 1, 0, FEATURES, 32, false);
    EnsembleFit boosting = new EnsembleFit.Boosting(growth, false, fromMean, 6, 0.3, 1, 1);

    List<EnsembleFit.Timed> weighted =
        boosting.fit(
            BinnedRows.ordered(List.of(BinnedRows.of(columns, labels, weights)), FEATURES),
            BINNING,
            1);
    List<EnsembleFit.Timed> repeated = boosting.fit(binned(doubled, 1), BINNING, 1);

    for (int tree = 0; tree < weighted.size(); tree++) {
      GrownTree one = weighted.get(tree).tree();
      GrownTree other = repeated.get(tree).tree();
      assertThat(one.nodes()).isEqualTo(other.nodes());
      for (int node = 0; node < one.nodes(); node++) {
        assertThat(one.feature(node)).isEqualTo(other.feature(node));
        assertThat(one.prediction(node)).isCloseTo(other.prediction(node), within(1e-9));
      }
    }
  }

  @Test
  void everyTreeOfAForestSeesRowsAndFeaturesOfItsOwn() {
    BinnedRows rows = binned(values(EnsembleFitTest::wave), 1);
    List<EnsembleFit.Timed> trees =
        new EnsembleFit.Forest(growth(0, 3, 1), 0, 30, true, 1, 1).fit(rows, BINNING, 1);

    assertThat(trees.stream().map(timed -> timed.tree().feature(0)).distinct()).hasSize(FEATURES);
    assertThat(described(trees).stream().distinct()).hasSize(30);
    // Were the rows the same for all trees, so would be their number.
    assertThat(trees.stream().map(timed -> timed.tree().count(0)).distinct())
        .hasSizeGreaterThan(15);
    // As many are drawn as there are, give or take four standard deviations.
    assertThat(trees).allSatisfy(t -> assertThat(t.tree().count(0)).isBetween(1820L, 2180L));
  }

  @Test
  void equalLabelsMakeALeaf() {
    List<double[]> rows = values((row, random) -> 0.1);

    GrownTree tree =
        new EnsembleFit.Forest(growth(0, 5, 6), 0, 1, true, 1, 1)
            .fit(binned(rows, 1), BINNING, 1)
            .get(0)
            .tree();

    assertThat(tree.nodes()).isEqualTo(1);
    assertThat(tree.prediction(0)).isCloseTo(0.1, within(1e-12));
  }

  @Test
  void noLeafHasFewerRowsThanAsked() {
    GrownTree tree =
        new EnsembleFit.Forest(new TreeSettings(0, 30, 40, 0, 6, 32, false), 0, 1, true, 1, 1)
            .fit(binned(values(EnsembleFitTest::wave), 1), BINNING, 1)
            .get(0)
            .tree();

    for (int node = 0; node < tree.nodes(); node++) {
      assertThat(tree.count(node)).isGreaterThanOrEqualTo(40);
    }
    assertThat(tree.nodes()).isGreaterThan(10);
  }
}
