package reforest.bundle;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reforest.bundle.Manifest.Input;

/**
 * What was observed before, from which the inputs are computed that look back on a series.
 *
 * <p>Holds a number for each row that was added, until it is told to forget. Safe for use by
 * several threads.
 */
public final class History {

  private final Map<String, LookingBack> inputs = new LinkedHashMap<>();
  private final Map<Observed, Series> series = new LinkedHashMap<>();
  private long forgotten = Long.MIN_VALUE;

  private History(Manifest manifest) {
    for (Input input : manifest.inputs()) {
      input
          .series()
          .ifPresent(
              field -> {
                Series of = series.computeIfAbsent(Observed.by(field), Series::new);
                of.lookedAtBy(field);
                inputs.put(input.name(), new LookingBack(field, of));
              });
    }
  }

  /**
   * An empty history of what a model looks back on. A bundle that looks back on something else
   * needs another.
   */
  public static History of(Manifest manifest) {
    return new History(manifest);
  }

  /** Whether the model looks back on anything; where not, nothing is kept. */
  public boolean isNeeded() {
    return !inputs.isEmpty();
  }

  /** The columns by which {@link #add} takes rows in, each once; empty where nothing is needed. */
  public List<String> columns() {
    return series.keySet().stream()
        .flatMap(Observed::columns)
        .map(SeriesField.Column::name)
        .distinct()
        .toList();
  }

  /**
   * Takes in a row that was observed, once what the model looks back on is known of it. A row with
   * the key of an earlier one replaces it; one without a value adds nothing. The order of rows
   * makes no difference.
   *
   * @param row by column name: the value, the event time, the columns that tell series apart, and
   *     those that name a row; read by {@link ColumnType} as an ingest reads them, others are
   *     ignored
   * @throws ReforestException of kind {@code DATA} when a column is no value of its type, or the
   *     row lacks one beside the value
   */
  public synchronized void add(Map<String, ?> row) {
    for (Series one : series.values()) {
      one.add(row, forgotten);
    }
  }

  /**
   * The row with the inputs that look back on a series, as far as it does not hold them itself:
   * null where nothing was observed.
   *
   * @param row by column name; with the event time and the columns that tell series apart
   * @return a copy that also has a key for each such input
   * @throws ReforestException of kind {@code DATA} when it lacks one of these columns, one is no
   *     value of its type, or the row lies before what was forgotten
   */
  public synchronized Map<String, @Nullable Object> complete(Map<String, ?> row) {
    Map<String, @Nullable Object> complete = new LinkedHashMap<>(row);
    inputs.forEach(
        (name, looking) -> {
          if (!row.containsKey(name)) {
            complete.put(name, value(name, looking, row));
          }
        });
    return complete;
  }

  private @Nullable Double value(String name, LookingBack looking, Map<String, ?> row) {
    SeriesField field = looking.field();
    String hint = "hand over that column, too, or the number itself as " + name;
    long time = time(field.time(), row, name, hint);
    if (time < forgotten) {
      throw new ReforestException(
          ReforestException.Kind.DATA,
          "%s of a row at %s looks back on rows that were forgotten".formatted(name, instant(time)),
          "score rows at or after " + instant(forgotten) + ", or keep the history for longer");
    }
    return looking.series().mean(texts(field.by(), row, name, hint), time, field);
  }

  /**
   * Drops what no row at that time or later looks at, which bounds how much is held: by the longest
   * lag and window, and the rows in it. Rows before that time are refused from now on.
   */
  public synchronized void forgetBefore(Instant time) {
    forgotten = Math.max(forgotten, SeriesField.micros(time));
    series.values().forEach(one -> one.forget(forgotten));
  }

  /** How many numbers it holds. */
  public synchronized long size() {
    return series.values().stream().mapToLong(Series::size).sum();
  }

  private static Instant instant(long micros) {
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000L);
  }

  private static long time(SeriesField.Column column, Map<String, ?> row, String why, String hint) {
    return read(column, row, why)
        .map(SeriesField::micros)
        .orElseThrow(() -> lacking(column.name(), why, hint));
  }

  private static List<@Nullable String> texts(
      List<SeriesField.Column> columns, Map<String, ?> row, String why, String hint) {
    List<@Nullable String> texts = new ArrayList<>(columns.size());
    for (SeriesField.Column column : columns) {
      if (!row.containsKey(column.name())) {
        throw lacking(column.name(), why, hint);
      }
      texts.add(read(column, row, why).map(ColumnType::textOf).orElse(null));
    }
    return texts;
  }

  private static Optional<Object> read(SeriesField.Column column, Map<String, ?> row, String why) {
    Object value = row.get(column.name());
    ColumnType.Reading reading = column.type().read(value);
    if (reading instanceof ColumnType.Refused refused) {
      String text = String.valueOf(value);
      throw new ReforestException(
          ReforestException.Kind.DATA,
          "%s %s: '%s'"
              .formatted(
                  column.name(),
                  refused.why(),
                  text.length() > 100 ? text.substring(0, 100) + "..." : text),
          "convert it before: " + why + " is taken by it");
    }
    return reading instanceof ColumnType.Value read ? Optional.of(read.value()) : Optional.empty();
  }

  private static ReforestException lacking(String column, String why, String hint) {
    return new ReforestException(
        ReforestException.Kind.DATA,
        "the row has no " + column + ", by which " + why + " is taken",
        hint);
  }

  /** An input, and where what it looks at is kept. */
  private record LookingBack(SeriesField field, Series series) {}

  /** What is kept of which rows; inputs that differ in what they take of it share it. */
  private record Observed(
      SeriesField.Column of,
      SeriesField.Column time,
      List<SeriesField.Column> by,
      List<SeriesField.Column> apart) {

    Stream<SeriesField.Column> columns() {
      return Stream.of(List.of(of, time), by, apart).flatMap(List::stream);
    }

    static Observed by(SeriesField field) {
      List<SeriesField.Column> apart = new ArrayList<>(field.key());
      apart.removeIf(column -> column.equals(field.time()) || field.by().contains(column));
      return new Observed(field.of(), field.time(), field.by(), List.copyOf(apart));
    }
  }

  /** The values of a column by series, time and, where several rows may share both, by the rest. */
  private static final class Series {

    private final Observed observed;
    private final Map<List<@Nullable String>, TreeMap<Long, Map<List<@Nullable String>, Double>>>
        values = new HashMap<>();
    private long reach;

    Series(Observed observed) {
      this.observed = observed;
    }

    void lookedAtBy(SeriesField field) {
      reach = Math.max(reach, field.reach().toNanos() / 1_000);
    }

    void add(Map<String, ?> row, long forgotten) {
      String name = observed.of().name();
      Optional<Object> value = read(observed.of(), row, name);
      if (value.isEmpty()) {
        return;
      }
      String hint = "hand over that column, too, or leave " + name + " out";
      long time = time(observed.time(), row, name, hint);
      List<@Nullable String> series = texts(observed.by(), row, name, hint);
      List<@Nullable String> apart = texts(observed.apart(), row, name, hint);
      if (!isForgotten(time, forgotten)) {
        values
            .computeIfAbsent(series, it -> new TreeMap<>())
            .computeIfAbsent(time, it -> new HashMap<>(2))
            .put(apart, ((Number) value.get()).doubleValue());
      }
    }

    private boolean isForgotten(long time, long forgotten) {
      return forgotten != Long.MIN_VALUE && time < forgotten - reach;
    }

    @Nullable Double mean(List<@Nullable String> series, long time, SeriesField field) {
      TreeMap<Long, Map<List<@Nullable String>, Double>> of = values.get(series);
      if (of == null) {
        return null;
      }
      long newest = time - field.lag().toNanos() / 1_000;
      long window = field.window().map(it -> it.toNanos() / 1_000).orElse(0L);
      Collection<Map<List<@Nullable String>, Double>> looked =
          of.subMap(newest - window, window == 0, newest, true).values();
      List<Double> found = new ArrayList<>();
      looked.forEach(at -> found.addAll(at.values()));
      return found.isEmpty() ? null : sum(found) / found.size();
    }

    void forget(long before) {
      values.values().forEach(of -> of.headMap(before - reach, false).clear());
      values.values().removeIf(Map::isEmpty);
    }

    long size() {
      return values.values().stream()
          .flatMap(of -> of.values().stream())
          .mapToLong(Map::size)
          .sum();
    }
  }

  /** The exact sum, rounded once, so that the order of rows cannot show. */
  private static double sum(List<Double> terms) {
    double sum = 0;
    for (double term : terms) {
      double next = sum + term;
      double fromTerm = next - sum;
      // What rounding took (Knuth's two-sum); counts and most decimals of few digits lose nothing.
      if ((sum - (next - fromTerm)) + (term - fromTerm) != 0) {
        return exact(terms);
      }
      sum = next;
    }
    return sum;
  }

  private static double exact(List<Double> terms) {
    BigDecimal sum = BigDecimal.ZERO;
    for (double term : terms) {
      sum = sum.add(new BigDecimal(term));
    }
    return sum.doubleValue();
  }
}
