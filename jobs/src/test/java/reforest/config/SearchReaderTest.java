package reforest.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reforest.bundle.ReforestException;

class SearchReaderTest {

  private static final String MINIMAL =
      """
      model = trips
      task = regression
      data {
        columns = [
          { name = id, type = bigint }
          { name = at, type = timestamp }
          { name = distance, type = double }
          { name = seconds, type = int }
        ]
        key = [id]
        event-time = at
        label = seconds
      }
      features.numeric = [distance]
      gate.worthwhile-gain = 5
      """;

  @TempDir private Path folder;

  private Configuration read(String text, String... overrides) throws IOException {
    return new Written(folder).read(text, overrides);
  }

  private ReforestException refused(String text, String... overrides) {
    return new Written(folder).refused(text, overrides);
  }

  @Test
  void readsRangesThatARandomSearchDrawsFrom() throws IOException {
    TrainConfig train =
        read(
                MINIMAL,
                "train.search=random",
                "train.budget={ fits = 30, time = 10m }",
                "train.gradient-boosting.step-size={ from = 0.01, to = 0.3, log = true }",
                "train.random-forest.features={ from = 0.3, to = 1 }")
            .model()
            .train();

    assertThat(train.gradientBoosting().orElseThrow().ranges())
        .containsExactly(Map.entry("step-size", new SearchConfig.Interval(0.01, 0.3, true)));
    assertThat(train.gradientBoosting().orElseThrow().stepSize()).isEmpty();
    assertThat(train.randomForest().orElseThrow().ranges())
        .containsExactly(Map.entry("features", new SearchConfig.Interval(0.3, 1, false)));
    assertThat(train.search().budget().time()).hasValue(Duration.ofMinutes(10));
    assertThat(train.search().budget().fits()).hasValue(30);
  }

  @Test
  void aTrainingWindowNeedsAnEventTimeAndMoreThanTheLabelDelay() {
    assertThat(refused(MINIMAL, "data.event-time=null", "train.half-life=[none, 90d]").getMessage())
        .contains("train.half-life needs data.event-time without windows.groups");
    assertThat(refused(MINIMAL, "windows.label-delay=3d", "train.window=[all, 2d]").getMessage())
        .contains("train.window must be longer than windows.label-delay", "got 2d with 3d");
    // The newest rows are 60 days old to each fold, and 2 to the power of -1440 is 0.
    assertThat(refused(MINIMAL, "windows.label-delay=60d", "train.half-life=[1h]").getMessage())
        .contains(
            "train.half-life must be longer than windows.label-delay / 500, got 1h with 60d",
            "would weigh 0");
  }

  @Test
  void earlyStoppingIsRefusedWhereEachLookWouldBeAFit() throws IOException {
    assertThat(
            read(MINIMAL, "train.gradient-boosting.early-stopping=10")
                .model()
                .train()
                .search()
                .earlyStopping())
        .hasValue(10);
    assertThat(
            refused(MINIMAL, "train.engine=mllib", "train.gradient-boosting.early-stopping=10")
                .getMessage())
        .contains("train.gradient-boosting.early-stopping needs the binned trainer");
  }

  @Test
  void boostingStartsFromTheMeanButWhereMllibTrains() throws IOException {
    assertThat(start()).isEqualTo(BoostingStart.MEAN);
    assertThat(start("train.engine=binned")).isEqualTo(BoostingStart.MEAN);
    assertThat(start("train.engine=mllib")).isEqualTo(BoostingStart.TREE);
    assertThat(start("train.gradient-boosting.start=tree")).isEqualTo(BoostingStart.TREE);
    assertThat(
            refused(MINIMAL, "train.engine=mllib", "train.gradient-boosting.start=mean")
                .getMessage())
        .contains("train.gradient-boosting.start must be tree with train.engine = mllib");
  }

  private BoostingStart start(String... settings) throws IOException {
    return read(MINIMAL, settings).model().train().gradientBoosting().orElseThrow().start();
  }

  @Test
  void saysWhatIsWrongWithARange() {
    assertThat(
            refused(
                    MINIMAL,
                    "train.search=random",
                    "train.random-forest.trees={ from = 50, to = 5 }",
                    "train.random-forest.depth={ from = 0, to = 5, log = true }",
                    "train.random-forest.subsample={ from = 0.5 }")
                .getMessage())
        .contains(
            "train.random-forest.trees.to must be above from, got 5.0 with from 50.0",
            "train.random-forest.depth.from must be from 1.0 to 30.0, got 0",
            "train.random-forest.subsample.to is missing: the largest number of the range");
  }
}
