package reforest.split;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.when;
import static reforest.split.PartCounts.TRAIN;
import static reforest.split.PartCounts.WINDOW;

import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;
import reforest.bundle.Task;
import reforest.config.DataConfig;
import reforest.config.Nearest;
import reforest.config.WindowConfig;
import reforest.table.Columns;
import reforest.table.Snapshot;

/**
 * Divides a snapshot's rows into those to learn from and those to be judged on.
 *
 * <p>With an event time, rows younger than the label delay are left out, even where they have a
 * label: some kinds of labels come early, such as a customer's leaving, and alone they would
 * mislead. The protected window ends with the newest other row, rounded up, and starts where the
 * declared length before, or where a development window ended that was looked at: what was
 * developed on does not decide. The development window lies before it; training ends one label
 * delay before the window of the run. Where groups are declared, a window keeps only those of which
 * no row is older than it.
 *
 * <p>Without an event time, a stable hash of groups or keys in [0, 1) decides: the upper end is
 * protected, what lies below it is for development. A run trains on what lies below its own window,
 * so that no model ever knows the protected one, and what may be published knows all the rest.
 */
public final class Windows {

  private static final String OLDEST = "__reforest_oldest";
  private static final String NEW = "__reforest_new";
  private static final String JUDGED = "judged before";

  /** With fewer new groups than this a window without times is not made of them alone. */
  private static final long FEWEST_NEW = 14;

  private static final String KNOWN = "of groups that are older than the window";

  private final DataConfig data;
  private final WindowConfig windows;
  private final Task task;

  public Windows(DataConfig data, WindowConfig windows, Task task) {
    this.data = data;
    this.windows = windows;
    this.task = task;
  }

  /**
   * Divides the rows for a run.
   *
   * @param kind the window that the run is judged on: protected for a run that may publish
   * @param looks which rows were looked at before
   * @throws ReforestException of kind {@code DATA} when labels are broken, a part is empty, or a
   *     class is missing from a part that needs it
   */
  public Division divide(
      SparkSession spark, Snapshot snapshot, WindowId.Kind kind, EarlierLooks looks) {
    Dataset<Row> rows = snapshot.read(spark);
    Labels labels = new Labels(data, task, rows.schema());
    return data.eventTime().isPresent()
        ? byTime(rows, labels, data.eventTime().get(), kind, looks)
        : byHash(spark, snapshot, rows, labels, kind, looks);
  }

  private Division byTime(
      Dataset<Row> rows, Labels labels, String column, WindowId.Kind kind, EarlierLooks looks) {
    Column time = eventTime(rows, column);
    requireColumns(rows, windows.groups());
    Row newest =
        rows.agg(
                count(lit(1)),
                max(time),
                count_if(labels.isNull().unary_$bang()),
                count_if(time.isNull()))
            .head();
    if (newest.getLong(3) > 0) {
      throw refused(
          newest.getLong(3) + " rows have no " + column + ", the event time",
          "ingest them again with an event time");
    }
    if (newest.getLong(2) == 0) {
      throw refused(
          "none of the " + newest.getLong(0) + " rows has a label in " + data.label(),
          "ingest rows with labels");
    }
    Instant known = newest.<Timestamp>getAs(1).toInstant().minus(windows.labelDelay());
    Column young = time.gt(timestamp(known));
    requireSoundLabels(
        rows,
        labels,
        labels.isNull().and(young.unary_$bang()),
        " and older than windows.label-delay " + words(windows.labelDelay()));
    Row old = rows.where(young.unary_$bang()).agg(min(time), max(time)).head();
    if (old.isNullAt(0)) {
      throw refused(
          "all "
              + newest.getLong(0)
              + " rows are younger than windows.label-delay "
              + words(windows.labelDelay())
              + ", counted back from the newest of "
              + newest.<Timestamp>getAs(1).toInstant(),
          "ingest older rows");
    }
    Instant first = old.<Timestamp>getAs(0).toInstant();
    Instant last = old.<Timestamp>getAs(1).toInstant();

    Instant protectedEnd = after(last, windows.align());
    Instant longest = protectedEnd.minus(windows.protectedLength());
    boolean publishes = kind == WindowId.Kind.PROTECTED;
    Optional<Instant> developed =
        publishes ? looks.developedUntil(longest, protectedEnd) : Optional.empty();
    if (developed.isPresent() && !developed.get().isBefore(protectedEnd)) {
      throw refused(
          "no row of the protected window, from %s to %s, can decide: a plain retrain was judged on rows before %s"
              .formatted(longest, protectedEnd, developed.get()),
          "publish on a newer data version, whose newest rows nobody has developed on");
    }
    Instant protectedStart = developed.orElse(longest);
    Instant developmentStart = longest.minus(windows.developmentLength());
    Instant start = publishes ? protectedStart : developmentStart;
    Instant end = publishes ? protectedEnd : longest;
    Instant trainEnd = start.minus(windows.labelDelay());
    Column part =
        when(young, "younger than the label delay")
            .when(time.lt(timestamp(trainEnd)), TRAIN)
            .when(time.lt(timestamp(start)), "label delay before the window")
            .when(time.lt(timestamp(end)).and(col(OLDEST).lt(timestamp(start))), KNOWN)
            .when(time.lt(timestamp(end)), WINDOW)
            .otherwise("protected window");
    WindowId id = WindowId.ofTime(kind, column, start, end, developed.isPresent());
    Dataset<Row> all = rows.withColumn(OLDEST, oldest(time));
    PartCounts parts = parts(all, labels, part);
    String span =
        "; rows old enough for their label lie from "
            + first
            + " to "
            + last
            + ", the label delay is "
            + words(windows.labelDelay());
    parts.requireRows(id, "event times before " + trainEnd + span, span + known(parts));
    if (task.isClassification()) {
      parts.requireKnownClasses(id);
    }
    return new Division(
        all.where(part.equalTo(TRAIN)).drop(OLDEST),
        all.where(part.equalTo(WINDOW)).drop(OLDEST),
        id,
        Optional.of(trainEnd),
        "time of "
            + column
            + ", label delay "
            + words(windows.labelDelay())
            + (windows.groups().isEmpty()
                ? ""
                : ", windows of new " + String.join(", ", windows.groups()) + " alone"),
        parts.leftOut(),
        parts.rows(TRAIN),
        parts.rows(WINDOW));
  }

  /** When a row's group was first seen; null where rows are in none. */
  private Column oldest(Column time) {
    return windows.groups().isEmpty()
        ? lit(null).cast("timestamp")
        : min(time)
            .over(
                Window.partitionBy(
                    windows.groups().stream().map(Columns::of).toArray(Column[]::new)));
  }

  private String known(PartCounts parts) {
    return windows.groups().isEmpty()
        ? ""
        : "; %d rows of it are of a known %s, which windows.groups leaves out"
            .formatted(parts.rows(KNOWN), String.join(", ", windows.groups()));
  }

  private Division byHash(
      SparkSession spark,
      Snapshot snapshot,
      Dataset<Row> all,
      Labels labels,
      WindowId.Kind kind,
      EarlierLooks looks) {
    Dataset<Row> rows = all;
    requireSoundLabels(rows, labels, labels.isNull(), "");
    List<String> columns = windows.groups().isEmpty() ? data.key() : windows.groups();
    requireColumns(rows, columns);
    double protectedStart = 1 - windows.protectedShare();
    double developmentStart = protectedStart - windows.developmentShare();
    if (!(developmentStart > 0)) {
      throw new ReforestException(
          Kind.ARGUMENTS,
          "windows.protected-share "
              + windows.protectedShare()
              + " and windows.development-share "
              + windows.developmentShare()
              + " leave nothing to train on",
          "choose shares that add up to less than 1");
    }
    String hashed = "hash of " + String.join(", ", columns) + " with salt '" + windows.salt() + "'";
    boolean publishes = kind == WindowId.Kind.PROTECTED;
    TrainedShare trained = new TrainedShare(hashed, publishes ? protectedStart : developmentStart);
    WindowId.Share share =
        new WindowId.Share(hashed, trained.end(), publishes ? 1 : protectedStart);
    OptionalLong judged =
        publishes
            ? looks.judgedVersion(WindowId.ofShare(kind, share, OptionalLong.empty()).text())
            : OptionalLong.empty();
    // Not by rank within a class, which would deal the classes out evenly: new rows move ranks, and
    // a champion could have been trained on what is the window now.
    Column drawn = RowHash.uniform(columns, windows.salt());
    Column part =
        when(drawn.lt(trained.end()), TRAIN)
            .when(drawn.lt(protectedStart), WINDOW)
            .otherwise(publishes ? WINDOW : "protected window");
    boolean newOnes = false;
    if (judged.isPresent() && judged.getAsLong() < snapshot.version()) {
      Dataset<Row> marked = markNew(spark, snapshot, judged.getAsLong(), all, columns);
      newOnes = areEnough(marked.where(part.equalTo(WINDOW)));
      if (newOnes) {
        rows = marked;
        part = when(part.equalTo(WINDOW).and(not(col(NEW))), JUDGED).otherwise(part);
      }
    }
    WindowId id = WindowId.ofShare(kind, share, newOnes ? judged : OptionalLong.empty());
    PartCounts parts = parts(rows, labels, part);
    String hint = "; the table has " + parts.all() + (parts.all() == 1 ? " row" : " rows");
    parts.requireRows(id, "[0, " + WindowId.border(trained.end()) + ") of " + hashed + hint, hint);
    if (task.isClassification()) {
      parts.requireClassesInEveryPart(id);
    }
    return new Division(
        rows.where(part.equalTo(TRAIN)).drop(NEW),
        rows.where(part.equalTo(WINDOW)).drop(NEW),
        id,
        Optional.empty(),
        trained.rule(
            (publishes ? "" : "development to " + protectedStart + ", ") + "protected to 1"),
        parts.leftOut(),
        parts.rows(TRAIN),
        parts.rows(WINDOW));
  }

  /** Tells groups that a data version did not have: without times, these are the fresh ones. */
  private static Dataset<Row> markNew(
      SparkSession spark, Snapshot snapshot, long judged, Dataset<Row> rows, List<String> columns) {
    Column[] names = columns.stream().map(Columns::of).toArray(Column[]::new);
    Dataset<Row> known =
        snapshot.read(spark, judged).select(names).distinct().withColumn(NEW, lit(false));
    List<Column> all = new ArrayList<>();
    for (String name : rows.columns()) {
      all.add(Columns.of(name));
    }
    all.add(col(NEW).isNull().as(NEW));
    return rows.join(known, columns.toArray(String[]::new), "left")
        .select(all.toArray(Column[]::new));
  }

  private static boolean areEnough(Dataset<Row> window) {
    Row counts = window.agg(count(lit(1)), count_if(col(NEW))).head();
    return counts.getLong(1) >= Math.max(FEWEST_NEW, counts.getLong(0) / 4);
  }

  private PartCounts parts(Dataset<Row> rows, Labels labels, Column part) {
    Column group = task.isClassification() ? coalesce(labels.className(), lit("")) : lit("");
    Map<String, Map<String, Long>> counts = new TreeMap<>();
    for (Row row : rows.groupBy(part.as("part"), group.as("class")).count().collectAsList()) {
      counts
          .computeIfAbsent(row.getString(0), p -> new TreeMap<>())
          .put(row.getString(1), row.getLong(2));
    }
    return new PartCounts(counts);
  }

  private void requireSoundLabels(Dataset<Row> rows, Labels labels, Column overdue, String delay) {
    Row broken =
        rows.agg(count_if(overdue), count_if(labels.isNan()), count_if(labels.isInfinite())).head();
    labels.requireSound(
        rows, broken.getLong(0), broken.getLong(1), broken.getLong(2), overdue, delay);
  }

  private static Column eventTime(Dataset<Row> rows, String column) {
    requireColumns(rows, List.of(column));
    DataType type = rows.schema().apply(column).dataType();
    if (!(type instanceof TimestampType
        || type instanceof DateType
        || type instanceof TimestampNTZType)) {
      throw refused(
          "the event time " + column + " is of type " + type.simpleString() + ", which is no time",
          "declare it as timestamp; seconds since 1970 convert by from = \"timestamp_seconds("
              + Columns.quote(column)
              + ")\"");
    }
    return Columns.of(column).cast("timestamp");
  }

  private static void requireColumns(Dataset<Row> rows, List<String> wanted) {
    List<String> names = List.of(rows.columns());
    for (String column : wanted) {
      if (!names.contains(column)) {
        throw refused(
            "this data version has no column " + column,
            Nearest.to(column, names).map(n -> "did you mean " + n + "? ").orElse("")
                + "Its columns are "
                + String.join(", ", names));
      }
    }
  }

  /** The first multiple of {@code align} after {@code time}, counted from 1970. */
  static Instant after(Instant time, Duration align) {
    long step = align.toMillis();
    return Instant.ofEpochMilli((Math.floorDiv(time.toEpochMilli(), step) + 1) * step);
  }

  private static Column timestamp(Instant time) {
    return lit(time);
  }

  static String words(Duration duration) {
    return duration.toSeconds() % 86_400 == 0
        ? duration.toDays() + " days"
        : duration.toSeconds() % 3600 == 0 ? duration.toHours() + " hours" : duration.toString();
  }

  private static ReforestException refused(String message, String hint) {
    return new ReforestException(Kind.DATA, message, hint);
  }
}
