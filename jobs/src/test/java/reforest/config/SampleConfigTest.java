package reforest.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import reforest.bundle.Task;

class SampleConfigTest {

  private static final Path SAMPLE = Path.of("..", "conf", "bikeshare.conf");

  private static Configuration read(String... overrides) {
    return ConfigReader.read(List.of(SAMPLE), List.of(overrides), Map.of());
  }

  @Test
  void readsTheSample() {
    Configuration read = read();

    ModelConfig model = read.model();
    assertThat(model.model()).isEqualTo("bikeshare");
    assertThat(model.task()).isEqualTo(Task.REGRESSION);
    assertThat(model.about()).containsKeys("goal", "owner", "decision", "limits");
    assertThat(model.data().columns()).hasSize(14);
    assertThat(model.data().column("ts")).get().extracting("nullable").isEqualTo(false);
    assertThat(model.data().column("hum")).get().extracting("nullable").isEqualTo(true);
    assertThat(model.data().derivedFromLabel()).containsExactly("casual", "registered");
    assertThat(model.windows().protectedLength()).isEqualTo(Duration.ofDays(28));
    assertThat(model.evaluate().clusterPeriod()).contains(Duration.ofDays(1));
    assertThat(model.evaluate().slices()).hasSize(3);
    assertThat(model.train().randomForest()).get().extracting("features").isEqualTo(List.of("0.6"));
    assertThat(read.demo().retrainAfter()).hasSize(10).contains(LocalDate.of(2011, 4, 30));
  }

  @Test
  void takesTheHomeFromTheEnvironmentAndTheCommandLineBeforeIt() {
    Map<String, String> environment = Map.of("REFOREST_HOME", "s3a://bucket/forest/");

    assertThat(ConfigReader.read(List.of(SAMPLE), List.of(), environment).model().home())
        .hasToString("s3a://bucket/forest");
    assertThat(
            ConfigReader.read(List.of(SAMPLE), List.of("home=/tmp/a b"), environment)
                .model()
                .home())
        .hasToString("file:///tmp/a%20b");
    assertThat(read().model().home().getPath()).endsWith("/reforest-home");
  }

  @Test
  void keepsTheDigestWhenNothingThatCanChangeTheVerdictChanges() {
    String digest = read().model().digest();

    assertThat(digest).matches("[0-9a-f]{64}");
    for (String override :
        List.of(
            "home=/elsewhere",
            "data.source.path=other.csv",
            "data.history=500d",
            "train.parallelism=7",
            "gate.attempts=9",
            "demo.retrain-after=[]",
            "gate.alpha=0.050")) {
      assertThat(read(override).model().digest()).as(override).isEqualTo(digest);
    }
    for (String override :
        List.of(
            "gate.alpha=0.051",
            "gate.baseline=block",
            "gate.floors=[{ metric = r2, at-least = 0.5 }]",
            "gate.churn.tolerance=5",
            "gate.budget.node-visits=2000",
            "train.seed=7",
            "about.owner=somebody else",
            "windows.protected=27d",
            "slices=[]",
            "features.min-category-rows=19",
            "evaluate.baseline=null",
            "data.max-quarantined=0.002")) {
      assertThat(read(override).model().digest()).as(override).isNotEqualTo(digest);
    }
  }

  @Test
  void tellsWhereEachSettingComesFrom() {
    EffectiveConfig effective =
        ConfigReader.read(
                List.of(SAMPLE), List.of("train.folds=5"), Map.of("REFOREST_HOME", "/forest"))
            .effective();

    assertThat(effective.text())
        .containsPattern("(?m)^train\\.folds = 5  # command line$")
        .containsPattern("(?m)^home = \"/forest\"  # environment$")
        .containsPattern("(?m)^model = \"bikeshare\"  # bikeshare\\.conf: 3$")
        .containsPattern("(?m)^data\\.history = \"400d\"  # default$")
        .containsPattern(
            "(?m)^data\\.columns\\[0\\] = \\{.*\"name\":\"ts\".*  # bikeshare\\.conf: \\d+$");
    assertThat(effective.values()).containsEntry("gate.alpha", "0.05");
  }

  @Test
  void leavesSecretsOutOfWhatItShows() {
    EffectiveConfig effective = read("about.query=http://wiki/?sig=abc&page=2").effective();

    assertThat(effective.values()).containsEntry("about.query", "\"http://wiki/?sig=***&page=2\"");
  }

  @Test
  void setsDefaultsThatFollowFromOtherSettings() {
    EffectiveConfig effective = read("train.metric=null", "gate.primary=null").effective();

    assertThat(effective.text())
        .contains("train.metric = \"rmse\"  # default for task regression")
        .contains("gate.primary = \"rmse\"  # default for task regression");
    assertThat(read("evaluate.cluster.period=null").model().evaluate().clusterPeriod()).isEmpty();
  }
}
