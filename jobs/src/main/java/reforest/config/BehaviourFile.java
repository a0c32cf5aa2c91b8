package reforest.config;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigOriginFactory;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.univocity.parsers.common.TextParsingException;
import com.univocity.parsers.csv.CsvParser;
import com.univocity.parsers.csv.CsvParserSettings;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Turns a suite that is written as CSV into what would stand in the model's file.
 *
 * <p>Columns named {@code case.KEY} hold the cases' settings, all others the row's inputs; an empty
 * cell is absent, or a missing value. Lines of one {@code case.name} are one case of several rows.
 */
final class BehaviourFile {

  private static final String SETTING = "case.";
  private static final String NAME = "name";
  private static final String CHANGE = "change";
  private static final String VALUES = "values";
  private static final int MAX_BYTES = 16 << 20;

  private final Section root;
  private final List<Path> files;

  BehaviourFile(Section root, List<Path> files) {
    this.root = root;
    this.files = files;
  }

  /** A case of the file, as far as it was read. */
  private static final class Written {
    private final int line;
    private final Map<String, String> settings;
    private final List<ConfigValue> rows = new ArrayList<>();

    Written(int line, Map<String, String> settings) {
      this.line = line;
      this.settings = settings;
    }
  }

  /** One for each case, which knows its file and line; none where the file cannot be read. */
  List<Section> sections(String typed) {
    Optional<Path> place = place(typed);
    Optional<String> text = place.flatMap(this::text);
    if (text.isEmpty()) {
      return List.of();
    }
    String file = String.valueOf(place.get().getFileName());
    try {
      return sections(file, cases(file, text.get()));
    } catch (TextParsingException | IllegalStateException e) {
      root.problem("behaviour-file", "is no CSV that can be read: " + file);
      return List.of();
    }
  }

  private static CsvParser parser() {
    CsvParserSettings settings = new CsvParserSettings();
    settings.setLineSeparatorDetectionEnabled(true);
    settings.setMaxCharsPerColumn(-1);
    settings.setMaxColumns(10_000);
    settings.setSkipEmptyLines(true);
    return new CsvParser(settings);
  }

  private List<Written> cases(String file, String text) {
    CsvParser parser = parser();
    parser.beginParsing(new StringReader(text));
    Map<String, Written> cases = new LinkedHashMap<>();
    @Nullable String @Nullable [] header = parser.parseNext();
    if (header == null) {
      root.problem("behaviour-file", "is empty: " + file);
      return List.of();
    }
    int line = 1 + (int) parser.getContext().currentLine();
    for (@Nullable String @Nullable [] cells = parser.parseNext();
        cells != null;
        cells = parser.parseNext()) {
      Map<String, String> settings = new LinkedHashMap<>();
      Map<String, ConfigValue> row = new LinkedHashMap<>();
      if (cells.length > header.length) {
        problem(
            file, line, "has %d cells, and the header %d".formatted(cells.length, header.length));
      }
      for (int i = 0; i < Math.min(cells.length, header.length); i++) {
        String column = header[i];
        String cell = cells[i];
        if (column == null || cell == null) {
          continue;
        }
        if (column.startsWith(SETTING)) {
          settings.put(column.substring(SETTING.length()), cell);
        } else {
          row.put(column, at(file, line, cell));
        }
      }
      String name = settings.getOrDefault(NAME, "");
      Written known =
          cases.computeIfAbsent(
              name.isEmpty() ? "\0" + line : name, new First(line, settings)::written);
      requireSame(file, line, known, settings);
      known.rows.add(ConfigValueFactory.fromMap(row).withOrigin(origin(file, line)));
      line = 1 + (int) parser.getContext().currentLine();
    }
    return List.copyOf(cases.values());
  }

  /** The first line of a case. */
  private record First(int line, Map<String, String> settings) {
    Written written(String name) {
      return new Written(line, settings);
    }
  }

  /** A setting that a later line repeats must be the same there. */
  private void requireSame(String file, int line, Written known, Map<String, String> settings) {
    settings.forEach(
        (key, value) -> {
          if (!value.equals(known.settings.get(key))) {
            problem(
                file,
                line,
                "%s%s is %s, but the case's first line %d says %s"
                    .formatted(
                        SETTING,
                        key,
                        Values.shortened(value),
                        known.line,
                        Values.shortened(known.settings.getOrDefault(key, ""))));
          }
        });
  }

  private List<Section> sections(String file, List<Written> cases) {
    List<Section> sections = new ArrayList<>();
    for (Written written : cases) {
      Map<String, ConfigValue> keys = new LinkedHashMap<>();
      written.settings.forEach(
          (key, text) ->
              keys.put(
                  key,
                  switch (key) {
                    case VALUES -> list(file, written.line, text);
                    case CHANGE -> changes(file, written.line, text);
                    default -> at(file, written.line, text);
                  }));
      keys.put(
          "rows",
          ConfigValueFactory.fromIterable(written.rows).withOrigin(origin(file, written.line)));
      ConfigObject object = ConfigValueFactory.fromMap(keys).withOrigin(origin(file, written.line));
      sections.add(root.element(object, SETTING.substring(0, SETTING.length() - 1)));
    }
    return sections;
  }

  /** {@code a; b; c}. */
  private static ConfigValue list(String file, int line, String text) {
    List<ConfigValue> values = new ArrayList<>();
    for (String part : text.split(";", -1)) {
      values.add(at(file, line, part.strip()));
    }
    return ConfigValueFactory.fromIterable(values).withOrigin(origin(file, line));
  }

  /** {@code a = 1; a = 2; b = x}; a value that is not there is missing. */
  private ConfigValue changes(String file, int line, String text) {
    Map<String, List<ConfigValue>> changes = new LinkedHashMap<>();
    for (String part : text.split(";", -1)) {
      int equals = part.indexOf('=');
      if (equals < 1) {
        problem(
            file, line, "case.change must be column = value; ..., got " + Values.shortened(text));
        continue;
      }
      String value = part.substring(equals + 1).strip();
      changes
          .computeIfAbsent(part.substring(0, equals).strip(), column -> new ArrayList<>())
          .add(
              value.isEmpty()
                  ? ConfigValueFactory.fromAnyRef(null).withOrigin(origin(file, line))
                  : at(file, line, value));
    }
    return ConfigValueFactory.fromMap(changes).withOrigin(origin(file, line));
  }

  private static ConfigValue at(String file, int line, String text) {
    return ConfigValueFactory.fromAnyRef(text).withOrigin(origin(file, line));
  }

  private static ConfigOrigin origin(String file, int line) {
    return ConfigOriginFactory.newSimple(file).withLineNumber(line);
  }

  private void problem(String file, int line, String text) {
    root.problemAt(origin(file, line), text);
  }

  /** Beside the file that names it, or below the working directory where no file does. */
  private Optional<Path> place(String typed) {
    try {
      Path path = Path.of(typed);
      String named = root.place("behaviour-file");
      return Optional.of(
          files.stream()
              .filter(file -> String.valueOf(file.getFileName()).equals(named))
              .reduce((first, second) -> second)
              .map(file -> file.resolveSibling(path))
              .orElse(path));
    } catch (InvalidPathException e) {
      root.problem("behaviour-file", "must be a path, got " + Values.shortened(typed));
      return Optional.empty();
    }
  }

  private Optional<String> text(Path file) {
    try {
      if (Files.isRegularFile(file) && Files.size(file) > MAX_BYTES) {
        root.problem("behaviour-file", "is larger than 16 MiB: " + file);
        return Optional.empty();
      }
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
              .toString();
      return Optional.of(text.startsWith("\uFEFF") ? text.substring(1) : text);
    } catch (NoSuchFileException e) {
      root.problem("behaviour-file", "does not exist: " + file);
    } catch (CharacterCodingException e) {
      root.problem("behaviour-file", "is not UTF-8: " + file);
    } catch (IOException e) {
      root.problem("behaviour-file", "cannot be read (" + e.getMessage() + "): " + file);
    }
    return Optional.empty();
  }
}
