package reforest.config;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import reforest.config.SearchConfig.Choose;
import reforest.config.SearchConfig.Limits;

/** Reads how the winner is found among the candidates. */
final class SearchReader {

  private SearchReader() {}

  static SearchConfig read(Section train) {
    return new SearchConfig(
        train.choice("choose", List.of(Choose.values()), Choose::key).orElse(Choose.BEST),
        limits(train.section("limits")));
  }

  private static Limits limits(Section limits) {
    OptionalLong bytes = OptionalLong.empty();
    if (limits.has("bundle-bytes")) {
      bytes = OptionalLong.of(limits.count("bundle-bytes", 1, Integer.MAX_VALUE));
    }
    return new Limits(
        limits
            .number("node-visits", Range.above(0))
            .map(OptionalDouble::of)
            .orElse(OptionalDouble.empty()),
        bytes);
  }
}
