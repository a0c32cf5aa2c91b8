package reforest.registry;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructType;

/**
 * The columns of a table that holds records as their JSON has them: one for each component, so that
 * nothing that a record holds can be missing there. All may be null.
 */
final class RecordSchema {

  private static final Map<Type, DataType> PLAIN =
      Map.ofEntries(
          Map.entry(String.class, DataTypes.StringType),
          Map.entry(Instant.class, DataTypes.TimestampType),
          Map.entry(int.class, DataTypes.IntegerType),
          Map.entry(long.class, DataTypes.LongType),
          Map.entry(Long.class, DataTypes.LongType),
          Map.entry(double.class, DataTypes.DoubleType),
          Map.entry(Double.class, DataTypes.DoubleType),
          Map.entry(boolean.class, DataTypes.BooleanType));

  private RecordSchema() {}

  /** The columns of a record's components, in their order. */
  static StructType of(Class<?> type) {
    StructType schema = new StructType();
    for (RecordComponent component : type.getRecordComponents()) {
      DataType column =
          component.isAnnotationPresent(UtcTime.class)
              ? DataTypes.TimestampType
              : column(component.getGenericType());
      schema = schema.add(component.getName(), column);
    }
    return schema;
  }

  private static DataType column(Type type) {
    DataType plain = PLAIN.get(type);
    if (plain != null) {
      return plain;
    }
    if (type instanceof Class<?> plainClass && plainClass.isRecord()) {
      return of(plainClass);
    }
    if (type instanceof Class<?> plainClass && plainClass.isEnum()) {
      return DataTypes.StringType;
    }
    if (type instanceof ParameterizedType of) {
      Type[] inner = of.getActualTypeArguments();
      if (of.getRawType() == List.class) {
        return DataTypes.createArrayType(column(inner[0]));
      }
      if (of.getRawType() == Map.class) {
        return DataTypes.createMapType(column(inner[0]), column(inner[1]));
      }
      if (of.getRawType() == Optional.class) {
        return column(inner[0]);
      }
    }
    throw new IllegalArgumentException("no column of a table holds a " + type);
  }

  /** Whether a table has all columns that are wanted, down to those nested in others. */
  static boolean covers(DataType there, DataType wanted) {
    if (wanted instanceof StructType fields && there instanceof StructType has) {
      return Stream.of(fields.fields())
          .allMatch(
              field ->
                  List.of(has.fieldNames()).contains(field.name())
                      && covers(has.apply(field.name()).dataType(), field.dataType()));
    }
    if (wanted instanceof ArrayType array && there instanceof ArrayType has) {
      return covers(has.elementType(), array.elementType());
    }
    if (wanted instanceof MapType map && there instanceof MapType has) {
      return covers(has.valueType(), map.valueType());
    }
    return there.equals(wanted);
  }
}
