package reforest.quality;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;
import reforest.config.DataConfig;
import reforest.config.FeatureConfig;
import reforest.config.Nearest;
import reforest.table.Columns;

/** Refuses features that cannot be learned from, all of them at once. */
public final class FeatureCheck {

  /** A categorical feature needs a bin each for missing and for rare or unseen values. */
  private static final int EXTRA_BINS = 2;

  private static final Logger LOG = LoggerFactory.getLogger(FeatureCheck.class);

  /** What {@code Recipe} leaves out of the known categories, since PMML cannot write it. */
  private static final String UNWRITABLE = "[\\x00-\\x1f\\x7f-\\x9f\\x{fffe}\\x{ffff}]|\\\\\\z";

  private final DataConfig data;
  private final FeatureConfig features;
  private final int maxBins;

  /**
   * @param maxBins most thresholds and categories that a tree tells apart
   */
  public FeatureCheck(DataConfig data, FeatureConfig features, int maxBins) {
    this.data = data;
    this.features = features;
    this.maxBins = maxBins;
  }

  /**
   * Checks the features of the training rows.
   *
   * @throws ReforestException of kind {@code DATA} when a feature is missing, of a type that cannot
   *     be used, null in every row, or has more categories than bins; {@code ARGUMENTS} when a
   *     feature is the label or derived from it
   */
  public void check(Dataset<Row> train) {
    refuseTheLabel();
    requireTypes(train.schema());
    requireValues(train);
    requireBins(train);
  }

  private List<String> all() {
    return Stream.concat(features.numeric().stream(), features.categorical().stream()).toList();
  }

  private void refuseTheLabel() {
    List<String> forbidden =
        all().stream()
            .filter(f -> f.equals(data.label()) || data.derivedFromLabel().contains(f))
            .toList();
    if (!forbidden.isEmpty()) {
      throw new ReforestException(
          Kind.ARGUMENTS,
          "features hold the label or what is derived from it: " + String.join(", ", forbidden),
          "remove them from features; data.derived-from-label says what is known only with the"
              + " label");
    }
  }

  private void requireTypes(StructType schema) {
    List<String> names = List.of(schema.fieldNames());
    List<String> problems = new ArrayList<>();
    for (String feature : all()) {
      if (!names.contains(feature)) {
        problems.add(
            feature
                + " is not a column of this data version"
                + Nearest.to(feature, names)
                    .map(name -> " (did you mean " + name + "?)")
                    .orElse(""));
        continue;
      }
      DataType type = schema.apply(feature).dataType();
      if (features.numeric().contains(feature) && !(type instanceof NumericType)) {
        problems.add(
            feature + " is of type " + type.simpleString() + " and cannot be a numeric feature");
      }
      if (features.categorical().contains(feature) && !isCategory(type)) {
        problems.add(
            feature
                + " is of type "
                + type.simpleString()
                + " and cannot be a categorical feature");
      }
    }
    if (!problems.isEmpty()) {
      throw new ReforestException(
          Kind.DATA,
          "features cannot be read: " + String.join("; ", problems),
          "declare a column that converts it: from = \"hour(ts)\" or \"unix_timestamp(ts)\" makes a"
              + " time a number, \"CAST(x AS string)\" makes a category, \"CAST(x AS double)\" a"
              + " number");
    }
  }

  private static boolean isCategory(DataType type) {
    boolean fractional =
        type instanceof DoubleType || type instanceof FloatType || type instanceof DecimalType;
    return type instanceof StringType
        || type instanceof BooleanType
        || (type instanceof NumericType && !fractional);
  }

  private void requireValues(Dataset<Row> train) {
    List<String> names = all();
    Column[] present =
        names.stream().map(f -> count_if(Columns.of(f).isNotNull())).toArray(Column[]::new);
    Row counts = train.agg(count(lit(1)), present).head();
    List<String> empty = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      if (counts.getLong(i + 1) == 0) {
        empty.add(names.get(i));
      }
    }
    if (!empty.isEmpty()) {
      throw new ReforestException(
          Kind.DATA,
          "features are null in all "
              + counts.getLong(0)
              + " training rows: "
              + String.join(", ", empty),
          "check where they come from; where they began after these rows, remove them from features"
              + " until there are training rows that have them");
    }
  }

  private void requireBins(Dataset<Row> train) {
    if (features.categorical().isEmpty()) {
      return;
    }
    Column[] pairs =
        features.categorical().stream()
            .map(f -> struct(lit(f).as("feature"), Columns.of(f).cast("string").as("category")))
            .toArray(Column[]::new);
    Column unwritable = col("category").rlike(UNWRITABLE);
    List<Row> found =
        train
            .select(explode(array(pairs)).as("pair"))
            .select("pair.feature", "pair.category")
            .where("category IS NOT NULL")
            .groupBy("feature", "category")
            .agg(count(lit(1)).as("rows"))
            .where(col("rows").geq(features.minCategoryRows()))
            .groupBy("feature")
            .agg(
                count(lit(1)).as("categories"),
                count_if(unwritable).as("unwritable"),
                sum(when(unwritable, col("rows"))),
                min(when(unwritable, col("category"))))
            .orderBy("feature")
            .collectAsList();
    found.stream().filter(row -> row.getLong(2) > 0).forEach(FeatureCheck::warn);
    List<String> problems =
        found.stream()
            .filter(row -> kept(row.getLong(1)) + EXTRA_BINS > maxBins)
            .map(
                row ->
                    row.getString(0)
                        + " needs "
                        + (kept(row.getLong(1)) + EXTRA_BINS)
                        + " bins for "
                        + kept(row.getLong(1))
                        + " categories, missing and unseen values")
            .toList();
    if (!problems.isEmpty()) {
      throw new ReforestException(
          Kind.DATA,
          "more categories than train.max-bins = " + maxBins + ": " + String.join("; ", problems),
          "raise train.max-bins, lower features.max-categories to "
              + (maxBins - EXTRA_BINS)
              + ", or raise features.min-category-rows");
    }
  }

  private static void warn(Row row) {
    LOG.warn(
        "{} of {} end with a backslash or hold a character that PMML cannot write, in {} training"
            + " rows; they count as unseen, such as '{}': replace them by the column's from",
        row.getLong(2) == 1 ? "1 category" : row.getLong(2) + " categories",
        row.getString(0),
        row.getLong(3),
        shown(row.getString(4)));
  }

  /** What a person can see, others by their numbers. */
  private static String shown(String category) {
    StringBuilder text = new StringBuilder();
    category
        .codePoints()
        .forEach(
            c -> {
              if (Character.isISOControl(c) || !Character.isDefined(c)) {
                text.append(String.format(Locale.ROOT, "\\u%04x", c));
              } else {
                text.appendCodePoint(c);
              }
            });
    return text.toString();
  }

  private long kept(long categories) {
    return Math.min(categories, features.maxCategories());
  }
}
