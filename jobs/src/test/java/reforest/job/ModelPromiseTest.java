package reforest.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reforest.bundle.ReforestException;
import reforest.config.Configuration;
import reforest.home.Home;
import reforest.testing.GoldenHome;

/** What may change from one champion to the next, against a home of an earlier revision. */
class ModelPromiseTest {

  private static final String OTHER_UNIT =
      """
      data.columns=[
        { name = ts, type = timestamp }
        { name = shop, type = string }
        { name = temp, type = double, unit = "K" }
        { name = promo, type = string }
        { name = visits, type = double, unit = "hundreds" }
      ]""";

  /** What was the default when the home was written. */
  private static final String BOOSTED = "train.gradient-boosting.enabled=true";

  private static final String BOOSTED_FROM = "train.gradient-boosting.start=tree";

  @TempDir private Path folder;
  private Home home;

  @BeforeEach
  void layOut() {
    home = Home.at(GoldenHome.in(folder).toUri());
  }

  private Jobs jobs() {
    return Jobs.on(
        () -> {
          throw new AssertionError("Spark was asked for");
        },
        home);
  }

  @Test
  void anotherLabelOrKeyIsRefusedBeforeAnythingIsSpent() {
    Configuration other =
        GoldenHome.configuration("data.label=temp", "features.numeric=[]", "data.key=[ts]");
    String message =
        "model 'visits' promises something else since promotion 1: data.label was visits and is now"
            + " temp; data.key was shop, ts and is now ts";

    for (Job<?> job :
        List.of(
            jobs().retrain(other),
            jobs().retrain(other).publish(),
            jobs().backtest(other),
            jobs().promote(other, "0".repeat(32)))) {
      assertThatExceptionOfType(ReforestException.class)
          .isThrownBy(job::execute)
          .withMessage(message)
          .satisfies(e -> assertThat(e.kind()).isEqualTo(ReforestException.Kind.ARGUMENTS))
          .satisfies(e -> assertThat(e.hint()).contains("begin a new model"));
      assertThatExceptionOfType(ReforestException.class)
          .isThrownBy(job::check)
          .withMessageStartingWith(message)
          .satisfies(e -> assertThat(e.kind()).isEqualTo(ReforestException.Kind.ARGUMENTS));
    }
  }

  @Test
  void anotherTaskOrUnitIsRefused() {
    assertBroken(GoldenHome.configuration(OTHER_UNIT))
        .withMessageEndingWith("the label's unit was visits and is now hundreds");
    assertBroken(
            GoldenHome.configuration(
                "task=multiclass",
                "data.label=promo",
                "features.categorical=[shop]",
                "train.gradient-boosting=null",
                "gate.primary=log-loss"))
        .withMessageContaining("task was regression and is now multiclass; data.label was ");
  }

  private org.assertj.core.api.ThrowableAssertAlternative<ReforestException> assertBroken(
      Configuration configuration) {
    return assertThatExceptionOfType(ReforestException.class)
        .isThrownBy(() -> ModelPromise.of(home.store("visits"), configuration).require());
  }

  @Test
  void allElseMayChangeAndIsNamed() {
    Configuration other =
        GoldenHome.configuration(
            BOOSTED,
            BOOSTED_FROM,
            "train.seed=9",
            "features.categorical=[shop]",
            "slices=[]",
            "data.key=[shop, ts]",
            "home=/elsewhere",
            "train.parallelism=2");
    ModelPromise promise = ModelPromise.of(home.store("visits"), other);

    promise.require();

    assertThat(promise.changed())
        .contains(List.of("data.key", "features.categorical", "slices", "slices[0]", "train.seed"));
    assertThat(
            ModelPromise.of(home.store("visits"), GoldenHome.configuration(BOOSTED, BOOSTED_FROM))
                .changed())
        .contains(List.of());
  }

  @Test
  void withoutTheRunOfTheChampionItsManifestStillTellsTheLabel() throws IOException {
    Files.move(folder.resolve("models/visits/runs"), folder.resolve("removed"));
    Configuration otherKey = GoldenHome.configuration("data.key=[ts]");
    ModelPromise promise = ModelPromise.of(home.store("visits"), otherKey);

    promise.require();
    assertThat(promise.changed()).as("nobody knows").isEmpty();
    assertBroken(GoldenHome.configuration("data.label=temp", "features.numeric=[]"))
        .withMessageContaining("data.label was visits and is now temp");
  }

  @Test
  void beforeThereIsAChampionANamePromisesNothing() throws IOException {
    Files.move(folder.resolve("models/visits/promotions"), folder.resolve("removed"));
    ModelPromise promise =
        ModelPromise.of(
            home.store("visits"),
            GoldenHome.configuration("data.label=temp", "features.numeric=[]"));

    promise.require();
    assertThat(promise.changed()).isEmpty();
  }
}
