package reforest.export;

import jakarta.xml.bind.JAXBElement;
import java.util.ArrayList;
import java.util.List;
import javax.xml.namespace.QName;
import org.apache.spark.sql.SparkSession;
import org.dmg.pmml.InlineTable;
import org.dmg.pmml.ModelVerification;
import org.dmg.pmml.Row;
import org.dmg.pmml.VerificationField;
import org.dmg.pmml.VerificationFields;
import org.jspecify.annotations.Nullable;
import reforest.features.Recipe;
import reforest.features.Recipe.CategoryInput;
import reforest.features.Recipe.NumberInput;
import reforest.train.Trained;

/**
 * Rows with MLlib's own answers, which every evaluator can check itself against.
 *
 * <p>The rows are made up from the ranges and categories seen in training, so that no row of the
 * data is among them. Missing and unseen values are among them.
 */
final class VerificationRows {

  /** How many rows a bundle carries. */
  static final int ROWS = 32;

  private static final double PRECISION = 1e-9;

  /** The namespace that every JPMML-based reader expects of cells named {@code data:...}. */
  private static final String NAMESPACE = "http://jpmml.org/jpmml-model/InlineTable";

  private VerificationRows() {}

  static ModelVerification of(Trained trained, String label, SparkSession spark) {
    List<@Nullable Object[]> rows = rows(trained.recipe());
    List<double[]> answers = trained.predict(spark, rows);
    VerificationFields fields = new VerificationFields();
    int inputs = trained.recipe().numbers().size() + trained.recipe().categories().size();
    List<String> names = new ArrayList<>();
    trained.recipe().numbers().forEach(input -> names.add(input.name()));
    trained.recipe().categories().forEach(input -> names.add(input.name()));
    for (int i = 0; i < inputs; i++) {
      fields.addVerificationFields(new VerificationField(names.get(i), column("x", i)));
    }
    List<String> outputs =
        trained.classes().isEmpty()
            ? List.of(label)
            : trained.classes().stream().map(PmmlNames::probability).toList();
    for (int i = 0; i < outputs.size(); i++) {
      fields.addVerificationFields(
          new VerificationField(outputs.get(i), column("y", i))
              .setPrecision(PRECISION)
              .setZeroThreshold(PRECISION));
    }
    InlineTable table = new InlineTable();
    for (int r = 0; r < rows.size(); r++) {
      Row row = new Row();
      for (int i = 0; i < inputs; i++) {
        Object value = rows.get(r)[i];
        if (value != null) {
          row.addContent(cell("x" + i, value.toString()));
        }
      }
      for (int i = 0; i < outputs.size(); i++) {
        row.addContent(cell("y" + i, Double.toString(answers.get(r)[i])));
      }
      table.addRows(row);
    }
    return new ModelVerification(fields, table)
        .setRecordCount(rows.size())
        .setFieldCount(inputs + outputs.size());
  }

  private static String column(String prefix, int index) {
    return "data:" + prefix + index;
  }

  private static JAXBElement<String> cell(String name, String value) {
    return new JAXBElement<>(new QName(NAMESPACE, name, "data"), String.class, value);
  }

  /** Numbers step through their range, each with a stride of its own; categories take turns. */
  private static List<@Nullable Object[]> rows(Recipe recipe) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (int r = 0; r < ROWS; r++) {
      @Nullable Object[] row =
          new @Nullable Object[recipe.numbers().size() + recipe.categories().size()];
      int at = 0;
      for (NumberInput input : recipe.numbers()) {
        int step = (r * (2 * at + 3) + 5 * at) % (ROWS + 1);
        row[at] = step == ROWS ? null : between(input, step / (ROWS - 1.0));
        at++;
      }
      for (CategoryInput input : recipe.categories()) {
        int turn = (r + at) % (input.known().size() + 2);
        row[at] =
            turn < input.known().size()
                ? input.known().get(turn)
                : turn == input.missingCode() ? null : PmmlNames.unseen(input);
        at++;
      }
      rows.add(row);
    }
    return rows;
  }

  private static double between(NumberInput input, double share) {
    double value = input.min() + share * (input.max() - input.min());
    return Double.isFinite(value) ? value : input.replacement();
  }
}
