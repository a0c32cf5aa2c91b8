package reforest.features;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.map;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.try_element_at;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.attribute.Attribute;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.ml.attribute.NumericAttribute;
import org.apache.spark.ml.functions;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import reforest.config.FeatureConfig;
import reforest.config.FeatureConfig.Derived;
import reforest.config.FeatureConfig.Imputation;

/**
 * How columns become the feature vector that trees see, as learnt from some training rows.
 *
 * <p>The vector holds the numbers, then the derived columns, then the categories' codes. A category
 * has codes 0 to k - 1 for the k that are told apart, k for a missing value and k + 1 for a rare or
 * unseen one.
 *
 * @param numbers inputs read as numbers, in vector order
 * @param derived columns computed from them, in vector order
 * @param categories inputs read as categories, in vector order
 */
public record Recipe(
    List<NumberInput> numbers, List<Derived> derived, List<CategoryInput> categories) {

  /** Name of the vector column that {@link #apply} adds. */
  public static final String FEATURES = "features";

  /** Stands for a missing number where such count as higher than every value. */
  public static final double HIGHEST = Double.MAX_VALUE;

  public Recipe {
    numbers = List.copyOf(numbers);
    derived = List.copyOf(derived);
    categories = List.copyOf(categories);
  }

  /**
   * A number.
   *
   * @param name column name
   * @param replacement what stands in for a missing value; {@link #HIGHEST} where missing values
   *     count as highest
   * @param min smallest training value, NaN when all are missing
   * @param max largest training value, NaN when all are missing
   */
  public record NumberInput(String name, double replacement, double min, double max) {

    /** Whether a missing value counts as higher than every value. */
    public boolean isHighestWhenMissing() {
      return replacement == HIGHEST;
    }
  }

  /**
   * A category.
   *
   * @param name column name
   * @param known the categories told apart, sorted; their positions are their codes
   */
  public record CategoryInput(String name, List<String> known) {
    public CategoryInput {
      known = List.copyOf(known);
    }

    /** The code of a missing value. */
    public int missingCode() {
      return known.size();
    }

    /** The code of a category that is rare or was not seen. */
    public int otherCode() {
      return known.size() + 1;
    }
  }

  /** Whether missing numbers, and what is derived from them, count as higher than every value. */
  public boolean isHighestWhenMissing() {
    return numbers.stream().anyMatch(NumberInput::isHighestWhenMissing);
  }

  /** Positions of the vector. */
  public int width() {
    return numbers.size() + derived.size() + categories.size();
  }

  /**
   * Learns replacements, ranges and categories.
   *
   * @param rows training rows in the form of {@link TrainingRows}
   */
  public static Recipe learn(Dataset<Row> rows, FeatureConfig config) {
    return new Recipe(learnNumbers(rows, config), config.derived(), learnCategories(rows, config));
  }

  private static List<NumberInput> learnNumbers(Dataset<Row> rows, FeatureConfig config) {
    List<NumberInput> numbers = new ArrayList<>();
    if (config.numeric().isEmpty()) {
      return numbers;
    }
    List<Column> values = new ArrayList<>();
    for (int i = 0; i < config.numeric().size(); i++) {
      values.add(col(TrainingRows.number(i)));
    }
    boolean medians = config.imputation() == Imputation.MEDIAN;
    List<Medians.Summary> found = Medians.of(rows, values, medians);
    for (int i = 0; i < found.size(); i++) {
      Medians.Summary of = found.get(i);
      // A column that is empty in one fold only: any constant has no influence there.
      double replacement =
          config.imputation() == Imputation.HIGHEST
              ? HIGHEST
              : of.count() == 0 ? 0.0 : medians ? of.median() : of.mean();
      numbers.add(new NumberInput(config.numeric().get(i), replacement, of.min(), of.max()));
    }
    return numbers;
  }

  private static List<CategoryInput> learnCategories(Dataset<Row> rows, FeatureConfig config) {
    List<CategoryInput> categories = new ArrayList<>();
    if (config.categorical().isEmpty()) {
      return categories;
    }
    List<Map<String, Long>> counts = new ArrayList<>();
    List<Column> cells = new ArrayList<>();
    for (int i = 0; i < config.categorical().size(); i++) {
      counts.add(new HashMap<>());
      cells.add(struct(lit(i).as("input"), col(TrainingRows.category(i)).as("value")));
    }
    List<Row> found =
        rows.select(explode(array(cells.toArray(new Column[0]))).as("cell"))
            .groupBy("cell.input", "cell.value")
            .count()
            .where("value is not null")
            .collectAsList();
    for (Row row : found) {
      counts.get(row.getInt(0)).put(row.getString(1), row.getLong(2));
    }
    for (int i = 0; i < config.categorical().size(); i++) {
      List<String> known =
          counts.get(i).entrySet().stream()
              .filter(e -> e.getValue() >= config.minCategoryRows())
              .filter(e -> isWritable(e.getKey()))
              .sorted(
                  Comparator.comparing((Map.Entry<String, Long> e) -> -e.getValue())
                      .thenComparing(Map.Entry::getKey))
              .limit(config.maxCategories())
              .map(Map.Entry::getKey)
              .sorted()
              .toList();
      categories.add(new CategoryInput(config.categorical().get(i), known));
    }
    return categories;
  }

  /** Whether PMML can write a text in an array; one that it cannot is treated like a rare one. */
  private static boolean isWritable(String category) {
    return !category.endsWith("\\")
        && category
            .chars()
            .noneMatch(c -> Character.isISOControl(c) || c > TrainingRows.LAST_CHARACTER);
  }

  /**
   * Adds the vector column {@value #FEATURES}.
   *
   * @param rows rows in the form of {@link TrainingRows}
   */
  public Dataset<Row> apply(Dataset<Row> rows) {
    List<Attribute> attributes = new ArrayList<>();
    for (int count : categoryCounts()) {
      attributes.add(
          count == 0
              ? NumericAttribute.defaultAttr()
              : NominalAttribute.defaultAttr().withNumValues(count));
    }
    AttributeGroup group = new AttributeGroup(FEATURES, attributes.toArray(new Attribute[0]));
    Column features = functions.array_to_vector(array(vector().toArray(new Column[0])));
    return rows.withColumn(FEATURES, features.as(FEATURES, group.toMetadata()));
  }

  /**
   * Adds the vector's values as an array of doubles, {@value #FEATURES}.
   *
   * @param rows rows in the form of {@link TrainingRows}
   */
  public Dataset<Row> values(Dataset<Row> rows) {
    return rows.withColumn(FEATURES, array(vector().toArray(new Column[0])));
  }

  /** For each position of the vector how many categories there are, 0 for a number. */
  public List<Integer> categoryCounts() {
    List<Integer> counts = new ArrayList<>();
    numbers.forEach(input -> counts.add(0));
    derived.forEach(column -> counts.add(0));
    categories.forEach(input -> counts.add(input.otherCode() + 1));
    return List.copyOf(counts);
  }

  private List<Column> vector() {
    Map<String, Column> values = new HashMap<>();
    List<Column> vector = new ArrayList<>();
    for (int i = 0; i < numbers.size(); i++) {
      NumberInput input = numbers.get(i);
      Column value = coalesce(col(TrainingRows.number(i)), lit(input.replacement()));
      values.put(input.name(), value);
      vector.add(value);
    }
    for (Derived column : derived) {
      Column value = derive(column, values);
      values.put(column.name(), value);
      vector.add(value);
    }
    for (int i = 0; i < categories.size(); i++) {
      CategoryInput input = categories.get(i);
      vector.add(code(input, col(TrainingRows.category(i))));
    }
    return vector;
  }

  private static Column code(CategoryInput input, Column text) {
    Column known = lit((double) input.otherCode());
    if (!input.known().isEmpty()) {
      List<Column> codes = new ArrayList<>();
      for (int code = 0; code < input.known().size(); code++) {
        codes.add(lit(input.known().get(code)));
        codes.add(lit((double) code));
      }
      known = coalesce(try_element_at(map(codes.toArray(new Column[0])), text), known);
    }
    return when(text.isNull(), lit((double) input.missingCode())).otherwise(known);
  }

  private Column derive(Derived column, Map<String, Column> values) {
    List<Column> of = column.of().stream().map(name -> operand(column, name, values)).toList();
    return DerivedColumns.write(column, of, isHighestWhenMissing(), DerivedColumns.SPARK);
  }

  private static Column operand(Derived column, String name, Map<String, Column> values) {
    Column value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException(
          "derived column "
              + column.name()
              + " reads "
              + name
              + ", which is not defined before it");
    }
    return value;
  }
}
