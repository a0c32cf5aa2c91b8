package reforest.testing;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import reforest.bundle.Task;
import reforest.config.BehaviourConfig;
import reforest.config.DataConfig;
import reforest.config.ErrorCosts;
import reforest.config.EvaluateConfig;
import reforest.config.ExportConfig;
import reforest.config.FairnessConfig;
import reforest.config.FeatureConfig;
import reforest.config.GateConfig;
import reforest.config.Metric;
import reforest.config.ModelConfig;
import reforest.config.SearchConfig;
import reforest.config.TrainConfig;
import reforest.config.WindowConfig;

/** Configurations of tests that need only some of it. */
public final class TestConfigs {

  private TestConfigs() {}

  /** A model over the given columns with small defaults for all the rest. */
  public static ModelConfig of(
      Task task, DataConfig data, FeatureConfig features, TrainConfig train) {
    return new ModelConfig(
        URI.create("file:///nowhere"),
        "test",
        task,
        Map.of(),
        data,
        new WindowConfig(
            Duration.ofDays(7),
            Duration.ofDays(7),
            Duration.ZERO,
            Duration.ofDays(1),
            List.of(),
            0.2,
            0.1,
            "salt"),
        features,
        train,
        new EvaluateConfig(
            List.of(),
            Optional.empty(),
            200,
            1e-15,
            task == Task.BINARY ? Optional.of(new ErrorCosts(1, 3)) : Optional.empty(),
            Optional.empty(),
            List.of()),
        BehaviourConfig.NONE,
        FairnessConfig.NONE,
        new GateConfig(
            task == Task.REGRESSION ? Metric.RMSE : Metric.LOG_LOSS,
            GateConfig.Mode.SUPERIOR,
            0,
            0.01,
            0.1,
            0.1,
            List.of(),
            0.05,
            3),
        new ExportConfig(200),
        "0".repeat(64));
  }

  /** A search of the whole grid with another way to find the winner. */
  public static SearchConfig search(SearchConfig.Choose choose, SearchConfig.Limits limits) {
    return new SearchConfig(
        SearchConfig.PLAIN.strategy(),
        SearchConfig.PLAIN.budget(),
        SearchConfig.PLAIN.recency(),
        SearchConfig.PLAIN.earlyStopping(),
        choose,
        limits);
  }
}
