package reforest.simulate;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;

/**
 * One promise of the gate beside what was simulated of it.
 *
 * @param name which case, such as {@code level/28-days/alike-0.3}
 * @param figure what was simulated, a share or a number in the case's unit
 * @param error standard error of the figure, by the number of simulations
 * @param limit what it must not exceed, or not fall below; infinite for a figure that is only told
 * @param atMost whether the limit is an upper one
 */
public record Claim(String name, double figure, double error, double limit, boolean atMost) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Standard errors that chance may take a figure beyond its limit. */
  private static final double CHANCE = 2;

  /** A figure that other claims are made about. */
  static Claim told(String name, double figure, double error) {
    return new Claim(name, figure, error, Double.POSITIVE_INFINITY, true);
  }

  static Claim atMost(String name, double figure, double error, double limit) {
    return new Claim(name, figure, error, limit, true);
  }

  static Claim atLeast(String name, double figure, double error, double limit) {
    return new Claim(name, figure, error, limit, false);
  }

  /** Whether the figure keeps its limit, give or take two standard errors; NaN does not. */
  public boolean holds() {
    return atMost ? figure <= limit + CHANCE * error : figure >= limit - CHANCE * error;
  }

  /** In words: {@code level/...: 0.061 ± 0.007, at most 0.05}. */
  public String words() {
    return String.format(
        Locale.ROOT,
        "%s: %.3g ± %.2g, %s %s",
        name,
        figure,
        error,
        atMost ? "at most" : "at least",
        limit);
  }

  /**
   * One line of JSON: {@code case}, {@code figure}, {@code error}, {@code limit}, {@code holds}.
   */
  public String toJson() {
    ObjectNode node = JSON.createObjectNode();
    node.put("case", name);
    node.put("figure", rounded(figure));
    node.put("error", rounded(error));
    if (Double.isFinite(limit)) {
      node.put("limit", limit);
      node.put("limit-is", atMost ? "at-most" : "at-least");
    } else {
      node.putNull("limit");
    }
    node.put("holds", holds());
    return node.toString();
  }

  private static double rounded(double value) {
    return Math.rint(value * 1e5) / 1e5;
  }
}
