package reforest.diagnose;

import java.io.Serializable;
import java.util.stream.IntStream;
import reforest.statistics.ClusterWays;
import reforest.statistics.CounterRandom;
import reforest.statistics.JackknifeGroups;

/**
 * Half of the clusters, in which slices are looked for, and the others, which confirm them: what
 * was chosen because it looks bad looks bad in the rows that it was chosen by.
 *
 * <p>Periods of time are dealt out in four blocks, so that few neighbours are in different halves
 * and both halves have old rows and new ones.
 */
final class Halves implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final int BLOCKS = 4;

  private final int way;
  private final int size;
  private final boolean inTime;

  Halves(ClusterWays ways) {
    // Where days and customers cross, days are what most rows share.
    way = ways.each().size() > 1 ? 1 : 0;
    JackknifeGroups groups = ways.each().get(way);
    size = groups.size();
    inTime = groups.isInTime();
  }

  /** Whether a row is in the half in which slices are looked for. */
  boolean isForFinding(int[] groups) {
    return isForFinding(groups[way]);
  }

  private boolean isForFinding(int group) {
    return (inTime ? group * BLOCKS / size : group) % 2 == 0;
  }

  /** How many groups the smaller half has. */
  int least() {
    int finding = (int) IntStream.range(0, size).filter(this::isForFinding).count();
    return Math.min(finding, size - finding);
  }

  /** In which bucket a row is counted while searching. */
  int bucket(int[] groups) {
    int group = groups[way];
    return inTime
        ? group % Counts.BUCKETS
        : (int) Long.remainderUnsigned(CounterRandom.mix(group), Counts.BUCKETS);
  }
}
