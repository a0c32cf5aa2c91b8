package reforest.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The declared columns, as other settings refer to them. */
final class DeclaredColumns {

  private static final Set<String> WHOLE = Set.of("int", "bigint");
  private static final Set<String> FRACTIONS = Set.of("float", "double");

  private final DataConfig data;

  DeclaredColumns(DataConfig data) {
    this.data = data;
  }

  /** The same with columns of a type that are made of others. */
  DeclaredColumns with(List<String> made, String type) {
    List<DataConfig.Column> columns = new ArrayList<>(data.columns());
    made.forEach(name -> columns.add(DataConfig.Column.made(name, type)));
    return new DeclaredColumns(data.withColumns(columns));
  }

  DataConfig data() {
    return data;
  }

  /** Notes each name of the key's list that is no declared column. */
  void check(Section section, String key, List<String> names) {
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      if (data.column(name).isEmpty() && !data.columns().isEmpty()) {
        section.problem(key, i, "names '" + name + "', which is no declared column" + meant(name));
      }
    }
  }

  /** Words that name the nearest declared column, or none. */
  String meant(String name) {
    Optional<String> near =
        Nearest.to(name, data.columns().stream().map(DataConfig.Column::name).toList());
    return near.map(n -> "; did you mean '" + n + "'?").orElse("");
  }

  static boolean isWhole(String type) {
    return WHOLE.contains(type);
  }

  static boolean isFraction(String type) {
    return FRACTIONS.contains(type) || type.startsWith("decimal");
  }

  static boolean isNumber(String type) {
    return isWhole(type) || isFraction(type);
  }

  static boolean isTime(String type) {
    return type.equals("timestamp") || type.equals("date");
  }
}
