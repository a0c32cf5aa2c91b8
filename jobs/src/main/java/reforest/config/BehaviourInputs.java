package reforest.config;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import reforest.bundle.ColumnType;

/** What a row of a suite may hold: declared columns, and features that look back on a series. */
final class BehaviourInputs {

  private final Map<String, Optional<ColumnType>> types = new HashMap<>();
  private final Set<String> read = new HashSet<>();

  BehaviourInputs(DataConfig data, FeatureConfig features) {
    for (DataConfig.Column column : data.columns()) {
      types.put(column.name(), ColumnType.named(column.type()));
    }
    Stream.concat(features.numeric().stream(), features.categorical().stream())
        .forEach(
            feature -> read.add(features.calendar(feature).map(it -> it.of()).orElse(feature)));
    features.series().forEach(it -> types.put(it.name(), Optional.of(ColumnType.DOUBLE)));
  }

  /** Notes a value of a row whose column is none, or that is not of its type. */
  void check(Section row, String column, String value) {
    if (isKnown(column, words -> row.problem(column, words))) {
      checkType(row, column, column, value);
    }
  }

  /** The same of a value that stands in another key. */
  void check(Section section, String key, String column, String value) {
    if (types.containsKey(column)) {
      checkType(section, key, column, value);
    }
  }

  private void checkType(Section section, String key, String column, String value) {
    Optional<ColumnType> type = Optional.ofNullable(types.get(column)).flatMap(it -> it);
    if (type.isPresent() && type.get().read(value) instanceof ColumnType.Refused refused) {
      section.problem(
          key,
          "holds %s, which %s%s"
              .formatted(
                  Values.shortened(value),
                  refused.why(),
                  key.equals(column) ? "" : ", as " + column + " is"));
    }
  }

  /** Notes a column under a key of its own that no feature reads, so that it could not matter. */
  void requireRead(Section section, String column) {
    if (isKnown(column, words -> section.problem(column, words)) && !read.contains(column)) {
      section.problem(column, UNREAD);
    }
  }

  /** The same of a column that the key's text names. */
  void requireRead(Section section, String key, String column) {
    if (isKnown(column, words -> section.problem(key, "names '" + column + "', which " + words))
        && !read.contains(column)) {
      section.problem(key, "names '" + column + "', which " + UNREAD);
    }
  }

  private static final String UNREAD = "is read by no feature, so that the case always holds";

  private boolean isKnown(String column, Values.Wrong wrong) {
    if (types.containsKey(column) || types.isEmpty()) {
      return true;
    }
    wrong.accept(
        "is no declared column"
            + Nearest.to(column, List.copyOf(types.keySet()))
                .map(near -> "; did you mean '" + near + "'?")
                .orElse(""));
    return false;
  }
}
