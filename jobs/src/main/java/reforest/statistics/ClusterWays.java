package reforest.statistics;

import java.io.Serializable;
import java.util.List;

/**
 * The ways in which rows depend on each other: one, or two that cross, such as days and customers.
 * Where two cross, the combinations of both are the third (Cameron, Gelbach and Miller 2011).
 */
public final class ClusterWays implements Serializable {
  private static final long serialVersionUID = 1L;

  private final JackknifeGroups[] each;

  private ClusterWays(JackknifeGroups... each) {
    this.each = each;
  }

  /** A single way. */
  public static ClusterWays of(JackknifeGroups only) {
    return new ClusterWays(only);
  }

  /**
   * Two ways that cross.
   *
   * @param one groups of the one way's clusters
   * @param other groups of the other way's
   * @param both groups of the combinations, as {@link #crossed} names them
   */
  public static ClusterWays crossing(
      JackknifeGroups one, JackknifeGroups other, JackknifeGroups both) {
    return new ClusterWays(one, other, both);
  }

  /**
   * The names of a row's clusters where two ways cross: in the one, in the other, and of their
   * combination. Different pairs never give the same combination.
   */
  public static List<String> crossed(String one, String other) {
    return List.of(one, other, one.length() + ":" + one + other);
  }

  /** Each way's groups: one, or those of two ways and then of their combinations. */
  public List<JackknifeGroups> each() {
    return List.of(each);
  }

  /** Whether clusters of a way share groups, because there are many; combinations do not count. */
  public boolean isShared() {
    return each[0].isShared() || (each.length > 1 && each[1].isShared());
  }

  /**
   * A row's group in each way.
   *
   * @param clusters its cluster in each way, in the order of {@link #each()}
   * @throws IllegalArgumentException when each cluster has a group of its own and one is new
   */
  public int[] groups(List<String> clusters) {
    int[] groups = new int[each.length];
    for (int way = 0; way < groups.length; way++) {
      groups[way] = each[way].group(clusters.get(way));
    }
    return groups;
  }
}
