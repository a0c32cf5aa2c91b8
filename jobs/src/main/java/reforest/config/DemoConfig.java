package reforest.config;

import java.time.LocalDate;
import java.util.List;

/**
 * When the demo retrains.
 *
 * @param retrainAfter increasing dates, UTC; it retrains once the rows up to the end of each are in
 *     the table
 */
public record DemoConfig(List<LocalDate> retrainAfter) {
  public DemoConfig {
    retrainAfter = List.copyOf(retrainAfter);
  }
}
