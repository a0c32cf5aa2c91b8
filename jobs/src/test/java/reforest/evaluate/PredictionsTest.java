package reforest.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reforest.bundle.Scorer;

class PredictionsTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(doubles = {0.25, 0.5, 0.75})
  void judgesTheClassThatAServiceWouldName(double positive) {
    Scorer scorer = Scorer.of(Stumps.binary(folder, positive, positive));
    double[] out = new double[scorer.outputs()];
    scorer.predict(scorer.encode(Map.of("x", 1)), out);

    String judged = scorer.manifest().classes().get(Scorer.decide(out, Double.NaN));

    assertThat(scorer.score(Map.of("x", 1)).label()).hasValue(judged);
  }
}
