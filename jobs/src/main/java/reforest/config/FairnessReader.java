package reforest.config;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import reforest.bundle.Task;
import reforest.config.FairnessConfig.Gap;

/** Reads {@code fairness}: between which groups a model is compared with itself. */
final class FairnessReader {

  private static final int MOST_MIN_ROWS = 1_000_000;

  private FairnessReader() {}

  static FairnessConfig read(Section fairness, DeclaredColumns contract, Optional<Task> task) {
    List<String> columns = fairness.texts("groups");
    contract.check(fairness, "groups", columns);
    int minRows = fairness.count("min-rows", FairnessConfig.FEWEST_NAMED, MOST_MIN_ROWS);
    Section written = fairness.section("limits");
    Map<Gap, Double> limits = new EnumMap<>(Gap.class);
    for (Gap gap : Gap.values()) {
      boolean isShare = task.filter(it -> it == Task.BINARY).isPresent() && gap != Gap.ERROR;
      Optional<Double> limit =
          written.number(gap.key(), isShare ? Range.upTo(0, 1) : Range.above(0));
      if (limit.isPresent() && task.filter(it -> !gap.fits(it)).isPresent()) {
        written.problem(gap.key(), "is for binary tasks, but task is " + task.orElseThrow().key());
      }
      limit.ifPresent(it -> limits.put(gap, it));
    }
    if (!limits.isEmpty() && columns.isEmpty() && fairness.isEmptyList("groups")) {
      written.problem(
          limits.keySet().iterator().next().key(),
          "needs fairness.groups, the columns whose values are the groups");
    }
    return new FairnessConfig(columns, minRows, limits);
  }
}
