package reforest.train.binned;

import java.util.Arrays;

/**
 * Finds the split of a node that lowers the impurity most: variance for numbers, Gini's for classes
 * (Breiman, Friedman, Olshen and Stone 1984).
 *
 * <p>With weights {@code l} and {@code r} on the two sides both impurities fall by {@code l r / (l
 * + r)^2} times the squared distance of the sides' means, taken class by class for Gini's. Written
 * so, a node of equal rows gains exactly nothing, and a split is worth the same with its sides
 * exchanged.
 */
final class SplitSearch {

  /** Gains below this part of the squared mean are rounding. */
  private static final double NOISE = 1e-22;

  private final Binning binning;
  private final TreeSettings growth;
  private final Histograms histograms;
  private final int width;

  /** Weight, then the sum or the classes' weights, of all rows, of the left side, of each bin. */
  private final double[] all;

  private final double[] left;
  private final double[][] bins = new double[Binning.MAX_BINS + 1][];
  private final long[] counts = new long[Binning.MAX_BINS + 1];
  private final double[] centroids = new double[Binning.MAX_BINS + 1];
  private final int[] ordered = new int[Binning.MAX_BINS + 1];
  private long count;

  private int feature;
  private int lastLeft;
  private final long[] leftBins = new long[4];
  private double gain;
  private long leftCount;

  /** Gain of the split that was looked at last. */
  private double found;

  /** One over the weight of all rows. */
  private double share;

  SplitSearch(Binning binning, TreeSettings growth, Histograms histograms) {
    this.binning = binning;
    this.growth = growth;
    this.histograms = histograms;
    this.width = 1 + Math.max(1, growth.classes());
    this.all = new double[width];
    this.left = new double[width];
    for (int bin = 0; bin < bins.length; bin++) {
      bins[bin] = new double[width];
    }
  }

  /** The feature of the best split. */
  int feature() {
    return feature;
  }

  /** The last bin that goes left; -1 where categories are split. */
  int lastLeft() {
    return lastLeft;
  }

  /** The bins that go left, 256 bits. */
  long[] leftBins() {
    return leftBins;
  }

  double gain() {
    return gain;
  }

  /** Training rows on the left, each as often as it was drawn. */
  long leftCount() {
    return leftCount;
  }

  /**
   * Looks for the best split; of equal ones the first counts.
   *
   * @param node sums of the node's rows
   * @param nodeCount its rows, each as often as it was drawn
   * @param features ascending
   * @return whether there is one
   */
  boolean find(Histograms.Node node, TreeSample sample, long nodeCount, int[] features) {
    count = nodeCount;
    gain = 0;
    feature = -1;
    boolean summed = false;
    for (int candidate : features) {
      int size = binning.bins(candidate);
      if (size < 2) {
        continue;
      }
      boolean isNumber = !binning.isCategorical(candidate);
      boolean isScannedInPlace = isNumber && !growth.isClassification();
      if (!isScannedInPlace) {
        read(node, sample, candidate, size);
      }
      if (!summed) {
        if (growth.isClassification()) {
          sumUpBins(size);
        } else {
          sumUp(node, sample, candidate, size);
        }
        share = 1 / all[0];
        summed = true;
        if (isPure()) {
          return false;
        }
      }
      if (isScannedInPlace) {
        scanSums(node, sample, candidate, size);
      } else if (isNumber) {
        scanNumber(candidate, size);
      } else if (isUnordered(size)) {
        scanSubsets(candidate, size);
      } else {
        scanCategories(candidate, size);
      }
    }
    double mean = all[1] / all[0];
    return feature >= 0
        && gain >= growth.minInfoGain()
        && (growth.isClassification() || gain > NOISE * mean * mean);
  }

  private void read(Histograms.Node node, TreeSample sample, int candidate, int size) {
    int at = histograms.offset(candidate);
    PackedSums packing = sample.packing;
    if (growth.isClassification()) {
      boolean weighted = sample.isWeighted;
      for (int bin = 0; bin < size; bin++) {
        double[] to = bins[bin];
        long rows = 0;
        double weight = 0;
        for (int k = 1; k < width; k++) {
          long packed = node.packed[at++];
          long drawn = packing.count(packed);
          rows += drawn;
          to[k] = weighted ? packing.sum(packed) : drawn;
          weight += to[k];
        }
        counts[bin] = rows;
        to[0] = weight;
      }
      return;
    }
    for (int bin = 0; bin < size; bin++, at++) {
      long packed = node.packed[at];
      counts[bin] = packing.count(packed);
      bins[bin][0] = node.weights == null ? counts[bin] : node.weights[at] * sample.weightUnit;
      bins[bin][1] = packing.sum(packed);
    }
  }

  private void sumUp(Histograms.Node node, TreeSample sample, int candidate, int size) {
    int at = histograms.offset(candidate);
    long packed = 0;
    long weight = 0;
    for (int bin = at; bin < at + size; bin++) {
      packed += node.packed[bin];
      weight += node.weights == null ? 0 : node.weights[bin];
    }
    all[0] = node.weights == null ? count : weight * sample.weightUnit;
    all[1] = sample.packing.sum(packed);
  }

  private void sumUpBins(int size) {
    Arrays.fill(all, 0);
    for (int bin = 0; bin < size; bin++) {
      for (int k = 0; k < width; k++) {
        all[k] += bins[bin][k];
      }
    }
  }

  private boolean isPure() {
    if (!growth.isClassification()) {
      return false;
    }
    for (int k = 1; k < width; k++) {
      if (all[k] == all[0]) {
        return true;
      }
    }
    return false;
  }

  private void scanNumber(int candidate, int size) {
    Arrays.fill(left, 0);
    long rows = 0;
    for (int bin = 0; bin < size - 1; bin++) {
      if (counts[bin] == 0) {
        continue;
      }
      rows += counts[bin];
      add(left, bins[bin]);
      if (isBetter(rows)) {
        take(candidate, rows);
        lastLeft = bin;
      }
    }
  }

  /**
   * The same where numbers are learnt, without a detour by {@link #bins}: with many bins and few
   * rows this loop is what a node costs. It sums whole numbers, so that nothing is rounded on the
   * way.
   */
  private void scanSums(Histograms.Node node, TreeSample sample, int candidate, int size) {
    PackedSums packing = sample.packing;
    int at = histograms.offset(candidate);
    long[] packed = node.packed;
    long[] weights = node.weights;
    double allWeight = all[0];
    double allSum = all[1];
    long fewest = growth.minInstancesPerNode();
    double best = gain;
    long sums = 0;
    long weight = 0;
    for (int bin = 0; bin < size - 1; bin++) {
      long more = packed[at + bin];
      if (more == 0) {
        continue;
      }
      sums += more;
      if (weights != null) {
        weight += weights[at + bin];
      }
      long rows = packing.count(sums);
      if (rows < fewest) {
        continue;
      }
      if (count - rows < fewest) {
        break;
      }
      double leftWeight = weights == null ? rows : weight * sample.weightUnit;
      double rightWeight = allWeight - leftWeight;
      if (!(leftWeight > 0 && rightWeight > 0)) {
        continue;
      }
      double leftSum = packing.sum(sums);
      double apart = leftSum / leftWeight - (allSum - leftSum) / rightWeight;
      double worth = leftWeight * share * (rightWeight * share) * (apart * apart);
      if (worth > best) {
        best = worth;
        found = worth;
        take(candidate, rows);
        lastLeft = bin;
      }
    }
  }

  private void scanCategories(int candidate, int size) {
    sortByCentroid(size);
    Arrays.fill(left, 0);
    long rows = 0;
    for (int i = 0; i < size - 1; i++) {
      rows += counts[ordered[i]];
      add(left, bins[ordered[i]]);
      if (isBetter(rows)) {
        take(candidate, rows);
        Arrays.fill(leftBins, 0);
        for (int j = 0; j <= i; j++) {
          leftBins[ordered[j] >>> 6] |= 1L << ordered[j];
        }
      }
    }
  }

  /** Stable, and with the values that the node does not have at the end. */
  private void sortByCentroid(int size) {
    for (int bin = 0; bin < size; bin++) {
      double centroid = centroid(bin);
      centroids[bin] = centroid;
      int at = bin;
      while (at > 0 && centroids[ordered[at - 1]] > centroid) {
        ordered[at] = ordered[at - 1];
        at--;
      }
      ordered[at] = bin;
    }
  }

  private double centroid(int bin) {
    double[] of = bins[bin];
    if (of[0] == 0) {
      return Double.MAX_VALUE;
    }
    if (growth.classes() > 2) {
      double impurity = 1;
      for (int k = 1; k < width; k++) {
        impurity -= of[k] / of[0] * (of[k] / of[0]);
      }
      return impurity;
    }
    if (growth.classes() == 2) {
      return growth.likeMllib() ? of[2] : of[2] / of[0];
    }
    return of[1] / of[0];
  }

  /** Whether there are few enough values of a category to try all subsets, as MLlib decides. */
  private boolean isUnordered(int size) {
    return growth.classes() > 2 && size < 10 && 2 * ((1 << (size - 1)) - 1) <= growth.maxBins();
  }

  private void scanSubsets(int candidate, int size) {
    for (int subset = 1; subset < 1 << (size - 1); subset++) {
      Arrays.fill(left, 0);
      long rows = 0;
      for (int bin = 0; bin < size; bin++) {
        if ((subset >>> bin & 1) != 0) {
          rows += counts[bin];
          add(left, bins[bin]);
        }
      }
      if (isBetter(rows)) {
        take(candidate, rows);
        Arrays.fill(leftBins, 0);
        leftBins[0] = subset;
      }
    }
  }

  private void add(double[] to, double[] bin) {
    for (int k = 0; k < width; k++) {
      to[k] += bin[k];
    }
  }

  /** Whether the rows in {@code left} against all others make a better split than any before. */
  private boolean isBetter(long rows) {
    if (rows < growth.minInstancesPerNode() || count - rows < growth.minInstancesPerNode()) {
      return false;
    }
    double leftWeight = left[0];
    double rightWeight = all[0] - leftWeight;
    if (!(leftWeight > 0 && rightWeight > 0)) {
      return false;
    }
    if (growth.likeMllib() && growth.isClassification()) {
      found = mllibsGain(leftWeight);
      return found > gain;
    }
    double distance = 0;
    for (int k = 1; k < width; k++) {
      double apart = left[k] / leftWeight - (all[k] - left[k]) / rightWeight;
      distance += apart * apart;
    }
    found = leftWeight * share * (rightWeight * share) * distance;
    return found > gain;
  }

  /** The same number as MLlib rounds it, which decides between equal splits. */
  private double mllibsGain(double leftWeight) {
    double parent = 1;
    double onLeft = 1;
    double onRight = 1;
    double rightWeight = all[0] - leftWeight;
    for (int k = 1; k < width; k++) {
      parent -= all[k] / all[0] * (all[k] / all[0]);
      onLeft -= left[k] / leftWeight * (left[k] / leftWeight);
      double right = (all[k] - left[k]) / rightWeight;
      onRight -= right * right;
    }
    return parent - leftWeight / all[0] * onLeft - rightWeight / all[0] * onRight;
  }

  private void take(int candidate, long rows) {
    gain = found;
    feature = candidate;
    leftCount = rows;
    lastLeft = -1;
  }
}
