package reforest.config;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import reforest.bundle.ColumnType;
import reforest.bundle.Task;
import reforest.config.DataConfig.Column;

/** Reads {@code data}: the source, the contract, and which column plays which part. */
final class DataReader {

  private static final Pattern FORMAT = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]*");

  /** What Delta cannot hold in a column's name as long as column mapping is off. */
  private static final Pattern UNSTORABLE = Pattern.compile("[ ,;{}()=]+");

  private static final Pattern DECIMAL =
      Pattern.compile("decimal\\(\\s*(\\d{1,2})\\s*,\\s*(\\d{1,2})\\s*\\)");
  private static final List<String> TYPES =
      List.of("string", "boolean", "int", "bigint", "float", "double", "timestamp", "date");
  private static final Map<String, String> OTHER_NAMES =
      Map.ofEntries(
          Map.entry("long", "bigint"),
          Map.entry("integer", "int"),
          Map.entry("short", "int"),
          Map.entry("smallint", "int"),
          Map.entry("tinyint", "int"),
          Map.entry("text", "string"),
          Map.entry("varchar", "string"),
          Map.entry("bool", "boolean"),
          Map.entry("real", "float"),
          Map.entry("number", "double"),
          Map.entry("numeric", "decimal(10,2)"),
          Map.entry("decimal", "decimal(10,2)"),
          Map.entry("datetime", "timestamp"),
          Map.entry("timestamp_ntz", "timestamp"));

  private DataReader() {}

  static DataConfig read(Section data, Optional<Task> task) {
    Section source = data.section("source");
    String format = source.textLike("format", FORMAT, "the name of a data source", "such as csv");
    Map<String, String> options = source.section("options").free();
    Optional<String> path = source.text("path");
    if (path.filter(Secrets::inUri).isPresent()) {
      source.problem(
          "path",
          "must hold no user name or password; let the cluster's credential provider chain give them");
    }

    List<String> key = data.texts("key");
    if (!data.has("key")) {
      data.missing("key", "the columns that name a row");
    } else if (data.isEmptyList("key")) {
      data.problem("key", "must name at least one column");
    }
    Optional<String> eventTime = data.text("event-time");
    List<String> neverNull = new ArrayList<>(key);
    eventTime.ifPresent(neverNull::add);
    List<Column> columns = columns(data, neverNull);
    String label = data.text("label", "the column that the model predicts");
    Optional<String> positive = data.text("positive");
    List<String> derived = data.texts("derived-from-label");
    double quarantined =
        data.number(
            "max-quarantined", Range.of(0, 1), "the share of rows that may break the contract");
    Duration history =
        data.duration("history", Duration.ofDays(1), Duration.ofDays(36_500))
            .orElse(Duration.ofDays(400));
    DataConfig read =
        new DataConfig(
            new DataConfig.Source(format, options, path),
            columns,
            key,
            eventTime,
            label,
            positive,
            derived,
            quarantined,
            history);
    check(data, new DeclaredColumns(read), task);
    return read;
  }

  private static List<Column> columns(Section data, List<String> neverNull) {
    List<Section> sections = data.sections("columns");
    if (!data.has("columns")) {
      data.missing("columns", "the contract, a list of { name = ..., type = ... }");
    } else if (data.isEmptyList("columns")) {
      data.problem("columns", "must declare at least one column");
    }
    Map<String, String> seen = new HashMap<>();
    List<Column> columns = new ArrayList<>();
    for (Section section : sections) {
      Column column = column(section, neverNull);
      // Spark does not tell upper from lower case in names.
      String before = seen.putIfAbsent(column.name().toLowerCase(Locale.ROOT), column.name());
      if (before != null && !column.name().isEmpty()) {
        section.problem(
            "name",
            before.equals(column.name())
                ? "declares '" + before + "' twice"
                : "'"
                    + column.name()
                    + "' differs from '"
                    + before
                    + "' only in upper and lower case");
      }
      columns.add(column);
    }
    return columns;
  }

  private static Column column(Section section, List<String> neverNull) {
    String name = section.text("name", "the column's name");
    if (name.chars().anyMatch(Character::isISOControl)) {
      section.problem("name", "must hold no control characters");
    }
    Matcher unstorable = UNSTORABLE.matcher(name);
    if (unstorable.find()) {
      section.problem(
          "name",
          "'%s' holds '%s', which the table cannot store; rename it on the way in: name = \"%s\", from = \"%s\""
              .formatted(
                  name,
                  unstorable.group().charAt(0),
                  unstorable.replaceAll("_"),
                  DataConfig.quoted(name)));
    }
    String type = type(section);
    boolean isNeverNull = neverNull.contains(name);
    boolean nullable = section.flag("nullable", !isNeverNull);
    if (nullable && isNeverNull) {
      section.problem(
          "nullable",
          "must be false for '" + name + "': key columns and the event time name a row");
    }
    Optional<Double> min = bound(section, "min", name, type);
    Optional<Double> max = bound(section, "max", name, type);
    if (min.isPresent() && max.isPresent() && !(min.get() <= max.get())) {
      section.problem(
          "min",
          "must be at most max"
              + (DeclaredColumns.isTime(type) ? "" : ", got " + min.get() + " and " + max.get()));
    }
    List<String> values = section.texts("values");
    if (section.has("values")
        && (DeclaredColumns.isFraction(type) || DeclaredColumns.isTime(type))) {
      section.problem(
          "values",
          "is for string, boolean, int and bigint, but '"
              + name
              + "' is "
              + type
              + "; write min and max");
    }
    return new Column(
        name,
        type,
        section.text("unit"),
        nullable,
        min,
        max,
        values,
        section.flag("personal", false),
        section.text("from"));
  }

  /** A number, or a time as its seconds since 1970. */
  private static Optional<Double> bound(Section section, String key, String name, String type) {
    if (DeclaredColumns.isTime(type)) {
      Optional<String> written = section.text(key);
      Optional<Double> seconds = written.flatMap(DataReader::seconds);
      if (written.isPresent() && seconds.isEmpty()) {
        section.problem(
            key, "must be a time such as 2011-03-01 or 2011-03-01T05:00:00Z, got " + written.get());
      }
      return seconds;
    }
    Optional<Double> bound = section.number(key, Range.ANY);
    if (bound.isPresent() && !type.isEmpty() && !DeclaredColumns.isNumber(type)) {
      section.problem(key, "is for numbers and times, but '" + name + "' is " + type);
    }
    return bound;
  }

  private static Optional<Double> seconds(String time) {
    return ColumnType.named("timestamp").orElseThrow().read(time) instanceof ColumnType.Value read
        ? Optional.of(((Instant) read.value()).toEpochMilli() / 1e3)
        : Optional.empty();
  }

  private static String type(Section section) {
    String type = section.text("type", "one of " + String.join(", ", TYPES) + ", decimal(p,s)");
    if (type.isEmpty() || TYPES.contains(type)) {
      return type;
    }
    Matcher decimal = DECIMAL.matcher(type);
    if (decimal.matches()) {
      int precision = Integer.parseInt(decimal.group(1));
      int scale = Integer.parseInt(decimal.group(2));
      if (precision >= 1 && precision <= 38 && scale <= precision) {
        return "decimal(" + precision + "," + scale + ")";
      }
      section.problem("type", "must be decimal(p,s) with 1 <= p <= 38 and s <= p, got " + type);
      return "";
    }
    String lower = type.toLowerCase(Locale.ROOT);
    Optional<String> meant =
        Optional.ofNullable(OTHER_NAMES.get(lower)).or(() -> Nearest.to(lower, TYPES));
    section.problem(
        "type",
        "must be one of "
            + String.join(", ", TYPES)
            + " or decimal(p,s), got "
            + type
            + meant.map(m -> "; did you mean " + m + "?").orElse(""));
    return "";
  }

  private static void check(Section section, DeclaredColumns contract, Optional<Task> task) {
    DataConfig data = contract.data();
    contract.check(section, "key", data.key());
    contract.check(section, "derived-from-label", data.derivedFromLabel());
    data.eventTime()
        .ifPresent(
            name -> {
              contract.check(section, "event-time", List.of(name));
              data.column(name)
                  .filter(c -> !c.type().isEmpty() && !DeclaredColumns.isTime(c.type()))
                  .ifPresent(
                      c ->
                          section.problem(
                              "event-time",
                              "must be a timestamp or date column, but '"
                                  + name
                                  + "' is "
                                  + c.type()
                                  + "; declare it with from = \"to_timestamp("
                                  + DataConfig.quoted(name)
                                  + ")\""));
            });
    if (!data.label().isEmpty()) {
      contract.check(section, "label", List.of(data.label()));
      if (data.derivedFromLabel().contains(data.label())) {
        section.problem("derived-from-label", "names the label itself, '" + data.label() + "'");
      }
      if (data.key().contains(data.label())) {
        section.problem("label", "'" + data.label() + "' is a key column, which names a row");
      }
      data.column(data.label()).ifPresent(c -> task.ifPresent(t -> checkLabel(section, c, t)));
    }
    checkPositive(section, data, task);
  }

  private static void checkLabel(Section section, Column label, Task task) {
    String type = label.type();
    if (type.isEmpty()) {
      return;
    }
    if (task == Task.REGRESSION && !DeclaredColumns.isNumber(type)) {
      section.problem(
          "label",
          "must be a number for a regression, but '"
              + label.name()
              + "' is "
              + type
              + "; declare it as double, or set task = binary or multiclass");
    }
    if (task.isClassification()
        && (DeclaredColumns.isFraction(type) || DeclaredColumns.isTime(type))) {
      section.problem(
          "label",
          "must be a string, boolean, int or bigint for classes, but '"
              + label.name()
              + "' is "
              + type
              + "; declare it as int, or with from = \"cast("
              + DataConfig.quoted(label.name())
              + " as string)\" as string");
    }
  }

  private static void checkPositive(Section section, DataConfig data, Optional<Task> task) {
    if (task.isEmpty()) {
      return;
    }
    if (task.get() == Task.BINARY && !section.has("positive")) {
      section.missing(
          "positive", "the class of '" + data.label() + "' whose probability is predicted");
    }
    if (task.get() != Task.BINARY && data.positive().isPresent()) {
      section.problem("positive", "is for binary tasks, but task is " + task.get().key());
    }
    Optional<Column> label = data.column(data.label());
    if (label.isEmpty() || data.positive().isEmpty()) {
      return;
    }
    String positive = data.positive().get();
    List<String> values =
        label.get().type().equals("boolean") ? List.of("true", "false") : label.get().values();
    if (!values.isEmpty() && !values.contains(positive)) {
      section.problem(
          "positive",
          "must be one of the label's values " + String.join(", ", values) + ", got " + positive);
    }
  }
}
