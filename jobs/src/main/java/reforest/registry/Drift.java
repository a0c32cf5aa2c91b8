package reforest.registry;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.commons.math3.special.Erf;
import org.jspecify.annotations.Nullable;

/**
 * What changed in the training rows since those of the champion, column by column.
 *
 * <p>Made from the two profiles alone, so it costs nothing and needs no rows. An effect is about
 * the share of rows that would have to change so that both look alike, from 0 to 1: of categories
 * the total variation distance; of numbers the larger of the largest distance between the two
 * distribution functions that the kept quantiles prove (Kolmogorov 1933), and what normal
 * distributions do not have in common whose means are so many deviations apart, {@code 2 Φ(|d|/2) -
 * 1} (Reiser and Faraggi 1999); of either at least the difference of the shares of missing values.
 *
 * @param run key of the run that trained the champion
 * @param rows how many rows the champion was trained on
 * @param shifts of the columns that both have, the largest effect first
 * @param added columns that the champion's rows did not have
 * @param removed columns that only the champion's rows had
 */
public record Drift(
    String run, long rows, List<Shift> shifts, List<String> added, List<String> removed) {

  public Drift {
    shifts = List.copyOf(shifts);
    added = List.copyOf(added);
    removed = List.copyOf(removed);
  }

  /**
   * How one column changed.
   *
   * @param column its name
   * @param effect from 0 to 1; null where nothing but the name is kept, as of personal data
   * @param before the champion's mean of numbers, or share of {@code category}; null without values
   * @param now the same of this run
   * @param deviations by how many pooled standard deviations the mean of numbers moved, signed
   *     (Cohen 1988); null for categories, and where nothing varies
   * @param category whose share changed most; null for numbers
   * @param missing by how much the share of missing values grew, below 0 when it shrank
   */
  public record Shift(
      String column,
      @Nullable Double effect,
      @Nullable Double before,
      @Nullable Double now,
      @Nullable Double deviations,
      @Nullable String category,
      double missing) {}

  /** What became of the rows that an earlier run was trained on. */
  static Drift since(RunRecord before, List<RunRecord.Column> now, long rowsNow) {
    return between(before.run(), before.profile(), before.window().trainRows(), now, rowsNow);
  }

  static Drift between(
      String run,
      List<RunRecord.Column> before,
      long rowsBefore,
      List<RunRecord.Column> now,
      long rowsNow) {
    Map<String, RunRecord.Column> earlier = new HashMap<>();
    before.forEach(column -> earlier.put(column.name(), column));
    List<Shift> shifts = new ArrayList<>();
    List<String> added = new ArrayList<>();
    for (RunRecord.Column column : now) {
      RunRecord.Column was = earlier.remove(column.name());
      if (was == null) {
        added.add(column.name());
      } else {
        shifts.add(shift(was, rowsBefore, column, rowsNow));
      }
    }
    List<String> removed =
        before.stream().map(RunRecord.Column::name).filter(earlier::containsKey).toList();
    shifts.sort(
        Comparator.comparingDouble((Shift s) -> s.effect() == null ? 1 : -s.effect())
            .thenComparing(Shift::column));
    return new Drift(run, rowsBefore, shifts, added, removed);
  }

  private static Shift shift(
      RunRecord.Column was, long rowsBefore, RunRecord.Column is, long rowsNow) {
    double missing = share(is.missing(), rowsNow) - share(was.missing(), rowsBefore);
    if (listed(was) && listed(is)) {
      return ofCategories(was, rowsBefore, is, rowsNow, missing);
    }
    Double before = was.mean();
    Double now = is.mean();
    if (before == null || now == null) {
      return ofCategories(was, rowsBefore, is, rowsNow, missing);
    }
    Double deviations = deviations(was, is);
    double apart = deviations == null ? (before.equals(now) ? 0 : 1) : apart(deviations);
    double effect = Math.max(Math.abs(missing), Math.max(apart, quantiles(was, is)));
    return new Shift(is.name(), effect, before, now, deviations, null, missing);
  }

  /** Whether all values are known with their rows, so that numbers need no approximation. */
  private static boolean listed(RunRecord.Column column) {
    Long distinct = column.distinct();
    return distinct != null && distinct > 0 && distinct == column.categories().size();
  }

  /** Of rows that have one; what is not listed is taken to be as frequent as what is at all. */
  private static Shift ofCategories(
      RunRecord.Column was, long rowsBefore, RunRecord.Column is, long rowsNow, double missing) {
    double all = rowsBefore - was.missing();
    double allNow = rowsNow - is.missing();
    if (all <= 0 || allNow <= 0 || was.categories().isEmpty() || is.categories().isEmpty()) {
      Double effect = missing == 0 ? null : (Double) Math.abs(missing);
      return new Shift(is.name(), effect, null, null, null, null, missing);
    }
    Set<String> names = new TreeSet<>(was.categories().keySet());
    names.addAll(is.categories().keySet());
    double distance = 0;
    double most = -1;
    String moved = "";
    for (String name : names) {
      double change = change(was, all, is, allNow, name);
      distance += change / 2;
      if (change > most) {
        most = change;
        moved = name;
      }
    }
    return new Shift(
        is.name(),
        Math.max(Math.abs(missing), distance),
        share(was, moved, all),
        share(is, moved, allNow),
        null,
        moved,
        missing);
  }

  private static double change(
      RunRecord.Column was, double all, RunRecord.Column is, double allNow, String name) {
    double before = share(was, name, all);
    double now = share(is, name, allNow);
    if (!was.categories().containsKey(name) && !listed(was)) {
      return Math.max(0, now - least(was, all));
    }
    if (!is.categories().containsKey(name) && !listed(is)) {
      return Math.max(0, before - least(is, allNow));
    }
    return Math.abs(before - now);
  }

  /** The share of the least frequent category that is listed; no other has more. */
  private static double least(RunRecord.Column column, double all) {
    return column.categories().values().stream().mapToLong(Long::longValue).min().orElse(0) / all;
  }

  private static double share(RunRecord.Column column, String category, double all) {
    return column.categories().getOrDefault(category, 0L) / all;
  }

  private static @Nullable Double deviations(RunRecord.Column was, RunRecord.Column is) {
    Double before = was.deviation();
    Double now = is.deviation();
    if (before == null || now == null || was.mean() == null || is.mean() == null) {
      return null;
    }
    double pooled = Math.sqrt((before * before + now * now) / 2);
    double moved = (is.mean() - was.mean()) / pooled;
    return Double.isFinite(moved) ? (Double) moved : null;
  }

  private static double apart(double deviations) {
    return Erf.erf(Math.abs(deviations) / (2 * Math.sqrt(2)));
  }

  /** The largest distance of the distribution functions that the quantiles of both prove. */
  private static double quantiles(RunRecord.Column was, RunRecord.Column is) {
    return Math.max(oneSided(was, is), oneSided(is, was));
  }

  private static double oneSided(RunRecord.Column one, RunRecord.Column other) {
    List<double[]> curve = curve(other);
    double largest = 0;
    for (double[] point : curve(one)) {
      double below = 0;
      double upTo = 1;
      for (double[] known : curve) {
        if (known[1] < point[1]) {
          below = known[0];
        } else if (known[1] > point[1]) {
          upTo = Math.min(upTo, known[0]);
        }
      }
      largest = Math.max(largest, Math.max(below - point[0], point[0] - upTo));
    }
    return largest;
  }

  private static List<double[]> curve(RunRecord.Column column) {
    List<double[]> curve = new ArrayList<>();
    column
        .quantiles()
        .forEach((share, value) -> curve.add(new double[] {Double.parseDouble(share), value}));
    curve.sort(Comparator.comparingDouble(point -> point[0]));
    return curve;
  }

  private static double share(long rows, long all) {
    return all <= 0 ? 0 : (double) rows / all;
  }
}
