package reforest.config;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import reforest.bundle.CalendarField;
import reforest.bundle.CalendarField.Part;
import reforest.config.DataConfig.Column;
import reforest.config.FeatureConfig.Calendar;
import reforest.config.FeatureConfig.Derived;
import reforest.config.FeatureConfig.Imputation;
import reforest.config.FeatureConfig.Operation;
import reforest.config.FeatureConfig.Series;

/** Reads {@code features}, and refuses what a model must not or cannot look at. */
final class FeatureReader {

  private FeatureReader() {}

  static FeatureConfig read(Section features, DeclaredColumns contract, Duration labelDelay) {
    List<String> numeric = features.texts("numeric");
    List<String> categorical = features.texts("categorical");
    if (numeric.isEmpty() && categorical.isEmpty()) {
      features.problem(
          "numeric", "and features.categorical are both empty: name a column to learn from");
    }
    List<Calendar> calendar = calendar(features, contract);
    List<String> dated = calendar.stream().map(Calendar::name).toList();
    List<Series> series = SeriesReader.read(features, contract, dated, labelDelay);
    DeclaredColumns columns =
        contract.with(dated, "int").with(series.stream().map(Series::name).toList(), "double");
    check(features, "numeric", numeric, columns);
    check(features, "categorical", categorical, columns);
    for (int i = 0; i < calendar.size(); i++) {
      String name = calendar.get(i).name();
      if (!numeric.contains(name) && !categorical.contains(name)) {
        features.problem(
            "calendar",
            i,
            "names '" + name + "', which neither features.numeric nor features.categorical does");
      }
    }
    for (int i = 0; i < series.size(); i++) {
      String name = series.get(i).name();
      if (!numeric.contains(name) && !name.isEmpty()) {
        features.problem("series", i, "names '" + name + "', which features.numeric does not");
      }
    }
    for (int i = 0; i < categorical.size(); i++) {
      if (numeric.contains(categorical.get(i))) {
        features.problem(
            "categorical", i, "names '" + categorical.get(i) + "', which is numeric, too");
      }
    }
    List<Derived> derived = derived(features, numeric, contract);
    List<String> acknowledged = features.texts("acknowledged");
    List<String> all = new ArrayList<>(numeric);
    all.addAll(categorical);
    derived.forEach(d -> all.add(d.name()));
    for (int i = 0; i < acknowledged.size(); i++) {
      if (!all.contains(acknowledged.get(i))) {
        String meant =
            Nearest.to(acknowledged.get(i), all).map(n -> "; did you mean '" + n + "'?").orElse("");
        features.problem(
            "acknowledged", i, "names '" + acknowledged.get(i) + "', which is no feature" + meant);
      }
    }
    Imputation imputation =
        features
            .choice("imputation", List.of(Imputation.MEDIAN, Imputation.MEAN), FeatureReader::key)
            .orElse(Imputation.MEDIAN);
    if (features
        .choice("missing", List.of("impute", "highest"), name -> name)
        .orElse("")
        .equals("highest")) {
      imputation = Imputation.HIGHEST;
    }
    return new FeatureConfig(
        numeric,
        categorical,
        derived,
        acknowledged,
        imputation,
        features.count("min-category-rows", 1, 1_000_000_000),
        features.count("max-categories", 1, 10_000),
        calendar,
        series);
  }

  private static List<Calendar> calendar(Section features, DeclaredColumns contract) {
    List<Calendar> calendar = new ArrayList<>();
    for (Section section : features.sections("calendar")) {
      String name = section.text("name", "the feature's name");
      checkName(section, name, contract, calendar.stream().map(Calendar::name).toList());
      field(section, contract).ifPresent(field -> calendar.add(new Calendar(name, field)));
    }
    return calendar;
  }

  /** Notes where a feature's name is that of a column or of another feature. */
  static void checkName(
      Section section, String name, DeclaredColumns contract, List<String> others) {
    boolean taken =
        contract.data().columns().stream().anyMatch(c -> same(c.name(), name))
            || others.stream().anyMatch(other -> same(other, name));
    if (taken && !name.isEmpty()) {
      section.problem("name", "'" + name + "' is taken by a column or another feature");
    } else if (isOutput(name)) {
      section.problem("name", "'" + name + "' is what a classifier's output is called");
    }
  }

  private static Optional<CalendarField> field(Section section, DeclaredColumns contract) {
    Optional<Part> part = section.choice("take", List.of(Part.values()), FeatureReader::dashed);
    if (part.isEmpty() && !section.has("take")) {
      section.missing(
          "take",
          "one of "
              + String.join(
                  ", ", Arrays.stream(Part.values()).map(FeatureReader::dashed).toList()));
    }
    String of = section.text("of", "the column with the time");
    Optional<Column> column = contract.data().column(of);
    if (column.isEmpty() && !of.isEmpty()) {
      section.problem("of", "names '" + of + "', which is no declared column" + contract.meant(of));
    }
    column
        .map(Column::type)
        .filter(type -> !type.isEmpty() && !DeclaredColumns.isTime(type))
        .ifPresent(
            type ->
                section.problem("of", "must be a timestamp or date, but '" + of + "' is " + type));
    if (part.equals(Optional.of(Part.HOUR))
        && column.map(Column::type).equals(Optional.of("date"))) {
      section.problem("of", "names '" + of + "', a date, which has no hour");
    }
    Optional<ZoneId> zone =
        read(section, "zone", "UTC", ZoneId::of, "a time zone such as Europe/Berlin");
    boolean counts = part.equals(Optional.of(Part.DAYS_SINCE));
    if (!counts && section.has("since")) {
      section.problem("since", "is for days-since");
    } else if (counts && !section.has("since")) {
      section.missing("since", "the day from which days are counted, such as 2011-01-01");
    }
    Optional<LocalDate> since =
        counts && section.has("since")
            ? read(section, "since", "", LocalDate::parse, "a day such as 2011-01-01")
            : Optional.empty();
    return part.isPresent() && zone.isPresent() && counts == since.isPresent()
        ? Optional.of(new CalendarField(of, part.get(), zone.get(), since))
        : Optional.empty();
  }

  private static <T> Optional<T> read(
      Section section, String key, String otherwise, Function<String, T> reader, String words) {
    String written = section.text(key).orElse(otherwise);
    try {
      return Optional.of(reader.apply(written));
    } catch (DateTimeException e) {
      section.problem(key, "must be " + words + ", got " + written);
      return Optional.empty();
    }
  }

  private static String dashed(Part part) {
    return key(part).replace('_', '-');
  }

  private static void check(
      Section features, String key, List<String> names, DeclaredColumns contract) {
    contract.check(features, key, names);
    DataConfig data = contract.data();
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      if (name.equals(data.label())) {
        features.problem(
            key, i, "names '" + name + "', the label: a model must not see what it predicts");
      } else if (data.derivedFromLabel().contains(name)) {
        features.problem(
            key,
            i,
            "names '"
                + name
                + "', which data.derived-from-label says is known only with the label:"
                + " it would not be there when the model predicts");
      } else if (isOutput(name)) {
        features.problem(
            key,
            i,
            "names '"
                + name
                + "', which is what a classifier's output is called in its bundle: declare it under"
                + " another name, with from = \""
                + DataConfig.quoted(name)
                + "\"");
      } else {
        Optional<Column> column = data.column(name);
        if (column.isPresent()) {
          String problem = unfit(key, column.get());
          if (!problem.isEmpty()) {
            features.problem(key, i, problem);
          }
        }
      }
    }
  }

  private static boolean isOutput(String name) {
    return name.startsWith("probability(") && name.endsWith(")");
  }

  /** Why a column's type does not fit, and how to convert it; empty when it does. */
  private static String unfit(String key, Column column) {
    String type = column.type();
    String quoted = DataConfig.quoted(column.name());
    String is = "names '" + column.name() + "', a " + type + ": ";
    if (type.isEmpty()) {
      return "";
    }
    if (DeclaredColumns.isTime(type)) {
      return is
          + "declare a column such as { name = hour, type = int, from = \""
          + (type.equals("date") ? "dayofweek(" : "hour(")
          + quoted
          + ")\" } and name that";
    }
    if (key.equals("numeric") && !DeclaredColumns.isNumber(type)) {
      String convert = type.equals("boolean") ? "int" : "double";
      return is
          + "list it in features.categorical, or declare a column of type "
          + convert
          + " with from = \"cast("
          + quoted
          + " as "
          + convert
          + ")\"";
    }
    if (key.equals("categorical") && DeclaredColumns.isFraction(type)) {
      return is
          + "list it in features.numeric, or declare a column of type string with from = \"cast("
          + quoted
          + " as string)\"";
    }
    return "";
  }

  private static List<Derived> derived(
      Section features, List<String> numeric, DeclaredColumns contract) {
    List<Derived> all = new ArrayList<>();
    List<String> operands = new ArrayList<>(numeric);
    for (Section section : features.sections("derived")) {
      Derived derived = derived(section, operands);
      String name = derived.name();
      boolean taken =
          contract.data().columns().stream().anyMatch(c -> same(c.name(), name))
              || numeric.stream().anyMatch(n -> same(n, name))
              || all.stream().anyMatch(d -> same(d.name(), name));
      if (taken && !name.isEmpty()) {
        section.problem("name", "'" + name + "' is taken by a column or another derived one");
      } else if (isOutput(name)) {
        section.problem("name", "'" + name + "' is what a classifier's output is called");
      }
      all.add(derived);
      operands.add(name);
    }
    return all;
  }

  private static Derived derived(Section section, List<String> known) {
    String name = section.text("name", "the derived column's name");
    Optional<Operation> chosen =
        section.choice("operation", List.of(Operation.values()), FeatureReader::key);
    if (chosen.isEmpty() && !section.has("operation")) {
      section.missing("operation", "ratio, difference, log, bucket, minimum or maximum");
    }
    List<String> of = section.texts("of");
    for (int i = 0; i < of.size(); i++) {
      if (!known.contains(of.get(i))) {
        section.problem(
            "of",
            i,
            "names '" + of.get(i) + "', which is neither in features.numeric nor derived before");
      }
    }
    Operation operation = chosen.orElse(Operation.MINIMUM);
    chosen.ifPresent(o -> checkOperands(section, o, of));
    double constant = 0;
    if (operation == Operation.RATIO) {
      constant = section.number("otherwise", Range.ANY).orElse(0.0);
    } else if (section.has("otherwise")) {
      section.problem("otherwise", "is for operation ratio");
    }
    if (operation == Operation.LOG) {
      constant =
          section.number("floor", Range.above(0), "smaller operands of the log count as this");
    } else if (section.has("floor")) {
      section.problem("floor", "is for operation log");
    }
    List<Double> at = section.numbers("at", Range.ANY);
    if (operation == Operation.BUCKET && at.isEmpty()) {
      section.missing("at", "the increasing cut points of the bucket");
    }
    if (operation != Operation.BUCKET && section.has("at")) {
      section.problem("at", "is for operation bucket");
    }
    for (int i = 1; i < at.size(); i++) {
      if (!(at.get(i) > at.get(i - 1))) {
        section.problem("at", i, "must increase, got " + at.get(i) + " after " + at.get(i - 1));
      }
    }
    return new Derived(name, operation, of, constant, at);
  }

  private static void checkOperands(Section section, Operation operation, List<String> of) {
    int least =
        switch (operation) {
          case LOG, BUCKET -> 1;
          case RATIO, DIFFERENCE, MINIMUM, MAXIMUM -> 2;
        };
    boolean open = operation == Operation.MINIMUM || operation == Operation.MAXIMUM;
    if (of.size() < least || (of.size() > least && !open)) {
      String words = (open ? "at least " : "") + least + (least == 1 ? " operand" : " operands");
      String message = "must name " + words + " for " + key(operation) + ", got " + of.size();
      if (section.has("of")) {
        section.problem("of", message);
      } else {
        section.missing("of", words + " of the " + key(operation));
      }
    }
  }

  private static boolean same(String one, String other) {
    return one.toLowerCase(Locale.ROOT).equals(other.toLowerCase(Locale.ROOT));
  }

  private static String key(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
