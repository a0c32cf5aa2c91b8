package reforest.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import reforest.bundle.ColumnType;
import reforest.bundle.SeriesField;
import reforest.bundle.SeriesField.Take;
import reforest.config.DataConfig.Column;
import reforest.config.FeatureConfig.Series;

/** Reads {@code features.series}, and refuses what would not be known when the model predicts. */
final class SeriesReader {

  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofDays(3650);
  private static final Duration DAY = Duration.ofDays(1);

  private final DeclaredColumns contract;
  private final Duration labelDelay;

  private SeriesReader(DeclaredColumns contract, Duration labelDelay) {
    this.contract = contract;
    this.labelDelay = labelDelay;
  }

  /**
   * The features that are taken from earlier rows.
   *
   * @param others names of other features
   * @param labelDelay how long after its event a label becomes known
   */
  static List<Series> read(
      Section features, DeclaredColumns contract, List<String> others, Duration labelDelay) {
    SeriesReader reader = new SeriesReader(contract, labelDelay);
    List<Series> all = new ArrayList<>();
    List<String> names = new ArrayList<>(others);
    for (Section section : features.sections("series")) {
      String name = section.text("name", "the feature's name");
      FeatureReader.checkName(section, name, contract, names);
      names.add(name);
      reader.field(section).ifPresent(field -> all.add(new Series(name, field)));
    }
    return all;
  }

  private Optional<SeriesField> field(Section section) {
    Optional<Take> take = section.choice("take", List.of(Take.values()), SeriesReader::key);
    if (take.isEmpty() && !section.has("take")) {
      section.missing("take", "lag or rolling-mean");
    }
    Optional<SeriesField.Column> of = of(section);
    List<SeriesField.Column> by = by(section);
    Optional<Duration> lag = duration(section, "lag", "how long before a row's time it looks");
    of.ifPresent(column -> lag.ifPresent(it -> checkKnown(section, column.name(), it)));
    boolean rolls = take.equals(Optional.of(Take.ROLLING_MEAN));
    Optional<Duration> window =
        rolls
            ? duration(section, "window", "how long the rows of the mean reach back")
            : Optional.empty();
    if (take.isPresent() && !rolls && section.has("window")) {
      section.problem("window", "is for rolling-mean");
    }
    Optional<SeriesField.Column> time = time(section, take, lag);
    List<SeriesField.Column> key =
        contract.data().key().stream().flatMap(name -> column(name).stream()).toList();
    boolean complete =
        take.isPresent()
            && of.isPresent()
            && time.isPresent()
            && lag.isPresent()
            && rolls == window.isPresent();
    return complete
        ? Optional.of(new SeriesField(take.get(), of.get(), time.get(), by, key, lag.get(), window))
        : Optional.empty();
  }

  private Optional<SeriesField.Column> of(Section section) {
    String name = section.text("of", "the column whose earlier values are taken");
    Optional<Column> column = contract.data().column(name);
    if (column.isEmpty()) {
      if (!name.isEmpty() && !contract.data().columns().isEmpty()) {
        section.problem(
            "of", "names '" + name + "', which is no declared column" + contract.meant(name));
      }
      return Optional.empty();
    }
    String type = column.get().type();
    if (DeclaredColumns.isNumber(type)) {
      return column(name);
    }
    if (!type.isEmpty()) {
      section.problem(
          "of",
          "must be a number, but '"
              + name
              + "' is "
              + type
              + ": declare a column of it, such as with from = \"cast("
              + DataConfig.quoted(name)
              + " as int)\"");
    }
    return Optional.empty();
  }

  private List<SeriesField.Column> by(Section section) {
    List<String> names = section.texts("by");
    contract.check(section, "by", names);
    List<SeriesField.Column> columns = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      Optional<Column> column = contract.data().column(name);
      String type = column.map(Column::type).orElse("");
      if (isKnownWithLabel(name)) {
        section.problem(
            "by", i, "names '" + name + "', which is not known yet when the model predicts");
      } else if (DeclaredColumns.isFraction(type) || DeclaredColumns.isTime(type)) {
        section.problem(
            "by",
            i,
            "names '"
                + name
                + "', a "
                + type
                + ": series are told apart by a string, boolean,"
                + " int or bigint");
      }
      column(name).ifPresent(columns::add);
    }
    return columns;
  }

  private Optional<SeriesField.Column> time(
      Section section, Optional<Take> take, Optional<Duration> lag) {
    Optional<String> name = contract.data().eventTime();
    if (name.isEmpty()) {
      section.problem(
          "take", "needs data.event-time: rows without a time are not earlier than others");
      return Optional.empty();
    }
    Optional<SeriesField.Column> time = column(name.get()).filter(it -> it.type().isTime());
    boolean isDate = time.filter(it -> it.type().toString().equals("date")).isPresent();
    if (isDate
        && take.equals(Optional.of(Take.LAG))
        && lag.filter(it -> it.toSeconds() % DAY.toSeconds() != 0).isPresent()) {
      section.problem(
          "lag", "must be whole days, since '" + name.get() + "' is a date: no row lies there");
    }
    return time;
  }

  private static Optional<Duration> duration(Section section, String key, String meaning) {
    if (!section.has(key)) {
      section.missing(key, meaning + ", such as 24h or 7d");
    }
    return section.duration(key, SHORTEST, LONGEST);
  }

  private void checkKnown(Section section, String of, Duration lag) {
    if (isKnownWithLabel(of) && lag.compareTo(labelDelay) < 0) {
      section.problem(
          "lag",
          "must be at least windows.label-delay, "
              + words(labelDelay)
              + ", since '"
              + of
              + "' is known no earlier, got "
              + words(lag));
    }
  }

  private boolean isKnownWithLabel(String name) {
    DataConfig data = contract.data();
    return name.equals(data.label()) || data.derivedFromLabel().contains(name);
  }

  private Optional<SeriesField.Column> column(String name) {
    return contract
        .data()
        .column(name)
        .flatMap(
            column ->
                ColumnType.named(column.type())
                    .map(type -> new SeriesField.Column(name, type, column.from())));
  }

  private static String words(Duration duration) {
    long seconds = duration.toSeconds();
    return seconds % 86_400 == 0
        ? duration.toDays() + "d"
        : seconds % 3_600 == 0
            ? duration.toHours() + "h"
            : seconds % 60 == 0 ? duration.toMinutes() + "m" : seconds + "s";
  }

  private static String key(Take take) {
    return take.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
