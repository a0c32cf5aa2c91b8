package reforest.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * How a command ended, for machines: one JSON object on stdout and in {@code --result}.
 *
 * @param command name of the command
 * @param outcome what it found out
 * @param error why it failed; empty when it did not
 * @param startedAt when it began, UTC
 * @param seconds how long it took
 */
public record Result(
    String command, Outcome outcome, Optional<Failure> error, Instant startedAt, double seconds) {

  /** Version of the JSON's layout. */
  public static final int SCHEMA = 1;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  /** The JSON, a line for each field and for each element of a list of objects. */
  public String toJson() {
    ObjectNode json = NODES.objectNode();
    json.put("schema", SCHEMA);
    json.put("command", command);
    json.put("status", error.isEmpty() ? "ok" : "error");
    json.set("verdict", node(outcome.verdict().orElse(null)));
    json.set("reasons", node(outcome.reasons()));
    json.set("model", node(outcome.model().orElse(null)));
    json.set("run", node(outcome.run().orElse(null)));
    json.set("dataVersion", node(outcome.dataVersion().orElse(null)));
    json.set("metrics", node(outcome.metrics()));
    json.set(
        "bundle",
        outcome
            .bundle()
            .<JsonNode>map(
                b -> NODES.objectNode().put("digest", b.digest()).put("location", b.location()))
            .orElse(NODES.nullNode()));
    json.set("report", node(outcome.report().orElse(null)));
    json.set(
        "champion",
        outcome
            .champion()
            .<JsonNode>map(
                c -> NODES.objectNode().put("sequence", c.sequence()).put("digest", c.digest()))
            .orElse(NODES.nullNode()));
    json.set(
        "error",
        error
            .<JsonNode>map(
                e ->
                    NODES
                        .objectNode()
                        .put("code", e.code())
                        .put("exitCode", e.exitCode())
                        .put("message", e.message())
                        .put("hint", e.hint()))
            .orElse(NODES.nullNode()));
    json.put("startedAt", startedAt.toString());
    json.put("seconds", Math.round(seconds * 1000) / 1000.0);
    outcome.details().forEach((key, value) -> json.set(key, node(value)));
    return text(json);
  }

  /** Text, number, flag, null, or a list or map of these; NaN and the infinities become null. */
  static JsonNode node(@Nullable Object value) {
    if (value == null) {
      return NODES.nullNode();
    }
    // Before lists: a JSON object can be iterated over, too.
    if (value instanceof JsonNode node) {
      return node;
    }
    if (value instanceof Map<?, ?> map) {
      ObjectNode object = NODES.objectNode();
      map.forEach((key, inner) -> object.set(String.valueOf(key), node(inner)));
      return object;
    }
    if (value instanceof Iterable<?> list) {
      ArrayNode array = NODES.arrayNode();
      list.forEach(inner -> array.add(node(inner)));
      return array;
    }
    if (value instanceof Optional<?> optional) {
      return node(optional.orElse(null));
    }
    if (value instanceof Double number) {
      return Double.isFinite(number) ? NODES.numberNode(number) : NODES.nullNode();
    }
    if (value instanceof Number || value instanceof Boolean) {
      return JSON.valueToTree(value);
    }
    return NODES.textNode(String.valueOf(value));
  }

  /** JSON on one line. */
  static String compact(JsonNode node) {
    try {
      return JSON.writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String text(ObjectNode json) {
    StringJoiner fields = new StringJoiner(",\n", "{\n", "\n}\n");
    json.properties()
        .forEach(
            field ->
                fields.add(
                    "  "
                        + compact(NODES.textNode(field.getKey()))
                        + ": "
                        + text(field.getValue())));
    return fields.toString();
  }

  private static String text(JsonNode value) {
    if (!value.isArray() || value.isEmpty() || !value.get(0).isContainerNode()) {
      return compact(value);
    }
    StringJoiner elements = new StringJoiner(",\n    ", "[\n    ", "\n  ]");
    value.forEach(element -> elements.add(compact(element)));
    return elements.toString();
  }

  /** A failed command's result: why, and what was known by then. */
  static Result failed(
      String command, Failure failure, Outcome.Builder known, Instant startedAt, double seconds) {
    Outcome outcome = known.reasons(List.of(failure.message())).build();
    return new Result(command, outcome, Optional.of(failure), startedAt, seconds);
  }
}
