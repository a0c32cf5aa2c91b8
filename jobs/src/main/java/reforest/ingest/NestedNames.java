package reforest.ingest;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** How single values are reached within structs, arrays and maps. */
final class NestedNames {

  private NestedNames() {}

  /** The names of all columns, those within structs with the way to them: {@code place.city}. */
  static List<String> of(StructType schema) {
    List<String> names = new ArrayList<>();
    for (StructField field : schema.fields()) {
      if (field.dataType() instanceof StructType inner) {
        of(inner).forEach(name -> names.add(field.name() + "." + name));
      } else {
        names.add(field.name());
      }
    }
    return names;
  }

  /**
   * An expression of one value within another of a nested type, which is null where there is none.
   *
   * @param whole expression of the nested value
   * @return empty for a type that is not nested, or holds nothing
   */
  static Optional<String> oneValue(String whole, DataType type) {
    if (type instanceof StructType struct && struct.length() > 0) {
      StructField first = struct.fields()[0];
      String inner = whole + "." + first.name();
      return oneValue(inner, first.dataType()).or(() -> Optional.of(inner));
    }
    if (type instanceof ArrayType) {
      return Optional.of("get(" + whole + ", 0)");
    }
    return type instanceof MapType
        ? Optional.of("try_element_at(" + whole + ", 'its key')")
        : Optional.empty();
  }
}
