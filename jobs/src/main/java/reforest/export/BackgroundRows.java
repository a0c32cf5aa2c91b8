package reforest.export;

import static org.apache.spark.sql.functions.col;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;
import reforest.bundle.Background;
import reforest.bundle.Manifest.Input;
import reforest.config.DataConfig;
import reforest.config.ModelConfig;
import reforest.features.Recipe;
import reforest.features.Recipe.CategoryInput;
import reforest.features.TrainingRows;
import reforest.split.RowHash;

/**
 * Draws the training rows that a bundle brings along for explanations: those with the smallest
 * hashes of their keys, so that the same table gives the same rows on every cluster.
 */
final class BackgroundRows {

  private static final String DRAWN = "drawn";

  private static final String SALT = "background";

  private final ModelConfig config;

  BackgroundRows(ModelConfig config) {
    this.config = config;
  }

  /**
   * The background; empty where none is wanted, there is no row, or an input reads a column with
   * personal data. Rows without that input would not be rows of the model, and what is taken for it
   * in their place would be taken for a fact.
   *
   * @param rows training rows with all that the model's inputs read
   */
  Optional<Background> of(Dataset<Row> rows, Recipe recipe, List<Input> inputs) {
    int most = config.export().backgroundRows();
    if (most == 0 || inputs.stream().anyMatch(this::isPersonal)) {
      return Optional.empty();
    }
    List<Column> columns = new ArrayList<>(TrainingRows.inputs(config.features()));
    columns.add(RowHash.uniform(config.data().key(), SALT).as(DRAWN));
    List<double[]> drawn = new ArrayList<>();
    for (Row row :
        rows.select(columns.toArray(new Column[0]))
            .orderBy(col(DRAWN))
            .limit(most)
            .collectAsList()) {
      double[] encoded = encoded(row, recipe);
      // No input takes an infinite number, so that no row of a service looks like that.
      if (Arrays.stream(encoded).noneMatch(Double::isInfinite)) {
        drawn.add(encoded);
      }
    }
    return drawn.isEmpty() ? Optional.empty() : Optional.of(Background.of(inputs, drawn));
  }

  private boolean isPersonal(Input input) {
    Set<String> read = input.columns();
    return config.data().columns().stream()
        .filter(DataConfig.Column::personal)
        .anyMatch(column -> read.contains(column.name()));
  }

  private static double[] encoded(Row row, Recipe recipe) {
    int numbers = recipe.numbers().size();
    double[] encoded = new double[numbers + recipe.categories().size()];
    for (int i = 0; i < encoded.length; i++) {
      if (i >= numbers) {
        encoded[i] = code(recipe.categories().get(i - numbers), row.getString(i));
      } else {
        encoded[i] = row.isNullAt(i) ? Double.NaN : row.getDouble(i);
      }
    }
    return encoded;
  }

  private static double code(CategoryInput input, @Nullable String text) {
    if (text == null) {
      return input.missingCode();
    }
    int code = input.known().indexOf(text);
    return code < 0 ? input.otherCode() : code;
  }
}
