package reforest.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What one process shall fit, in words that all of them understand.
 *
 * @param data folder with the Parquet files {@code train} and {@code test}, whose column {@code
 *     fold} counts from 0
 * @param numbers numeric features
 * @param categories categorical features, as text
 * @param binary whether the label {@code y} is 0 or 1, rather than a number
 * @param boosting whether trees are boosted, rather than a forest
 * @param depths largest depths
 * @param trees numbers of trees
 * @param rate learning rate by the meaning of LightGBM, twice MLlib's step for a squared error
 * @param bins most bins of a feature
 * @param minRows fewest rows of a leaf
 * @param folds folds of a search
 * @param cores threads
 * @param repeats how often a single fit is made in one process
 * @param start what our boosted trees add to, by the key {@code train.gradient-boosting.start}
 */
public record Plan(
    String data,
    List<String> numbers,
    List<String> categories,
    boolean binary,
    boolean boosting,
    List<Integer> depths,
    List<Integer> trees,
    double rate,
    int bins,
    int minRows,
    int folds,
    int cores,
    int repeats,
    String start) {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  public Plan {
    numbers = List.copyOf(numbers);
    categories = List.copyOf(categories);
    depths = List.copyOf(depths);
    trees = List.copyOf(trees);
  }

  /** Reads what {@link #write} wrote. */
  public static Plan read(Path file) {
    try {
      return JSON.readValue(Files.readAllBytes(file), Plan.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes it as JSON. */
  public void write(Path file) {
    try {
      Files.write(file, JSON.writeValueAsBytes(this));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same with boosted trees that start elsewhere. */
  Plan from(String other) {
    return new Plan(
        data,
        numbers,
        categories,
        binary,
        boosting,
        depths,
        trees,
        rate,
        bins,
        minRows,
        folds,
        cores,
        repeats,
        other);
  }

  /** As JSON, for the facts of a ratio. */
  public JsonNode json() {
    return JSON.valueToTree(this);
  }

  /** MLlib's step for the learning rate: its squared error has twice the usual gradient. */
  public double step() {
    return binary ? rate : rate / 2;
  }

  /** Additions to histograms that the longest and deepest fit on so many rows needs at least. */
  public double additions(long rows) {
    int depth = depths.stream().mapToInt(Integer::intValue).max().orElse(0);
    int most = trees.stream().mapToInt(Integer::intValue).max().orElse(0);
    // The root's rows, and on each level below at most half of them: the others are subtracted.
    double levels = 1 + (depth - 1) / 2.0;
    return levels * most * rows * (numbers.size() + categories.size());
  }

  /** The model's configuration file that searches just this. */
  public String configuration() {
    StringBuilder text = new StringBuilder();
    text.append("model = bench\ntask = ").append(binary ? "binary" : "regression").append('\n');
    text.append("data {\n  columns = [\n    { name = row, type = bigint }\n");
    for (String name : numbers) {
      text.append("    { name = ").append(name).append(", type = double }\n");
    }
    for (String name : categories) {
      text.append("    { name = ").append(name).append(", type = string }\n");
    }
    text.append("    { name = y, type = ").append(binary ? "int" : "double").append(" }\n  ]\n");
    text.append("  key = [row]\n  label = y\n").append(binary ? "  positive = \"1\"\n" : "");
    text.append("}\nfeatures {\n  numeric = ").append(quoted(numbers));
    text.append("\n  categorical = ").append(quoted(categories));
    text.append("\n  max-categories = ").append(bins - 2).append("\n}\n");
    text.append("train {\n  folds = ").append(folds).append("\n  max-bins = ").append(bins);
    text.append(
        boosting
            ? "\n  random-forest = null\n  gradient-boosting {\n    iterations = "
            : "\n  gradient-boosting = null\n  random-forest {\n    trees = ");
    text.append(trees).append("\n    depth = ").append(depths);
    text.append("\n    min-instances = [").append(minRows).append("]\n    subsample = [1.0]\n");
    if (boosting) {
      text.append("    step-size = [").append(step()).append("]\n");
      text.append("    start = ").append(start).append('\n');
    }
    text.append("  }\n}\ngate.worthwhile-gain = 1\n");
    return text.toString();
  }

  private static String quoted(List<String> names) {
    try {
      return JSON.writeValueAsString(names);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
