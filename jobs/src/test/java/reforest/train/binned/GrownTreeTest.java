package reforest.train.binned;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GrownTreeTest {

  private static final long[] FIRST_BIN = {1, 0, 0, 0};

  /** A split of two leaves below another leaf's sibling, each with its statistics. */
  private static GrownTree tree(
      int classes, double[] left, double[] rightLeft, double[] rightRight) {
    TreeBuilder tree = new TreeBuilder(classes, left.length);
    int root = tree.add(30);
    tree.split(root, 0, 3, FIRST_BIN, 0.2);
    int first = leaf(tree, left);
    int inner = tree.add(20);
    tree.split(inner, 1, 5, FIRST_BIN, 0.1);
    tree.children(inner, leaf(tree, rightLeft), leaf(tree, rightRight));
    tree.addUp(inner);
    tree.children(root, first, inner);
    tree.addUp(root);
    return tree.build();
  }

  private static int leaf(TreeBuilder tree, double[] statistics) {
    int leaf = tree.add(10);
    tree.statistics(leaf, statistics);
    return leaf;
  }

  @Test
  void siblingsOfOneHeaviestClassStayApartWhereTheirSharesDiffer() {
    GrownTree tree = tree(2, new double[] {10, 0}, new double[] {9, 1}, new double[] {8, 2}).cut(9);

    assertThat(tree.nodes()).isEqualTo(5);
    assertThat(tree.prediction(3)).isEqualTo(tree.prediction(4)).isZero();
    assertThat(tree.statistics(3)).containsExactly(9, 1);
    assertThat(tree.statistics(4)).containsExactly(8, 2);
  }

  @Test
  void siblingsOfEqualSharesBecomeOneLeafAllTheWayUp() {
    GrownTree once = tree(2, new double[] {9, 1}, new double[] {6, 2}, new double[] {3, 1}).cut(9);
    GrownTree twice = tree(2, new double[] {9, 3}, new double[] {6, 2}, new double[] {3, 1}).cut(9);
    GrownTree three =
        tree(3, new double[] {9, 3, 1}, new double[] {6, 2, 0}, new double[] {3, 1, 0}).cut(9);

    assertThat(once.nodes()).isEqualTo(3);
    assertThat(once.statistics(2)).containsExactly(9, 3);
    assertThat(once.count(2)).isEqualTo(20);
    assertThat(twice.nodes()).isEqualTo(1);
    assertThat(twice.statistics(0)).containsExactly(18, 6);
    assertThat(three.nodes()).isEqualTo(3);
  }

  @Test
  void siblingsOfOneMeanBecomeOneLeaf() {
    double[] other = {10, 5, 9};
    GrownTree equal = tree(0, other, new double[] {10, 20, 50}, new double[] {5, 10, 70}).cut(9);
    GrownTree apart = tree(0, other, new double[] {10, 20, 50}, new double[] {5, 11, 70}).cut(9);

    assertThat(equal.nodes()).isEqualTo(3);
    assertThat(equal.prediction(2)).isEqualTo(2);
    assertThat(apart.nodes()).isEqualTo(5);
  }

  @Test
  void aCutTreePredictsWhatItsNodesWouldHave() {
    GrownTree tree = tree(2, new double[] {10, 0}, new double[] {9, 1}, new double[] {8, 2}).cut(1);

    assertThat(tree.nodes()).isEqualTo(3);
    assertThat(tree.statistics(2)).containsExactly(17, 3);
  }
}
