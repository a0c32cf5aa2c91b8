package reforest.export;

import java.util.ArrayList;
import java.util.List;
import reforest.features.Recipe.CategoryInput;
import reforest.train.Trained;

/** Words that stand in PMML for what has no word of its own in the data. */
final class PmmlNames {

  private PmmlNames() {}

  /** The category of missing values: no category of the data. */
  static String missing(CategoryInput input) {
    return outside("(missing)", input.known());
  }

  /** A category that is none of the known ones. */
  static String unseen(CategoryInput input) {
    return outside("(unseen)", input.known());
  }

  /** Name of the output that holds a class's probability. */
  static String probability(String value) {
    return "probability(" + value + ")";
  }

  /** Name of the field that holds the margin: none of the label, an input or a derived column. */
  static String margin(Trained trained, String label) {
    return outside("margin", known(trained, label));
  }

  /** Name of the output that holds the class that is decided for. */
  static String decision(Trained trained, String label) {
    return outside("decision", known(trained, label));
  }

  private static List<String> known(Trained trained, String label) {
    List<String> known = new ArrayList<>(List.of(label));
    trained.recipe().numbers().forEach(input -> known.add(input.name()));
    trained.recipe().categories().forEach(input -> known.add(input.name()));
    trained.recipe().derived().forEach(column -> known.add(column.name()));
    return known;
  }

  private static String outside(String word, List<String> known) {
    String name = word;
    while (known.contains(name)) {
      name = name + "_";
    }
    return name;
  }
}
