package reforest.statistics;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which group of the jackknife a cluster belongs to: one of its own while there are few, else one
 * that it shares, by a hash or, of periods of time, with its neighbours. Depends on the clusters
 * only, never on the order in which they are met.
 */
public final class JackknifeGroups implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Where clusters are periods that share groups: the first of them, and how many there are. */
  private record Span(long first, long periods) implements Serializable {
    private static final long serialVersionUID = 1L;
  }

  private final HashMap<String, Integer> own;
  private final @Nullable Span span;
  private final boolean inTime;
  private final int size;

  private JackknifeGroups(Map<String, Integer> own, @Nullable Span span, boolean inTime, int size) {
    this.own = new HashMap<>(own);
    this.span = span;
    this.inTime = inTime;
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
    return new JackknifeGroups(numbered(sorted), null, false, sorted.size());
  }

  /**
   * Groups for periods of time, in their order; where there are too many, neighbours share one.
   *
   * @param periods their numbers; repeats count once
   * @param most the largest number of groups, at least 2
   */
  public static JackknifeGroups ofPeriods(Collection<Long> periods, int most) {
    TreeSet<Long> sorted = new TreeSet<>(periods);
    if (sorted.size() > most) {
      return ofPeriods(sorted.first(), sorted.last(), most);
    }
    List<String> names = sorted.stream().map(String::valueOf).toList();
    return new JackknifeGroups(numbered(names), null, true, names.size());
  }

  /**
   * {@code groups} spans of neighbouring periods, for more periods than that.
   *
   * @param first number of the first period
   * @param last number of the last one
   * @param groups at least 2
   */
  public static JackknifeGroups ofPeriods(long first, long last, int groups) {
    if (groups < 2 || last - first < groups) {
      throw new IllegalArgumentException(
          "%d groups cannot hold the periods from %d to %d".formatted(groups, first, last));
    }
    return new JackknifeGroups(Map.of(), new Span(first, last - first + 1), true, groups);
  }

  private static Map<String, Integer> numbered(Collection<String> inOrder) {
    Map<String, Integer> numbers = new HashMap<>();
    for (String name : inOrder) {
      numbers.put(name, numbers.size());
    }
    return numbers;
  }

  /** {@code groups} hash buckets, at least 2, for clusters that need not be known. */
  public static JackknifeGroups hashed(int groups) {
    if (groups < 2) {
      throw new IllegalArgumentException("at least 2 groups are needed, got " + groups);
    }
    return new JackknifeGroups(Map.of(), null, false, groups);
  }

  /** How many groups there are. */
  public int size() {
    return size;
  }

  /** Whether clusters share groups, because there are many. */
  public boolean isShared() {
    return own.isEmpty() && size > 0;
  }

  /** Whether groups are periods of time in their order, so that neighbours may be alike. */
  public boolean isInTime() {
    return inTime;
  }

  /**
   * The cluster's group, from 0.
   *
   * @throws IllegalArgumentException when each cluster has a group of its own and this one is new
   */
  public int group(String cluster) {
    Span known = span;
    if (known != null) {
      long distance = Long.parseLong(cluster) - known.first();
      if (distance < 0 || distance >= known.periods()) {
        throw new IllegalArgumentException("unknown period " + cluster);
      }
      return (int) (distance * size / known.periods());
    }
    if (isShared()) {
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
