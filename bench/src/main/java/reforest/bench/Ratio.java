package reforest.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One figure of ours beside a peer's, from the same run.
 *
 * @param name the case
 * @param measure what was measured, with its unit and the peer
 * @param ours our figure
 * @param peer the peer's
 * @param ratio one divided by the other, in the direction that the target is written in
 * @param target what the ratio must reach
 * @param facts what stands behind it: rows, versions, flags, the machine
 */
public record Ratio(
    String name,
    String measure,
    double ours,
    double peer,
    double ratio,
    Target target,
    Map<String, Object> facts) {

  /** First lines of a table whose rows are {@link #row}. */
  public static final String HEADER =
      "| case | measure | ours | peer | ratio | target | holds |\n|---|---|---|---|---|---|---|";

  private static final JsonMapper JSON = JsonMapper.builder().build();

  public Ratio {
    facts = Map.copyOf(facts);
  }

  /** Ours as a multiple of the peer's: small is good. */
  public static Ratio ofPeer(String name, String measure, double ours, double peer, Target target) {
    return new Ratio(name, measure, ours, peer, ours / peer, target, Map.of());
  }

  /** The peer's as a multiple of ours: large is good. */
  public static Ratio ofOurs(String name, String measure, double ours, double peer, Target target) {
    return new Ratio(name, measure, ours, peer, peer / ours, target, Map.of());
  }

  /** The same with more facts. */
  public Ratio with(Map<String, ?> more) {
    Map<String, Object> all = new LinkedHashMap<>(facts);
    all.putAll(more);
    return new Ratio(name, measure, ours, peer, ratio, target, all);
  }

  /** The same with one fact more. */
  public Ratio with(String fact, Object value) {
    return with(Map.of(fact, value));
  }

  /** One line of JSON; what is not a finite number is null. */
  public String json() {
    Map<String, @Nullable Object> line = new LinkedHashMap<>();
    line.put("case", name);
    line.put("measure", measure);
    line.put("ours", finite(ours));
    line.put("peer", finite(peer));
    line.put("ratio", finite(ratio));
    line.put("target", target.isSet() ? target.toString() : null);
    line.put("holds", target.isSet() ? target.holds(ratio) : null);
    line.putAll(new TreeMap<>(facts));
    try {
      return JSON.writeValueAsString(line);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** One row of a table for people. */
  public String row() {
    return String.format(
        Locale.ROOT,
        "| %s | %s | %s | %s | %s | %s | %s |",
        name,
        measure,
        figure(ours) + limit("oursTimesLimit"),
        figure(peer) + limit("peerTimesLimit"),
        figure(ratio),
        target,
        !target.isSet() ? "" : target.holds(ratio) ? "yes" : "**no**");
  }

  private String limit(String fact) {
    return facts.get(fact) instanceof Double times ? " (" + figure(times) + " x limit)" : "";
  }

  /** Three digits that count. */
  static String figure(double value) {
    if (Double.isNaN(value)) {
      return "?";
    }
    double size = Math.abs(value);
    return String.format(
        Locale.ROOT,
        size >= 99.95 || value == Math.rint(value)
            ? "%,.0f"
            : size >= 9.995 ? "%.1f" : size >= 0.9995 ? "%.2f" : size >= 0.001 ? "%.4f" : "%.3g",
        value);
  }

  private static @Nullable Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }
}
