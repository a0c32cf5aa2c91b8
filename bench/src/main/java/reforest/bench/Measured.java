package reforest.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * What one process took, with all that it started.
 *
 * @param cpuSeconds user and system time
 * @param wallSeconds from its start to its end
 * @param peakMegabytes most resident memory of any one of its processes
 * @param told what it wrote itself
 */
public record Measured(double cpuSeconds, double wallSeconds, double peakMegabytes, JsonNode told) {

  /** A number that the process wrote; NaN when it wrote none of that name. */
  public double number(String name) {
    JsonNode value = told.path(name);
    return value.isNumber() ? value.asDouble() : Double.NaN;
  }

  /** A list of numbers that the process wrote; empty when it wrote none of that name. */
  public List<Double> numbers(String name) {
    List<Double> numbers = new ArrayList<>();
    told.path(name).forEach(value -> numbers.add(value.asDouble(Double.NaN)));
    return numbers;
  }

  /** A text that the process wrote; empty when it wrote none of that name. */
  public String text(String name) {
    return told.path(name).asText();
  }
}
