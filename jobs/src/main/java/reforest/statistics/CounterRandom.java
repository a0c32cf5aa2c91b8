package reforest.statistics;

/**
 * Random numbers that are a function of what they are for, so that neither threads nor the order of
 * calls change them: SplitMix64 (Steele, Lea and Flood 2014) on a counter.
 */
public final class CounterRandom {

  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  private final long key;

  /** Draws for one purpose, such as a tree's rows. */
  public CounterRandom(long seed, long purpose) {
    this.key = mix(mix(seed + GOLDEN) ^ (purpose * GOLDEN));
  }

  /** The finishing step of SplitMix64: every bit depends on every other. */
  public static long mix(long bits) {
    long z = (bits ^ (bits >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /** 64 bits, for the n-th use. */
  public long bits(long n) {
    return mix(key + (n + 1) * GOLDEN);
  }

  /** Uniform in [0, 1), for the n-th use. */
  public double uniform(long n) {
    return (bits(n) >>> 11) * 0x1.0p-53;
  }

  /**
   * How often a row is drawn when as many rows as there are, times {@code rate}, are drawn with
   * replacement: Poisson, by inversion of its distribution.
   *
   * @param rate above 0, at most 1
   */
  public int poisson(long n, double rate) {
    double u = uniform(n);
    double term = Math.exp(-rate);
    double below = term;
    int count = 0;
    while (u >= below && count < 30) {
      count++;
      term *= rate / count;
      below += term;
    }
    return count;
  }

  /**
   * So many different numbers below {@code from}, ascending (Knuth's selection sampling, Algorithm
   * S).
   */
  public int[] choose(int count, int from) {
    int[] chosen = new int[count];
    int taken = 0;
    for (int i = 0; taken < count; i++) {
      if (uniform(i) * (from - i) < count - taken) {
        chosen[taken++] = i;
      }
    }
    return chosen;
  }
}
