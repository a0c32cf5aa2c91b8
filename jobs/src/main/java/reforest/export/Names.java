package reforest.export;

import java.util.List;
import reforest.train.Recipe.CategoryInput;

/** Words that stand in PMML for what has no word of its own in the data. */
final class Names {

  private Names() {}

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

  private static String outside(String word, List<String> known) {
    String name = word;
    while (known.contains(name)) {
      name = name + "_";
    }
    return name;
  }
}
