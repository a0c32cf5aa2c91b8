package reforest.export;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.tree.DecisionTreeModel;
import org.apache.spark.ml.tree.InternalNode;
import org.apache.spark.ml.tree.Node;
import org.apache.spark.ml.tree.Split;
import org.apache.spark.ml.tree.TreeEnsembleModel;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.jspecify.annotations.Nullable;

/**
 * Pairs of rows for the splits of a model: they differ in one cell, a number by its last digit, and
 * part at the split.
 */
final class SplitEdges {

  /** How many of the rows that reach a split are tried. */
  private static final int TRIES = 20;

  private final Function<Row, Vector> features;
  private final List<List<Integer>> cells;

  /**
   * For models of some features.
   *
   * @param features a row's vector
   * @param cells for each position of the vector the cells of a row that it follows from, of
   *     doubles monotonically
   */
  SplitEdges(Function<Row, Vector> features, List<List<Integer>> cells) {
    this.features = features;
    this.cells = cells;
  }

  /** Two rows that part at a split, in one of a model's trees. */
  record Pair(DecisionTreeModel tree, InternalNode split, Row one, Row other) {

    /** Whether they do so, given their features. */
    boolean isParted(Vector one, Vector other) {
      return path(tree, one).contains(split)
          && path(tree, other).contains(split)
          && split.split().shouldGoLeft(one) != split.split().shouldGoLeft(other);
    }
  }

  /**
   * A pair for each split, none for one where none was found among the rows that reach it.
   *
   * @param rows what the pairs are made of
   */
  Map<InternalNode, Optional<Pair>> of(TreeEnsembleModel<?> trees, List<Row> rows) {
    List<Vector> vectors = rows.stream().map(features).toList();
    Map<InternalNode, Optional<Pair>> pairs = new LinkedHashMap<>();
    Map<InternalNode, Integer> tries = new HashMap<>();
    for (Object member : trees.trees()) {
      DecisionTreeModel tree = (DecisionTreeModel) member;
      for (int row = 0; row < rows.size(); row++) {
        for (InternalNode split : path(tree, vectors.get(row))) {
          boolean open = pairs.getOrDefault(split, Optional.empty()).isEmpty();
          if (open && tries.merge(split, 1, Integer::sum) <= TRIES) {
            pairs.put(split, pair(tree, split, rows.get(row), rows));
          }
        }
      }
    }
    return pairs;
  }

  /** The splits at which some rows go to the left and some to the right. */
  static Set<InternalNode> crossed(TreeEnsembleModel<?> trees, List<Vector> rows) {
    Set<InternalNode> left = new HashSet<>();
    Set<InternalNode> right = new HashSet<>();
    for (Object tree : trees.trees()) {
      for (Vector row : rows) {
        for (InternalNode split : path((DecisionTreeModel) tree, row)) {
          (split.split().shouldGoLeft(row) ? left : right).add(split);
        }
      }
    }
    left.retainAll(right);
    return left;
  }

  private Optional<Pair> pair(DecisionTreeModel tree, InternalNode split, Row row, List<Row> rows) {
    for (int cell : cells.get(split.split().featureIndex())) {
      List<Row> tried = new ArrayList<>();
      if (row.get(cell) instanceof Double) {
        tried.addAll(aroundTheEdge(split.split(), x -> with(row, cell, x)));
        tried.add(row);
        tried.add(with(row, cell, null));
      } else {
        rows.stream().map(r -> r.get(cell)).distinct().forEach(v -> tried.add(with(row, cell, v)));
      }
      List<Row> reaching =
          tried.stream().filter(r -> path(tree, features.apply(r)).contains(split)).toList();
      Optional<Pair> found =
          IntStream.range(1, reaching.size())
              .mapToObj(i -> new Pair(tree, split, reaching.get(i - 1), reaching.get(i)))
              .filter(p -> p.isParted(features.apply(p.one()), features.apply(p.other())))
              .findFirst();
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  /** Two neighbours among all doubles that lie on different sides, if there are any. */
  private List<Row> aroundTheEdge(Split split, DoubleFunction<Row> row) {
    long below = order(-1e300);
    long above = order(1e300);
    boolean left = isLeft(split, row.apply(-1e300));
    if (left == isLeft(split, row.apply(1e300))) {
      return List.of();
    }
    while (below + 1 < above) {
      // Their mean without their sum, which is too large for a long.
      long middle = (below & above) + ((below ^ above) >> 1);
      if (isLeft(split, row.apply(number(middle))) == left) {
        below = middle;
      } else {
        above = middle;
      }
    }
    return List.of(row.apply(number(below)), row.apply(number(above)));
  }

  private boolean isLeft(Split split, Row row) {
    return split.shouldGoLeft(features.apply(row));
  }

  /** The place of a double among all doubles. */
  private static long order(double number) {
    long bits = Double.doubleToLongBits(number);
    return bits < 0 ? Long.MIN_VALUE - bits : bits;
  }

  private static double number(long order) {
    return Double.longBitsToDouble(order < 0 ? Long.MIN_VALUE - order : order);
  }

  private static Row with(Row row, int cell, @Nullable Object value) {
    Object[] cells = new Object[row.size()];
    for (int i = 0; i < cells.length; i++) {
      cells[i] = i == cell ? value : row.get(i);
    }
    return RowFactory.create(cells);
  }

  private static List<InternalNode> path(DecisionTreeModel tree, Vector features) {
    List<InternalNode> path = new ArrayList<>();
    Node node = tree.rootNode();
    while (node instanceof InternalNode inner) {
      path.add(inner);
      node = inner.split().shouldGoLeft(features) ? inner.leftChild() : inner.rightChild();
    }
    return path;
  }
}
