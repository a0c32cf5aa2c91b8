package reforest.bundle;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One JSON object that is read strictly: what nobody asked for is refused at the end.
 *
 * <p>Parsed without a binding library: that alone would be a quarter of a process's first load.
 */
final class JsonFields {

  private static final int LARGEST_BYTES = 64 << 20;

  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  /** Texts, {@code Long}, {@code Double}, {@code Boolean}, lists, maps of these, and null. */
  private final Map<?, ?> fields;

  private final String at;
  private final Set<String> asked = new HashSet<>();

  private JsonFields(Map<?, ?> fields, String at) {
    this.fields = fields;
    this.at = at;
  }

  /**
   * The object in {@code bytes}.
   *
   * @param what the document's name in messages
   * @throws ReforestException of kind {@code DATA} when it is no JSON object
   */
  static JsonFields parse(byte[] bytes, String what) {
    if (bytes.length > LARGEST_BYTES) {
      throw refusal(what + " has " + bytes.length + " bytes, more than " + LARGEST_BYTES, null);
    }
    try (JsonParser parser = JSON.createParser(bytes)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw refusal(what + " is not a JSON object", null);
      }
      Map<String, @Nullable Object> fields = object(parser);
      if (parser.nextToken() != null) {
        throw refusal(what + " is not JSON: something follows its end", null);
      }
      return new JsonFields(fields, what);
    } catch (IOException e) {
      throw refusal(what + " is not JSON: " + e.getMessage(), e);
    }
  }

  private static Map<String, @Nullable Object> object(JsonParser parser) throws IOException {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      fields.put(name, value(parser));
    }
    return fields;
  }

  /** Recursive, as deep as the parser lets documents be nested. */
  private static @Nullable Object value(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> {
        List<@Nullable Object> values = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          values.add(value(parser));
        }
        yield values;
      }
      case VALUE_STRING -> parser.getText();
      case VALUE_TRUE, VALUE_FALSE -> parser.getBooleanValue();
      case VALUE_NUMBER_INT -> {
        boolean fits = parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
        yield fits ? (Object) parser.getLongValue() : (Object) parser.getDoubleValue();
      }
      case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      default -> null;
    };
  }

  /**
   * The same bytes for the same fields in the same order, on every system.
   *
   * @param fields texts, whole numbers, {@code Double}, lists and maps of these
   */
  static byte[] bytes(Map<String, ?> fields) {
    DefaultIndenter lines = new DefaultIndenter("  ", "\n");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.setPrettyPrinter(
          new DefaultPrettyPrinter().withObjectIndenter(lines).withArrayIndenter(lines));
      write(fields, json);
      json.writeRaw('\n');
    } catch (IOException e) {
      throw new IllegalStateException("a tree of texts and numbers is always JSON", e);
    }
    return bytes.toByteArray();
  }

  private static void write(Object value, JsonGenerator json) throws IOException {
    if (value instanceof Map<?, ?> object) {
      json.writeStartObject();
      for (Map.Entry<?, ?> field : object.entrySet()) {
        json.writeFieldName((String) field.getKey());
        write(field.getValue(), json);
      }
      json.writeEndObject();
    } else if (value instanceof List<?> list) {
      json.writeStartArray();
      for (Object element : list) {
        write(element, json);
      }
      json.writeEndArray();
    } else if (value instanceof Double number) {
      json.writeNumber(number);
    } else if (value instanceof Number whole) {
      json.writeNumber(whole.longValue());
    } else {
      json.writeString((String) value);
    }
  }

  /** The whole number {@code schema}, refused unless it is {@code known}. */
  void schema(int known) {
    long schema = whole("schema");
    if (schema != known) {
      throw new ReforestException(
          ReforestException.Kind.DATA,
          at + " has schema version " + schema + "; this library reads version " + known,
          schema > known
              ? "upgrade reforest-bundle to the version that wrote it"
              : "write it again with this version");
    }
  }

  String text(String field) {
    if (!(required(field) instanceof String text)) {
      throw problem(field, "must be a text");
    }
    return text;
  }

  Optional<String> optionalText(String field) {
    return has(field) ? Optional.of(text(field)) : Optional.empty();
  }

  Optional<JsonFields> optionalObject(String field) {
    return has(field) ? Optional.of(object(field)) : Optional.empty();
  }

  long whole(String field) {
    if (!(required(field) instanceof Long whole)) {
      throw problem(field, "must be a whole number");
    }
    return whole;
  }

  Optional<Double> optionalNumber(String field) {
    if (!has(field)) {
      return Optional.empty();
    }
    if (!(required(field) instanceof Number number) || !Double.isFinite(number.doubleValue())) {
      throw problem(field, "must be a finite number");
    }
    return Optional.of(number.doubleValue());
  }

  Instant instant(String field) {
    try {
      return Instant.parse(text(field));
    } catch (DateTimeException e) {
      throw problem(field, "must be a UTC time such as 2011-12-31T00:00:00Z");
    }
  }

  <E extends Enum<E>> E constant(String field, Class<E> type) {
    String text = text(field);
    for (E constant : type.getEnumConstants()) {
      if (key(constant).equals(text)) {
        return constant;
      }
    }
    throw problem(field, "has the unknown value '" + text + "'");
  }

  /** How an enum's constants are written. */
  static String key(Enum<?> constant) {
    return constant.name().toLowerCase(java.util.Locale.ROOT);
  }

  List<String> texts(String field) {
    List<String> texts = new ArrayList<>();
    for (Object value : array(field)) {
      if (!(value instanceof String text)) {
        throw problem(field, "must hold texts only");
      }
      texts.add(text);
    }
    return texts;
  }

  Map<String, String> textMap(String field) {
    if (!(required(field) instanceof Map<?, ?> object)) {
      throw problem(field, "must be an object");
    }
    Map<String, String> map = new TreeMap<>();
    for (Map.Entry<?, ?> entry : object.entrySet()) {
      if (!(entry.getValue() instanceof String text)) {
        throw problem(field + "." + entry.getKey(), "must be a text");
      }
      map.put(String.valueOf(entry.getKey()), text);
    }
    return map;
  }

  JsonFields object(String field) {
    if (!(required(field) instanceof Map<?, ?> object)) {
      throw problem(field, "must be an object");
    }
    return new JsonFields(object, at + ": " + field);
  }

  List<JsonFields> objects(String field) {
    List<JsonFields> objects = new ArrayList<>();
    for (Object value : array(field)) {
      if (!(value instanceof Map<?, ?> object)) {
        throw problem(field, "must hold objects only");
      }
      objects.add(new JsonFields(object, at + ": " + field + "[" + objects.size() + "]"));
    }
    return objects;
  }

  /** Refuses a field that nobody asked for: its meaning is unknown here. */
  void end() {
    for (Object name : fields.keySet()) {
      if (!asked.contains(name)) {
        throw problem(String.valueOf(name), "is not a known field");
      }
    }
  }

  ReforestException problem(String field, String problem) {
    return refusal(at + ": " + field + " " + problem, null);
  }

  private boolean has(String field) {
    asked.add(field);
    return fields.containsKey(field);
  }

  private List<?> array(String field) {
    if (!(required(field) instanceof List<?> list)) {
      throw problem(field, "must be a list");
    }
    return list;
  }

  private @Nullable Object required(String field) {
    if (!has(field)) {
      throw problem(field, "is missing");
    }
    return fields.get(field);
  }

  private static ReforestException refusal(String message, @Nullable Throwable cause) {
    return new ReforestException(
        ReforestException.Kind.DATA,
        message,
        "restore the file from where it was written, or upgrade reforest-bundle if a newer version"
            + " wrote it",
        cause);
  }
}
