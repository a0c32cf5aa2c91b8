package reforest.score;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reforest.bundle.ReforestException;

/** Reads JSON lines: one object a line, whose fields are numbers, texts, flags or null. */
final class JsonRows implements RowReader {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final BufferedReader in;
  private long line;

  JsonRows(BufferedReader in) {
    this.in = in;
  }

  @Override
  public Optional<Map<String, @Nullable Object>> next() throws IOException {
    String text = in.readLine();
    line++;
    while (text != null && text.isBlank()) {
      text = in.readLine();
      line++;
    }
    if (text == null) {
      return Optional.empty();
    }
    JsonNode object = parsed(text);
    if (!object.isObject()) {
      throw refused("is no JSON object");
    }
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    object
        .properties()
        .forEach(field -> row.put(field.getKey(), value(field.getKey(), field.getValue())));
    return Optional.of(row);
  }

  @Override
  public long line() {
    return line;
  }

  private JsonNode parsed(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw refused("is no JSON: " + e.getOriginalMessage());
    }
  }

  private @Nullable Object value(String name, JsonNode value) {
    if (value.isNull()) {
      return null;
    }
    if (value.isNumber()) {
      return value.numberValue();
    }
    if (value.isBoolean()) {
      return value.booleanValue();
    }
    if (value.isTextual()) {
      return value.textValue();
    }
    throw refused("holds a list or object in '" + name + "'");
  }

  private ReforestException refused(String why) {
    return new ReforestException(
        ReforestException.Kind.DATA,
        "line " + line + " of the JSON lines input " + why,
        "write one object of numbers, texts, flags and nulls on each line");
  }
}
