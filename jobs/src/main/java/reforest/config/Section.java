package reforest.config;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One object of the configuration, read key by key with types and ranges.
 *
 * <p>Nothing throws: what is wrong is noted in {@link Problems}, and a value that cannot be used is
 * replaced by an empty text, NaN, the smallest allowed count or an empty list, which checks between
 * settings skip. A key that is null counts as absent. The keys that were asked for are the known
 * ones; {@link #refuseUnknownKeys} notes all others.
 */
final class Section {

  private final ConfigObject object;
  private final String path;
  private final Problems problems;
  private final boolean usable;
  private final boolean placed;
  private final TreeSet<String> known = new TreeSet<>();
  private final Map<String, Section> inner = new TreeMap<>();
  private boolean open;

  private Section(
      ConfigObject object, String path, Problems problems, boolean usable, boolean placed) {
    this.object = object;
    this.path = path;
    this.problems = problems;
    this.usable = usable;
    this.placed = placed;
  }

  static Section root(ConfigObject object, Problems problems) {
    return new Section(object, "", problems, true, false);
  }

  /** Whether the key is there and not null. */
  boolean has(String key) {
    return value(key) != null;
  }

  /** Notes a problem of the key's value: {@code message} follows the key's full name. */
  void problem(String key, String message) {
    ConfigValue value = object.get(key);
    add(value == null ? null : value.origin(), path(key) + " " + message);
  }

  /** Notes a problem of one element of the key's list. */
  void problem(String key, int index, String message) {
    if (object.get(key) instanceof ConfigList list && index < list.size()) {
      add(list.get(index).origin(), path(key) + " " + message);
    } else {
      problem(key, message);
    }
  }

  /** Notes that a key must be there. */
  void missing(String key, String meaning) {
    known.add(key);
    // An element of a list has a place of its own; a missing key of the whole file has none.
    add(placed ? object.origin() : null, path(key) + " is missing: " + meaning);
  }

  /** A text that must be there; {@code meaning} says what it is. */
  String text(String key, String meaning) {
    Optional<String> text = text(key);
    if (text.isEmpty() && !has(key)) {
      missing(key, meaning);
    }
    return text.orElse("");
  }

  /** A text that is not blank. */
  Optional<String> text(String key) {
    ConfigValue value = value(key);
    if (value == null) {
      return Optional.empty();
    }
    Optional<String> text = Values.scalar(value);
    if (text.isEmpty() || text.get().isBlank()) {
      wrong(key, value, "a text that is not blank");
      return Optional.empty();
    }
    return text;
  }

  /** A text that matches {@code pattern}; {@code words} say what it must be. */
  String textLike(String key, Pattern pattern, String words, String meaning) {
    String text = text(key, meaning);
    if (!text.isEmpty() && !pattern.matcher(text).matches()) {
      problem(key, "must be " + words + ", got " + Values.shortened(text));
      return "";
    }
    return text;
  }

  /** A flag, or {@code otherwise} when it is absent. */
  boolean flag(String key, boolean otherwise) {
    ConfigValue value = value(key);
    if (value == null) {
      return otherwise;
    }
    String text = Values.scalar(value).orElse("");
    if (!text.equals("true") && !text.equals("false")) {
      wrong(key, value, "true or false");
      return otherwise;
    }
    return text.equals("true");
  }

  /** A number in {@code range} that must be there. */
  double number(String key, Range range, String meaning) {
    Optional<Double> number = number(key, range);
    if (number.isEmpty() && !has(key)) {
      missing(key, meaning);
    }
    return number.orElse(Double.NaN);
  }

  /** A number in {@code range}; empty when it is absent or not in it. */
  Optional<Double> number(String key, Range range) {
    ConfigValue value = value(key);
    return value == null
        ? Optional.empty()
        : Values.number(value, range, words -> wrong(key, value, words));
  }

  /** A whole number from {@code min} to {@code max} that has a default. */
  int count(String key, int min, int max) {
    ConfigValue value = value(key);
    if (value == null) {
      missing(key, "a whole number from " + min + " to " + max);
      return min;
    }
    return Values.count(value, min, max, words -> wrong(key, value, words)).orElse(min);
  }

  /** A whole number of 64 bits that has a default. */
  long wholeNumber(String key) {
    ConfigValue value = value(key);
    if (value == null) {
      missing(key, "a whole number");
      return 0;
    }
    try {
      return new BigDecimal(Values.scalar(value).orElse("")).longValueExact();
    } catch (NumberFormatException | ArithmeticException e) {
      wrong(key, value, "a whole number from " + Long.MIN_VALUE + " to " + Long.MAX_VALUE);
      return 0;
    }
  }

  /** A duration from {@code min} to {@code max}; empty when it is absent or not in that range. */
  Optional<Duration> duration(String key, Duration min, Duration max) {
    ConfigValue value = value(key);
    if (value == null) {
      return Optional.empty();
    }
    return Values.duration(value, min, max, words -> wrong(key, value, words));
  }

  /** A number of bytes above 0; empty when it is absent or none. */
  Optional<Long> bytes(String key) {
    ConfigValue value = value(key);
    return value == null
        ? Optional.empty()
        : Values.bytes(value, words -> wrong(key, value, words));
  }

  /** One of {@code choices} by its name; empty when it is absent or none of them. */
  <E> Optional<E> choice(String key, List<E> choices, Function<E, String> name) {
    ConfigValue value = value(key);
    if (value == null) {
      return Optional.empty();
    }
    String text = Values.scalar(value).orElse("");
    Optional<E> chosen = choices.stream().filter(c -> name.apply(c).equals(text)).findFirst();
    if (chosen.isEmpty()) {
      List<String> names = choices.stream().map(name).toList();
      String meant = Nearest.to(text, names).map(n -> "; did you mean " + n + "?").orElse("");
      problem(key, "must be " + Values.either(names) + ", got " + Values.shown(value) + meant);
    }
    return chosen;
  }

  /** A list of texts, each at most once; empty when it is absent. */
  List<String> texts(String key) {
    return list(
        key,
        "texts",
        (value, wrong) -> {
          Optional<String> text = Values.scalar(value).filter(t -> !t.isBlank());
          if (text.isEmpty()) {
            wrong.accept("a text that is not blank");
          }
          return text;
        });
  }

  /** A list of whole numbers from {@code min} to {@code max}, each at most once. */
  List<Integer> counts(String key, int min, int max) {
    return list(key, "whole numbers", (value, wrong) -> Values.count(value, min, max, wrong));
  }

  /** A list of numbers in {@code range}, each at most once. */
  List<Double> numbers(String key, Range range) {
    return list(key, "numbers", (value, wrong) -> Values.number(value, range, wrong));
  }

  /**
   * A list of durations from {@code min} to {@code max}, each at most once, in which {@code word}
   * stands for none.
   */
  List<Optional<Duration>> durations(String key, String word, Duration min, Duration max) {
    return list(
        key,
        "durations or " + word,
        (value, wrong) -> {
          if (Values.scalar(value).orElse("").equals(word)) {
            return Optional.of(Optional.empty());
          }
          Optional<Duration> duration =
              Values.duration(value, min, max, words -> wrong.accept(word + ", or " + words));
          return duration.isPresent() ? Optional.of(duration) : Optional.empty();
        });
  }

  /** Whether the key holds a list without elements, or nothing. */
  boolean isEmptyList(String key) {
    return value(key) == null || (value(key) instanceof ConfigList list && list.isEmpty());
  }

  /** Whether the key holds an object. */
  boolean isObject(String key) {
    return value(key) instanceof ConfigObject;
  }

  /** The object under a key; an empty one, whose missing keys are no problem, when it is none. */
  Section section(String key) {
    ConfigValue value = value(key);
    if (value instanceof ConfigObject found) {
      return inner(found, path(key), true);
    }
    if (value != null) {
      wrong(key, value, "an object { ... }");
    }
    return inner(ConfigFactory.empty().root(), path(key), false);
  }

  /** The objects of a list; empty when it is absent. */
  List<Section> sections(String key) {
    List<Section> sections = new ArrayList<>();
    ConfigValue value = value(key);
    if (value instanceof ConfigList list) {
      for (int i = 0; i < list.size(); i++) {
        if (list.get(i) instanceof ConfigObject element) {
          sections.add(inner(element, path(key) + "[" + i + "]", true));
        } else {
          problem(
              key,
              i,
              "must be a list of objects { ... }, got " + Values.shown(list.get(i)) + " in it");
        }
      }
    } else if (value != null) {
      wrong(key, value, "a list of objects [{ ... }]");
    }
    return sections;
  }

  /** An element that stands elsewhere, such as in a file of its own. */
  Section element(ConfigObject found, String name) {
    return new Section(found, name, problems, usable, true);
  }

  /** Notes a problem of what stands elsewhere. */
  void problemAt(ConfigOrigin origin, String text) {
    add(origin, text);
  }

  /** The name of the file, or what else the key's value comes from. */
  String place(String key) {
    ConfigValue value = object.get(key);
    return value == null ? "" : ConfigFiles.place(value.origin());
  }

  /** The value or the values under each key, whatever it is called; an empty one was null. */
  Map<String, List<Optional<String>>> choices() {
    open = true;
    Map<String, List<Optional<String>>> choices = new TreeMap<>();
    object.forEach(
        (key, value) -> {
          List<Optional<String>> texts = new ArrayList<>();
          for (ConfigValue choice : value instanceof ConfigList list ? list : List.of(value)) {
            Optional<String> text = Values.scalar(choice);
            if (text.isEmpty() && choice.valueType() != ConfigValueType.NULL) {
              wrong(key, choice, "a value or a list of values");
            }
            texts.add(text);
          }
          choices.put(key, texts);
        });
    return choices;
  }

  /** All keys below this object with their values as text, dots between the names. */
  Map<String, String> free() {
    open = true;
    Map<String, String> entries = new TreeMap<>();
    free(object, "", entries);
    return entries;
  }

  private void free(ConfigObject from, String prefix, Map<String, String> entries) {
    from.forEach(
        (key, value) -> {
          String name = prefix + key;
          if (value instanceof ConfigObject deeper) {
            free(deeper, name + ".", entries);
          } else if (value.valueType() != ConfigValueType.NULL) {
            Optional<String> text = Values.scalar(value);
            if (text.isEmpty()) {
              add(value.origin(), path(name) + " must be a text, got " + Values.shown(value));
            }
            text.ifPresent(t -> entries.put(name, t));
          }
        });
  }

  /** Notes every key that nobody asked for, with the nearest known one. */
  void refuseUnknownKeys(Collection<String> alreadyRefused) {
    TreeSet<String> everywhere = new TreeSet<>();
    collect(everywhere);
    refuseUnknownKeys(alreadyRefused, everywhere);
  }

  private void collect(Collection<String> everywhere) {
    known.forEach(key -> everywhere.add(path(key)));
    inner.values().forEach(section -> section.collect(everywhere));
  }

  private void refuseUnknownKeys(Collection<String> refused, Collection<String> everywhere) {
    if (!open) {
      for (Map.Entry<String, ConfigValue> entry : object.entrySet()) {
        String full = path(entry.getKey());
        if (!known.contains(entry.getKey())
            && refused.stream().noneMatch(r -> r.equals(full) || r.startsWith(full + "."))) {
          add(
              entry.getValue().origin(),
              full + " is not a known key; " + meant(entry.getKey(), everywhere));
        }
      }
    }
    inner.values().forEach(section -> section.refuseUnknownKeys(refused, everywhere));
  }

  private String meant(String key, Collection<String> everywhere) {
    Optional<String> here = Nearest.to(key, known);
    if (here.isPresent()) {
      return "did you mean " + here.get() + "?";
    }
    Optional<String> elsewhere =
        everywhere.stream().filter(k -> !k.contains("[") && k.endsWith("." + key)).findFirst();
    return elsewhere
        .map(k -> "did you mean " + k + "?")
        .orElse("known here: " + String.join(", ", known));
  }

  private Section inner(ConfigObject found, String where, boolean isUsable) {
    return inner.computeIfAbsent(
        where, w -> new Section(found, w, problems, isUsable, w.endsWith("]")));
  }

  private @Nullable ConfigValue value(String key) {
    known.add(key);
    ConfigValue value = object.get(key);
    return value == null || value.valueType() == ConfigValueType.NULL ? null : value;
  }

  private void add(@Nullable ConfigOrigin origin, String text) {
    if (usable) {
      problems.add(origin, text);
    }
  }

  private void wrong(String key, ConfigValue value, String words) {
    problem(key, "must be " + words + ", got " + Values.shown(value));
  }

  private String path(String key) {
    return (path.isEmpty() ? "" : path + ".") + ConfigUtil.joinPath(key);
  }

  private interface Element<T> {
    Optional<T> read(ConfigValue value, Values.Wrong wrong);
  }

  private <T> List<T> list(String key, String kind, Element<T> element) {
    List<T> elements = new ArrayList<>();
    ConfigValue value = value(key);
    if (value instanceof ConfigList list) {
      for (int i = 0; i < list.size(); i++) {
        int index = i;
        ConfigValue entry = list.get(i);
        Optional<T> read =
            element.read(
                entry,
                words ->
                    problem(key, index, "must hold " + words + ", got " + Values.shown(entry)));
        if (read.isPresent() && elements.contains(read.get())) {
          problem(key, i, "holds " + Values.shown(entry) + " twice");
        } else {
          read.ifPresent(elements::add);
        }
      }
    } else if (value != null) {
      problem(key, "must be a list of " + kind + " [ ... ], got " + Values.shown(value));
    }
    return elements;
  }
}
