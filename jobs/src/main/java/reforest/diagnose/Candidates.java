package reforest.diagnose;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Slices of one, two or three conditions each, which are counted together. */
final class Candidates implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final int NONE = -1;

  private final int conditions;
  private final int[][] each;
  private final int depth;

  /** By condition the place of the slice, or of what starts a longer one. */
  private final int[] first;

  /** By first condition, then the second; null where none starts so. */
  private final int[] @Nullable [] second;

  /** By the place of the first two, then the third condition. */
  private final int[] @Nullable [] third;

  /**
   * @param conditions how many there are
   * @param each the slices, by ascending conditions, all equally many
   */
  Candidates(int conditions, List<int[]> each) {
    this.conditions = conditions;
    this.each = each.toArray(int[][]::new);
    this.depth = each.isEmpty() ? 1 : each.get(0).length;
    this.first = none();
    this.second = new int[depth > 1 ? conditions : 0][];
    this.third = new int[depth > 2 ? this.each.length : 0][];
    int pairs = 0;
    for (int place = 0; place < this.each.length; place++) {
      int[] slice = this.each[place];
      if (depth == 1) {
        first[slice[0]] = place;
        continue;
      }
      int[] seconds = second[slice[0]];
      if (seconds == null) {
        seconds = none();
        second[slice[0]] = seconds;
      }
      if (depth == 2) {
        seconds[slice[1]] = place;
        continue;
      }
      if (seconds[slice[1]] == NONE) {
        seconds[slice[1]] = pairs++;
      }
      int pair = seconds[slice[1]];
      int[] thirds = third[pair];
      if (thirds == null) {
        thirds = none();
        third[pair] = thirds;
      }
      thirds[slice[2]] = place;
    }
  }

  private int[] none() {
    int[] none = new int[conditions];
    Arrays.fill(none, NONE);
    return none;
  }

  int size() {
    return each.length;
  }

  int[] get(int place) {
    return each[place];
  }

  /** Adds a row to all slices that it is in. */
  void add(int[] holding, int bucket, long excess, Counts counts) {
    for (int i = 0; i < holding.length; i++) {
      if (depth == 1) {
        count(first[holding[i]], bucket, excess, counts);
        continue;
      }
      int[] seconds = second[holding[i]];
      for (int j = i + 1; seconds != null && j < holding.length; j++) {
        int pair = seconds[holding[j]];
        if (depth == 2) {
          count(pair, bucket, excess, counts);
        } else if (pair != NONE) {
          addThirds(pair, holding, j + 1, bucket, excess, counts);
        }
      }
    }
  }

  private void addThirds(
      int pair, int[] holding, int from, int bucket, long excess, Counts counts) {
    int[] thirds = third[pair];
    for (int k = from; thirds != null && k < holding.length; k++) {
      count(thirds[holding[k]], bucket, excess, counts);
    }
  }

  private static void count(int place, int bucket, long excess, Counts counts) {
    if (place != NONE) {
      counts.add(place, bucket, excess);
    }
  }

  /** Whether a row is in a slice. */
  static boolean holds(int[] slice, int[] holding) {
    for (int condition : slice) {
      if (Arrays.binarySearch(holding, condition) < 0) {
        return false;
      }
    }
    return true;
  }
}
