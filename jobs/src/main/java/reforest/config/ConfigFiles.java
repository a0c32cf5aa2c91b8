package reforest.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigOriginFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reforest.bundle.ReforestException;

/**
 * Turns files, overrides and the environment into one tree of values that know where they stand.
 */
final class ConfigFiles {

  /** The resource with every key's meaning and default. */
  static final String REFERENCE = "reforest-reference.conf";

  private static final String COMMAND_LINE = "command line";
  private static final String ENVIRONMENT = "environment";
  private static final String DEFAULT = "default for ";
  private static final int MAX_BYTES = 1 << 20;
  private static final Pattern VARIABLE = Pattern.compile("REFOREST_[A-Z0-9_]+");
  private static final Pattern JSON_SCALAR =
      Pattern.compile("true|false|null|-?\\d+(\\.\\d+)?([eE][+-]?\\d+)?");
  private static final Pattern LINE = Pattern.compile("^(.*): (\\d+): (.*)$", Pattern.DOTALL);

  private ConfigFiles() {}

  /** Settings that come with the program. */
  static Config reference() {
    try (InputStream in = ConfigFiles.class.getResourceAsStream("/" + REFERENCE)) {
      if (in == null) {
        throw new IllegalStateException(REFERENCE + " is missing from the class path");
      }
      return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8), REFERENCE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Settings that follow from others, such as from the task. */
  static Config defaultsFor(String what, String hocon) {
    return parse(hocon, DEFAULT + what);
  }

  /** The files' settings, later files first, or a problem for each that cannot be read. */
  static Config files(List<Path> files, Problems problems) {
    Config merged = ConfigFactory.empty();
    for (Path file : files) {
      String name = String.valueOf(file.getFileName());
      String text = text(file);
      try {
        merged = parse(text, name).withFallback(merged);
      } catch (NoIncludes.Refused include) {
        problems.add(
            origin(name, lineOf(text, String.valueOf(include.getMessage()))),
            "include of \""
                + include.getMessage()
                + "\" is refused: a configuration is one file; write its settings here");
      } catch (ConfigException e) {
        addSyntax(problems, name, e);
      } catch (StackOverflowError e) {
        problems.add(origin(name, 0), "is nested too deeply");
      }
    }
    return merged;
  }

  /** The settings of {@code key=value} arguments, later ones first. */
  static Config overrides(List<String> overrides, Problems problems) {
    Config merged = ConfigFactory.empty();
    for (String override : overrides) {
      int equals = override.indexOf('=');
      String key = equals < 0 ? override : override.substring(0, equals).strip();
      try {
        if (equals < 1) {
          throw new IllegalArgumentException("is not of the form key=value");
        }
        merged = value(override.substring(equals + 1).strip()).atPath(key).withFallback(merged);
      } catch (IllegalArgumentException | ConfigException | NoIncludes.Refused e) {
        String why = e instanceof IllegalArgumentException ? e.getMessage() : "cannot be read";
        problems.add(origin(COMMAND_LINE, 0), "'" + Secrets.masked(key) + "' " + why);
      } catch (StackOverflowError e) {
        problems.add(origin(COMMAND_LINE, 0), "'" + key + "' is nested too deeply");
      }
    }
    return merged;
  }

  /**
   * Replaces {@code ${...}} by other settings or by environment variables named {@code REFOREST_*};
   * no other variable can slip into a configuration, which is recorded.
   */
  static Config resolve(Config config, Map<String, String> environment, Problems problems) {
    Map<String, String> allowed = new TreeMap<>();
    environment.forEach(
        (name, value) -> {
          if (VARIABLE.matcher(name).matches()) {
            allowed.put(name, value);
          }
        });
    Config variables = ConfigFactory.parseMap(allowed, ENVIRONMENT);
    try {
      return config.resolveWith(
          config.withFallback(reference()).withFallback(variables),
          ConfigResolveOptions.noSystem());
    } catch (ConfigException e) {
      addSyntax(problems, "configuration", e);
    } catch (StackOverflowError e) {
      problems.add(null, "a substitution is nested too deeply");
    }
    return ConfigFactory.empty();
  }

  /** The name of the file, or what else a value comes from. */
  static String place(ConfigOrigin origin) {
    return origin.description().replaceFirst(": \\d+(-\\d+)?$", "");
  }

  /** Whether a value stands in a file, so that its line says something. */
  static boolean isFile(ConfigOrigin origin) {
    String place = place(origin);
    return !place.equals(COMMAND_LINE)
        && !place.equals(ENVIRONMENT)
        && !place.startsWith(DEFAULT)
        && origin.lineNumber() > 0;
  }

  /** Where a value comes from: a file and line, the command line, the environment, a default. */
  static String shown(ConfigOrigin origin) {
    String place = place(origin);
    if (place.equals(REFERENCE)) {
      return "default";
    }
    return isFile(origin) ? place + ": " + origin.lineNumber() : place;
  }

  private static Config parse(String text, String name) {
    return ConfigFactory.parseString(text, options(name));
  }

  private static ConfigParseOptions options(String name) {
    return ConfigParseOptions.defaults()
        .setSyntax(ConfigSyntax.CONF)
        .setAllowMissing(false)
        .setIncluder(new NoIncludes())
        .setOriginDescription(name);
  }

  /** Lists, objects and quoted text are HOCON; anything else is taken as it was typed. */
  private static ConfigValue value(String typed) {
    if (typed.startsWith("[") || typed.startsWith("{") || typed.startsWith("\"")) {
      return parse("v = " + typed, COMMAND_LINE).getValue("v");
    }
    if (JSON_SCALAR.matcher(typed).matches()) {
      ConfigValue scalar = parse("v = " + typed, COMMAND_LINE).root().get("v");
      return Objects.requireNonNull(scalar);
    }
    return ConfigValueFactory.fromAnyRef(typed, COMMAND_LINE);
  }

  private static String text(Path file) {
    try {
      if (Files.isRegularFile(file) && Files.size(file) > MAX_BYTES) {
        throw unreadable(file, "is larger than 1 MiB", null);
      }
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
          .toString();
    } catch (NoSuchFileException e) {
      throw unreadable(file, "does not exist", e);
    } catch (CharacterCodingException e) {
      throw unreadable(file, "is not UTF-8", e);
    } catch (IOException e) {
      throw unreadable(file, "cannot be read (" + e.getMessage() + ")", e);
    }
  }

  private static ReforestException unreadable(Path file, String why, @Nullable Exception cause) {
    return new ReforestException(
        ReforestException.Kind.ARGUMENTS,
        "configuration " + file + " " + why,
        "name a model's file with --conf" + beside(file),
        cause);
  }

  private static String beside(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      return "";
    }
    List<String> names = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      files
          .map(f -> String.valueOf(f.getFileName()))
          .filter(f -> f.endsWith(".conf"))
          .sorted()
          .forEach(names::add);
    } catch (IOException e) {
      return "";
    }
    return names.isEmpty() ? "" : "; beside it: " + String.join(", ", names);
  }

  private static void addSyntax(Problems problems, String name, ConfigException e) {
    String message = String.valueOf(e.getMessage());
    var parts = LINE.matcher(message);
    if (e.origin() != null) {
      String text =
          message.startsWith(e.origin().description() + ": ")
              ? message.substring(e.origin().description().length() + 2)
              : message;
      problems.add(e.origin(), Secrets.masked(text));
    } else if (parts.matches()) {
      int line = Integer.parseInt(parts.group(2));
      problems.add(origin(parts.group(1), line), Secrets.masked(parts.group(3)));
    } else {
      problems.add(origin(name, 0), Secrets.masked(message));
    }
  }

  private static ConfigOrigin origin(String name, int line) {
    ConfigOrigin origin = ConfigOriginFactory.newSimple(name);
    return line > 0 ? origin.withLineNumber(line) : origin;
  }

  /** The first line that includes {@code what}, outside of a comment; 0 when none does. */
  private static int lineOf(String text, String what) {
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.contains("include") && line.contains(what) && !line.matches("(?s)(#|//).*")) {
        return i + 1;
      }
    }
    return 0;
  }
}
