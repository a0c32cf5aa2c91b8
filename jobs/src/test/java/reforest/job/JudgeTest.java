package reforest.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import reforest.bundle.Bundle;
import reforest.bundle.LocalStore;
import reforest.bundle.Promotion;
import reforest.bundle.ReforestException;
import reforest.bundle.Task;
import reforest.config.ConfigReader;
import reforest.config.ModelConfig;
import reforest.evaluate.Evaluate;
import reforest.evaluate.Stumps;
import reforest.publish.Publish;
import reforest.split.Division;
import reforest.split.WindowId;
import reforest.table.Snapshot;
import reforest.testing.SparkExtension;

@ExtendWith(SparkExtension.class)
class JudgeTest {

  private static final Instant START = Instant.parse("2024-03-01T00:00:00Z");
  private static final Instant END = Instant.parse("2024-03-29T00:00:00Z");
  private static final Clock CLOCK = Clock.fixed(END, ZoneOffset.UTC);
  private static final long TOO_MANY = Evaluate.mostRankedRows(Task.BINARY, 2) + 1L;
  private static final Snapshot SNAPSHOT =
      new Snapshot(URI.create("file:///table"), 3, END, "", TOO_MANY, "digest");

  @TempDir private Path folder;
  private final List<String> asked = new ArrayList<>();

  @Test
  void spendsNoTryOnAWindowThatIsTooLongForItsPrimaryMetric(SparkSession spark) throws IOException {
    Judge judge = judge("gate.primary=auc", "gate.worthwhile-gain=0.01");

    assertThatThrownBy(
            () -> judge.check(SNAPSHOT, division(spark, WindowId.Kind.PROTECTED, TOO_MANY)))
        .isInstanceOfSatisfying(
            ReforestException.class,
            e -> assertThat(e.kind()).isEqualTo(ReforestException.Kind.DATA))
        .hasMessage(
            "gate.primary is auc, which is computed for at most 10000000 rows, and the window of"
                + " March has 10000001");
    assertThat(asked).as("nothing is read in vain").isEmpty();

    judge.check(SNAPSHOT, division(spark, WindowId.Kind.PROTECTED, TOO_MANY - 1));
    // Whoever develops spends nothing, and sees all other metrics.
    judge.check(SNAPSHOT, division(spark, WindowId.Kind.DEVELOPMENT, TOO_MANY));
    assertThat(asked).containsExactly("check", "check");
  }

  @Test
  void asksForAGuardrailOnlyOnceThereIsAChampionToGetWorseThan(SparkSession spark)
      throws IOException {
    Judge judge = judge("gate.guardrails=[{ metric = auc, margin = 0.01 }]");
    Division window = division(spark, WindowId.Kind.PROTECTED, TOO_MANY);

    judge.check(SNAPSHOT, window);
    Bundle champion = Stumps.regression(folder.resolve("champion"), "x", 1, 2);
    new Publish(new LocalStore(folder.resolve("store")), CLOCK)
        .promote(
            champion,
            0,
            new Publish.Cause(Promotion.Action.PROMOTE, "run", "PROMOTE", "it won", "report"));

    assertThatThrownBy(() -> judge.check(SNAPSHOT, window))
        .hasMessageStartingWith("gate.guardrails hold auc, which is computed for at most");
    Bundle challenger = Stumps.regression(folder.resolve("challenger"), "x", 1, 3);
    assertThatThrownBy(() -> judge.check(SNAPSHOT, window, challenger, false))
        .hasMessageStartingWith("gate.guardrails hold auc, which is computed for at most");
    // A person may overrule the gate, whatever it could have told.
    judge.check(SNAPSHOT, window, challenger, true);
    assertThat(asked).containsExactly("check", "check");
  }

  private Judge judge(String... overrides) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("model.conf"),
            """
            model = stump
            task = binary
            data {
              columns = [
                { name = id, type = bigint }
                { name = ts, type = timestamp }
                { name = x, type = double }
                { name = y, type = string }
              ]
              key = [id]
              event-time = ts
              label = y
              positive = yes
            }
            features.numeric = [x]
            gate.worthwhile-gain = 0.01
            """);
    ModelConfig config = ConfigReader.read(List.of(file), List.of(overrides), Map.of()).model();
    return new Judge(noted(), config, new LocalStore(folder.resolve("store")), CLOCK);
  }

  /** Notes what it is asked and finds nothing wrong. */
  private Compute noted() {
    return (Compute)
        Proxy.newProxyInstance(
            Compute.class.getClassLoader(),
            new Class<?>[] {Compute.class},
            (proxy, method, arguments) -> {
              asked.add(method.getName());
              return null;
            });
  }

  private static Division division(SparkSession spark, WindowId.Kind kind, long rows) {
    return new Division(
        spark.emptyDataFrame(),
        spark.emptyDataFrame(),
        new WindowId(
            kind,
            Optional.of(START),
            Optional.of(END),
            Optional.empty(),
            OptionalLong.empty(),
            "window of March"),
        Optional.of(START),
        "time of ts",
        Map.of(),
        100,
        rows);
  }
}
