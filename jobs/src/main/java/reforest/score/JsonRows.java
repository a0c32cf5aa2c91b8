package reforest.score;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reforest.bundle.ReforestException;

/**
 * Reads JSON lines: one object a line, whose fields are numbers, texts, flags or null. Numbers and
 * flags are given as the text that stands there, as an ingest takes them.
 */
final class JsonRows implements RowReader {

  /** NaN stands where pandas has a gap; an ingest takes it, too. */
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  private final BufferedReader in;
  private long line;

  /** The first line, which has been looked at before it is read as a row. */
  private @Nullable String ahead;

  /**
   * @throws ReforestException of kind {@code DATA} when it begins as JSON of another form
   */
  JsonRows(BufferedReader in) throws IOException {
    this.in = in;
    String first = readLine();
    if (first != null) {
      requireLines(withoutMark(first).strip());
    }
    this.ahead = first;
  }

  /** Of an array or of an object over several lines, no line is meant to be a row. */
  private static void requireLines(String first) {
    if (first.startsWith("[")) {
      throw new ReforestException(
          ReforestException.Kind.DATA,
          "the JSON lines input is one array",
          "write one object a line, such as with jq -c '.[]'");
    }
    if (first.equals("{") || (first.startsWith("{") && first.matches(".*[,\\[{:]"))) {
      throw new ReforestException(
          ReforestException.Kind.DATA,
          "the JSON lines input begins with an object that goes on in the next line",
          "write one object a line, such as with jq -c");
    }
  }

  @Override
  public Optional<Map<String, @Nullable Object>> next() throws IOException {
    String text = ahead == null ? readLine() : ahead;
    ahead = null;
    return text == null ? Optional.empty() : Optional.of(parsed(text));
  }

  /** The next one that is not blank; null at the end. */
  private @Nullable String readLine() throws IOException {
    String text = in.readLine();
    line++;
    while (text != null && text.isBlank()) {
      text = in.readLine();
      line++;
    }
    return text;
  }

  @Override
  public long line() {
    return line;
  }

  private Map<String, @Nullable Object> parsed(String text) throws IOException {
    try (JsonParser json = JSON.createParser(line == 1 ? withoutMark(text) : text)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw refused("is no JSON object");
      }
      Map<String, @Nullable Object> row = new LinkedHashMap<>();
      for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
        JsonToken value = json.nextToken();
        if (value.isStructStart()) {
          throw refused("holds a list or object in '" + name + "'");
        }
        row.put(name, value == JsonToken.VALUE_NULL ? null : json.getText());
      }
      if (json.nextToken() != null) {
        throw refused("goes on after its object");
      }
      return row;
    } catch (JsonEOFException e) {
      throw refused("is no JSON: it ends within an object, list or text");
    } catch (JsonProcessingException e) {
      // What follows in brackets tells of the parser's own switches.
      throw refused(
          "is no JSON: "
              + e.getOriginalMessage()
                  .replaceFirst(
                      "(?s)(: enable |: was expecting \\(| \\(start marker| \\[Source:).*", ""));
    }
  }

  private static String withoutMark(String text) {
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  private ReforestException refused(String why) {
    return new ReforestException(
        ReforestException.Kind.DATA,
        "line " + line + " of the JSON lines input " + why,
        "write one object of numbers, texts, flags and nulls on each line");
  }
}
