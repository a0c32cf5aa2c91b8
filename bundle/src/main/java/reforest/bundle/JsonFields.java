package reforest.bundle;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One JSON object that is read strictly: what nobody asked for is refused at the end. */
final class JsonFields {

  private static final int LARGEST_BYTES = 64 << 20;

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final JsonNode node;
  private final String at;
  private final Set<String> asked = new HashSet<>();

  private JsonFields(JsonNode node, String at) {
    this.node = node;
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
    try {
      JsonNode node = MAPPER.readTree(bytes);
      if (!node.isObject()) {
        throw refusal(what + " is not a JSON object", null);
      }
      return new JsonFields(node, what);
    } catch (IOException e) {
      throw refusal(what + " is not JSON: " + e.getMessage(), e);
    }
  }

  /** A new empty object, for writing. */
  static ObjectNode create() {
    return MAPPER.createObjectNode();
  }

  /** The same bytes for the same fields in the same order, on every system. */
  static byte[] bytes(ObjectNode node) {
    DefaultIndenter lines = new DefaultIndenter("  ", "\n");
    DefaultPrettyPrinter printer =
        new DefaultPrettyPrinter().withObjectIndenter(lines).withArrayIndenter(lines);
    try {
      return (MAPPER.writer(printer).writeValueAsString(node) + "\n")
          .getBytes(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException("a tree of texts and numbers is always JSON", e);
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
    JsonNode value = required(field);
    if (!value.isTextual()) {
      throw problem(field, "must be a text");
    }
    return value.textValue();
  }

  Optional<String> optionalText(String field) {
    return has(field) ? Optional.of(text(field)) : Optional.empty();
  }

  long whole(String field) {
    JsonNode value = required(field);
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw problem(field, "must be a whole number");
    }
    return value.longValue();
  }

  Optional<Double> optionalNumber(String field) {
    if (!has(field)) {
      return Optional.empty();
    }
    JsonNode value = required(field);
    if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
      throw problem(field, "must be a finite number");
    }
    return Optional.of(value.doubleValue());
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
    for (JsonNode value : array(field)) {
      if (!value.isTextual()) {
        throw problem(field, "must hold texts only");
      }
      texts.add(value.textValue());
    }
    return texts;
  }

  Map<String, String> textMap(String field) {
    JsonNode object = required(field);
    if (!object.isObject()) {
      throw problem(field, "must be an object");
    }
    Map<String, String> map = new TreeMap<>();
    for (Map.Entry<String, JsonNode> entry : object.properties()) {
      if (!entry.getValue().isTextual()) {
        throw problem(field + "." + entry.getKey(), "must be a text");
      }
      map.put(entry.getKey(), entry.getValue().textValue());
    }
    return map;
  }

  JsonFields object(String field) {
    JsonNode value = required(field);
    if (!value.isObject()) {
      throw problem(field, "must be an object");
    }
    return new JsonFields(value, at + ": " + field);
  }

  List<JsonFields> objects(String field) {
    List<JsonFields> objects = new ArrayList<>();
    for (JsonNode value : array(field)) {
      if (!value.isObject()) {
        throw problem(field, "must hold objects only");
      }
      objects.add(new JsonFields(value, at + ": " + field + "[" + objects.size() + "]"));
    }
    return objects;
  }

  /** Refuses a field that nobody asked for: its meaning is unknown here. */
  void end() {
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      if (!asked.contains(entry.getKey())) {
        throw problem(entry.getKey(), "is not a known field");
      }
    }
  }

  ReforestException problem(String field, String problem) {
    return refusal(at + ": " + field + " " + problem, null);
  }

  private boolean has(String field) {
    asked.add(field);
    return node.has(field);
  }

  private JsonNode array(String field) {
    JsonNode value = required(field);
    if (!value.isArray()) {
      throw problem(field, "must be a list");
    }
    return value;
  }

  private JsonNode required(String field) {
    asked.add(field);
    JsonNode value = node.get(field);
    if (value == null) {
      throw problem(field, "is missing");
    }
    return value;
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
