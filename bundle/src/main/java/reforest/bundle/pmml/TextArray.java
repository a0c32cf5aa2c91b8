package reforest.bundle.pmml;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** PMML's arrays of texts: apart by white space, in double quotes where needed. */
final class TextArray {

  private TextArray() {}

  /** The texts, or empty when a quote is not closed or stands inside of a bare text. */
  static Optional<List<String>> parse(String content) {
    List<String> texts = new ArrayList<>();
    int at = 0;
    while (at < content.length()) {
      if (isSpace(content.charAt(at))) {
        at++;
        continue;
      }
      StringBuilder text = new StringBuilder();
      boolean quoted = content.charAt(at) == '"';
      int end = quoted ? quoted(content, at + 1, text) : bare(content, at, text);
      if (end < 0 || (end < content.length() && !isSpace(content.charAt(end)))) {
        return Optional.empty();
      }
      texts.add(text.toString());
      at = end;
    }
    return Optional.of(texts);
  }

  /** The place after the closing quote, or -1 when there is none. */
  private static int quoted(String content, int start, StringBuilder text) {
    for (int at = start; at < content.length(); at++) {
      char c = content.charAt(at);
      if (c == '"') {
        return at + 1;
      }
      if (isEscapedQuote(content, at)) {
        at++;
        c = '"';
      }
      text.append(c);
    }
    return -1;
  }

  /** The place after the text, or -1 when a quote stands in it. */
  private static int bare(String content, int start, StringBuilder text) {
    int at = start;
    for (; at < content.length() && !isSpace(content.charAt(at)); at++) {
      char c = content.charAt(at);
      if (c == '"') {
        return -1;
      }
      if (isEscapedQuote(content, at)) {
        at++;
        c = '"';
      }
      text.append(c);
    }
    return at;
  }

  private static boolean isEscapedQuote(String content, int at) {
    return content.charAt(at) == '\\' && at + 1 < content.length() && content.charAt(at + 1) == '"';
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
  }
}
