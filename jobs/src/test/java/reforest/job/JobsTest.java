package reforest.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import reforest.bundle.Promotion;
import reforest.bundle.ReforestException;
import reforest.config.Configuration;
import reforest.gate.Decision;
import reforest.home.Home;
import reforest.registry.Registry;
import reforest.registry.RunKind;
import reforest.registry.RunRecord;
import reforest.table.RowChoice;
import reforest.table.VersionChoice;
import reforest.testing.GoldenHome;
import reforest.testing.SparkExtension;

/** The jobs as a program calls them: one session, no command line. */
@ExtendWith(SparkExtension.class)
class JobsTest {

  private static final Instant NOW = Instant.parse("2026-12-01T06:00:00Z");

  @TempDir private Path folder;

  @Test
  void aProgramTakesAModelThroughItsLife(SparkSession spark) {
    Home home = Home.at(folder.toUri());
    Configuration visits = GoldenHome.configuration();
    List<String> steps = new ArrayList<>();
    Progress progress =
        new Progress() {
          @Override
          public void starts(Step step) {
            steps.add(step.name());
          }
        };
    Jobs jobs = Jobs.on(spark, home).at(Clock.fixed(NOW, ZoneOffset.UTC)).heardBy(progress);

    Ingesting.Result ingested = jobs.ingest(visits).from(GoldenHome.rows().toString()).execute();
    assertThat(ingested.inserted()).isEqualTo(240);

    Retrain.Result developed = jobs.retrain(visits).execute();
    assertThat(developed.record().runKind()).contains(RunKind.DEVELOP);
    assertThat(developed.champion()).isEmpty();

    Retrain.Result published = jobs.retrain(visits).publish().execute();
    assertThat(published.record().decision()).contains(Decision.PROMOTE);
    assertThat(published.record().finishedAt()).isEqualTo(NOW.toString());
    assertThat(published.champion()).map(Promotion::sequence).contains(1L);
    assertThat(jobs.retrain(visits).publish().execute().recorded()).isTrue();

    Promote.Result overruled =
        jobs.promote(visits, developed.record().run()).override("to have a second one").execute();
    assertThat(overruled.champion()).map(Promotion::sequence).contains(2L);

    Promote overrulesAgain =
        jobs.promote(visits, developed.record().run()).override("to have a second one");
    Promote.Result repeated = overrulesAgain.expecting(1).execute();
    assertThat(repeated.recorded()).isTrue();
    assertThat(repeated.record()).isEqualTo(overruled.record());

    // Killed between its promotion and the registry.
    List<String> said = new ArrayList<>();
    assertThatThrownBy(
            () ->
                jobs.heardBy(killedBeforeTheRegistry(said))
                    .rollback(visits, "the first was better")
                    .execute())
        .hasMessage("killed");
    assertThat(said).containsExactly("promotion 3 stands");
    assertThat(registered(spark, home)).isEqualTo(2);
    Rollback.Result back = jobs.rollback(visits, "in other words").execute();
    assertThat(back.recorded()).isTrue();
    assertThat(back.promotion().sequence()).isEqualTo(3);
    assertThat(back.promotion().bundle()).isEqualTo(published.record().challenger());
    assertThat(back.warnings()).isEmpty();
    assertThat(registered(spark, home)).isEqualTo(3);
    assertThatThrownBy(() -> jobs.rollback(visits, "in other words").execute())
        .hasMessageContaining("nothing came before it");
    assertThatThrownBy(() -> overrulesAgain.expecting(1).execute())
        .hasMessageStartingWith("this was meant for promotion 1, but promotion 3 stands since ");

    Backtest.Result measured =
        jobs.backtest(visits).on(VersionChoice.of(ingested.versionAfter())).execute();
    assertThat(measured.record().decision()).isEmpty();
    assertThat(published.record().changed()).as("there was no champion").isNull();
    assertThat(measured.record().changed()).isEmpty();
    assertThat(measured.record().challenger()).isEqualTo(published.record().challenger());

    Removing wrong = jobs.remove(visits, RowChoice.where("true"), "a wrong clock");
    assertThat(wrong.check().passed()).contains("the predicate can be read");
    assertThat(wrong.looking().execute().versionAfter()).isEqualTo(ingested.versionAfter());
    Removing.Result removed = wrong.execute();
    assertThat(removed.rows()).isEqualTo(240);
    assertThat(removed.left()).isZero();
    assertThat(removed.examples()).hasSize(5);
    assertThat(removed.versionAfter()).isEqualTo(ingested.versionAfter() + 1);

    Restoring.Result restored = jobs.restore(visits, 0, "to begin anew").execute();
    assertThat(restored.versionAfter()).isEqualTo(removed.versionAfter() + 1);

    Repair.Result repaired = jobs.repair(visits).execute();
    assertThat(repaired.models()).containsEntry("visits", new Repair.Found(4, 3));
    assertThat(steps)
        .startsWith(
            "ingest", "snapshot", "check", "train", "export", "evaluate", "publish", "record")
        .endsWith("remove", "remove", "restore", "repair");
  }

  private static Progress killedBeforeTheRegistry(List<String> said) {
    return new Progress() {
      @Override
      public void starts(Step step) {
        if (step.name().equals("record")) {
          throw new IllegalStateException("killed");
        }
      }

      @Override
      public void says(String line) {
        said.add(line);
      }
    };
  }

  private static long registered(SparkSession spark, Home home) {
    return new Registry(spark, home.registry()).table("promotions").count();
  }

  @Test
  void aJobIsCheckedWithoutSpark() {
    Home home = Home.at(GoldenHome.in(folder).toUri());
    Jobs jobs =
        Jobs.on(
            () -> {
              throw new AssertionError("Spark was asked for");
            },
            home);
    Configuration visits = GoldenHome.configuration();

    assertThat(jobs.retrain(visits).publish().check().champion())
        .map(Promotion::sequence)
        .contains(1L);
    assertThat(jobs.backtest(visits).check().passed()).hasSize(4);
    assertThat(jobs.repair(visits).check().passed()).hasSize(3);
    assertThatThrownBy(() -> jobs.rollback(visits, "too early").check())
        .isInstanceOf(ReforestException.class)
        .hasMessageContaining("nothing came before it");
    assertThatThrownBy(() -> jobs.restore(visits, 99, "no such version").check())
        .hasMessageContaining("version 99");
    assertThatThrownBy(() -> jobs.remove(visits, RowChoice.where("id >"), "a typo").check())
        .hasMessageContaining("the predicate, id >, is no Spark SQL expression");
    assertThatThrownBy(() -> jobs.demo(visits).check()).hasMessageContaining("not a demo's own");
  }

  @Test
  void aBacktestAsksTheBundleItsCasesAndTellsGroupsApart(SparkSession spark) {
    Home home = Home.at(GoldenHome.in(folder).toUri());
    Configuration visits =
        GoldenHome.configuration(
            "behaviour=[{ name = few, kind = must-hold, row { shop = north, temp = 1, promo = no },"
                + " at-most = 0 }, { name = shops, kind = invariance, level = 2,"
                + " row { shop = north, temp = 1, promo = no }, change { shop = [south, north] },"
                + " tolerance = 1000 }]",
            "fairness.groups=[shop]",
            "fairness.min-rows=10",
            "fairness.limits.error=0.001");

    RunRecord record = Jobs.on(spark, home).backtest(visits).execute().record();
    RunRecord read = RunRecord.parse(record.toJson(), "here");

    assertThat(read.behaviour())
        .extracting(RunRecord.Behaviour::name, RunRecord.Behaviour::blocks, it -> it.holds())
        .containsExactly(tuple("few", true, false), tuple("shops", false, true));
    assertThat(read.behaviour().get(0).shown().get(0).row())
        .containsExactly("temp = 1", "shop = north", "promo = no");
    assertThat(read.behaviour().get(0).shown().get(0).expected()).isEqualTo("at most 0");
    assertThat(record.fairness())
        .extracting(it -> it.role(), it -> it.column(), it -> it.group(), it -> it.measure())
        .contains(
            tuple("challenger", "shop", "north", "calibration"),
            tuple("challenger", "shop", "south", "error"),
            tuple("challenger", "shop", null, "error"));
    RunRecord.Metric slice =
        record.metrics().stream()
            .filter(it -> it.slice().equals("shop=north") && it.metric().equals("rmse"))
            .filter(it -> it.role().equals("challenger"))
            .findFirst()
            .orElseThrow();
    assertThat(record.fairness())
        .filteredOn(it -> "north".equals(it.group()) && it.measure().equals("error"))
        .extracting(it -> it.value())
        .containsExactly(slice.value());
  }

  @Test
  void anOptionGivesANewJobAndLeavesTheOldOne(SparkSession spark) {
    Retrain plain = Jobs.on(spark, Home.at(folder.toUri())).retrain(GoldenHome.configuration());

    Retrain publishes = plain.publish().logicalDate("2026-12-01").on(VersionChoice.of(3));

    assertThat(plain.toString()).contains("publish=false");
    assertThat(publishes.toString()).contains("publish=true", "2026-12-01", "Optional[3]");
  }
}
