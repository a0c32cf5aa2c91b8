package reforest.bench;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * How fast this machine adds to histograms, measured once a run: no trainer of ours can be faster.
 */
final class Limit {

  private double seconds = Double.NaN;

  /** What one addition takes at least, on one core. */
  synchronized double secondsPerAddition(Lab lab) {
    if (Double.isNaN(seconds)) {
      JsonNode results = lab.jmh("limit", "HistogramBenchmark");
      seconds = results.get(0).path("primaryMetric").path("score").asDouble() / 1e9;
    }
    return seconds;
  }
}
