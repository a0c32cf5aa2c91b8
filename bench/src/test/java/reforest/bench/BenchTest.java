package reforest.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reforest.config.BoostingStart;
import reforest.config.ConfigReader;
import reforest.config.ModelConfig;
import reforest.config.TrainConfig;

class BenchTest {

  private static final List<Case> CASES = Bench.cases(new Limit());
  private static final List<String> NAMES = CASES.stream().map(Case::name).toList();

  @Test
  void leavesLongCasesOutOfAQuickRunUnlessTheyAreNamed() {
    Case scaling =
        CASES.stream().filter(each -> each.name().equals("scaling")).findFirst().orElseThrow();

    assertThat(Bench.Asked.of(List.of(), NAMES).wants(scaling)).isTrue();
    assertThat(Bench.Asked.of(List.of("--quick"), NAMES).wants(scaling)).isFalse();
    assertThat(Bench.Asked.of(List.of("--quick", "scaling"), NAMES).wants(scaling)).isTrue();
    assertThat(Bench.Asked.of(List.of("demo"), NAMES).wants(scaling)).isFalse();
    assertThat(CASES.stream().filter(Case::isLong).map(Case::name))
        .containsExactly("rare-classes", "scaling");
  }

  @Test
  void leavesPeersOutOfAQuickRunThatNothingIsHeldTo() {
    List<String> peers = List.of("lightgbm", "xgboost", "sklearn");
    Path any = Path.of("any");
    Lab whole = new Lab(any, any, any, any, "", any, "", 2, false);
    Lab quick = new Lab(any, any, any, any, "", any, "", 2, true);

    assertThat(whole.peers(peers)).isEqualTo(peers);
    assertThat(quick.peers(peers)).containsExactly("lightgbm");
    assertThat(quick.peers(List.of("sklearn"))).isEmpty();
  }

  @Test
  void refusesACaseThatThereIsNot() {
    assertThat(NAMES).doesNotHaveDuplicates();
    assertThatThrownBy(() -> Bench.Asked.of(List.of("fit-1k"), NAMES))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("fit-1k")
        .hasMessageContaining("fit-100k");
  }

  @Test
  void givesAllProgramsTheSamePlan(@TempDir Path folder) throws Exception {
    Plan plan =
        new Plan(
            "data",
            List.of("x"),
            List.of("c"),
            false,
            true,
            List.of(4, 6),
            List.of(50, 100),
            0.1,
            32,
            5,
            3,
            2,
            1,
            "mean");
    Path file = folder.resolve("plan.json");
    plan.write(file);
    Path conf = Files.writeString(folder.resolve("bench.conf"), plan.configuration());

    ModelConfig config = ConfigReader.read(List.of(conf), List.of(), Map.of()).model();

    assertThat(Plan.read(file)).isEqualTo(plan);
    assertThat(config.features().numeric()).containsExactly("x");
    assertThat(config.features().categorical()).containsExactly("c");
    TrainConfig train = config.train();
    assertThat(train.randomForest()).isEmpty();
    assertThat(train.maxBins()).isEqualTo(32);
    assertThat(train.folds()).isEqualTo(3);
    TrainConfig.GradientBoostingGrid grid = train.gradientBoosting().orElseThrow();
    assertThat(grid.depth()).containsExactly(4, 6);
    assertThat(grid.iterations()).containsExactly(50, 100);
    assertThat(grid.stepSize()).containsExactly(0.05);
    assertThat(grid.start()).isEqualTo(BoostingStart.MEAN);
    assertThat(grid.minInstances()).containsExactly(5);
    assertThat(grid.subsample()).containsExactly(1.0);
  }

  @Test
  void ingestsWhatItDeclares(@TempDir Path folder) throws Exception {
    for (Map<String, String> columns : List.of(Ingests.narrow(), Ingests.wide())) {
      Path conf = Files.writeString(folder.resolve("ingest.conf"), Ingests.configuration(columns));

      ModelConfig config = ConfigReader.read(List.of(conf), List.of(), Map.of()).model();

      assertThat(config.data().columns())
          .extracting(column -> column.name() + " " + column.type())
          .containsExactlyElementsOf(
              columns.entrySet().stream().map(c -> c.getKey() + " " + c.getValue()).toList());
      assertThat(config.data().key()).containsExactly("id");
    }
    assertThat(Ingests.narrow()).hasSize(6);
    assertThat(Ingests.wide()).hasSize(500);
  }

  @Test
  void countsTheAdditionsThatAFitCannotDoWithout() {
    Plan plan =
        new Plan(
            "data",
            List.of("x", "z"),
            List.of(),
            false,
            true,
            List.of(3),
            List.of(10),
            0.1,
            32,
            5,
            3,
            2,
            1,
            "mean");

    // The root, and on two levels below it half of the rows: two passes for each tree and feature.
    assertThat(plan.additions(100)).isEqualTo(2 * 10 * 2 * 100);
  }
}
