package reforest.statistics;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

/**
 * Which group of the jackknife a cluster belongs to: one of its own while there are few, else one
 * of a fixed number of hash buckets. Depends on the clusters only, never on their order.
 */
public final class JackknifeGroups implements Serializable {
  private static final long serialVersionUID = 1L;

  private final HashMap<String, Integer> own;
  private final int size;

  private JackknifeGroups(Map<String, Integer> own, int size) {
    this.own = new HashMap<>(own);
    this.size = size;
  }

  /**
   * Groups for these clusters.
   *
   * @param clusters their names; repeats count once
   * @param most the largest number of groups, at least 2
   */
  public static JackknifeGroups of(Collection<String> clusters, int most) {
    TreeSet<String> sorted = new TreeSet<>(clusters);
    if (sorted.size() > most) {
      return hashed(most);
    }
    Map<String, Integer> own = new HashMap<>();
    for (String cluster : sorted) {
      own.put(cluster, own.size());
    }
    return new JackknifeGroups(own, own.size());
  }

  /** {@code groups} hash buckets, at least 2, for clusters that need not be known. */
  public static JackknifeGroups hashed(int groups) {
    if (groups < 2) {
      throw new IllegalArgumentException("at least 2 groups are needed, got " + groups);
    }
    return new JackknifeGroups(Map.of(), groups);
  }

  /** How many groups there are. */
  public int size() {
    return size;
  }

  /** Whether clusters share groups by hash. */
  public boolean isHashed() {
    return own.isEmpty() && size > 0;
  }

  /**
   * The cluster's group, from 0.
   *
   * @throws IllegalArgumentException when each cluster has a group of its own and this one is new
   */
  public int group(String cluster) {
    if (isHashed()) {
      return (int) Long.remainderUnsigned(hash(cluster), size);
    }
    Integer group = own.get(cluster);
    if (group == null) {
      throw new IllegalArgumentException("unknown cluster " + cluster);
    }
    return group;
  }

  /** A 64-bit hash that is the same on every machine: FNV-1a with a finaliser for its low bits. */
  static long hash(String text) {
    long hash = 0xcbf29ce484222325L;
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
    }
    hash = (hash ^ (hash >>> 32)) * 0xd6e8feb86659fd93L;
    hash = (hash ^ (hash >>> 32)) * 0xd6e8feb86659fd93L;
    return hash ^ (hash >>> 32);
  }
}
