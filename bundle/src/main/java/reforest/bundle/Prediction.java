package reforest.bundle;

import java.util.List;
import java.util.Optional;

/**
 * What a model says of one row.
 *
 * @param value the predicted number; NaN when the model predicts a class
 * @param probabilities the classes' probabilities in the order of the manifest; empty when the
 *     model predicts a number
 * @param label the class that the model decides for: where it has a {@link Scorer#threshold()}, the
 *     positive one from there on, else the most probable one, the first of equals; empty when the
 *     model predicts a number
 */
public record Prediction(double value, List<Double> probabilities, Optional<String> label) {
  public Prediction {
    probabilities = List.copyOf(probabilities);
  }
}
