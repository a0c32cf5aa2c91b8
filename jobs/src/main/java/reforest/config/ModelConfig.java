package reforest.config;

import java.net.URI;
import java.util.Map;
import reforest.bundle.Task;

/**
 * Everything that was asked for of one model.
 *
 * @param home folder that holds the tables, runs, bundles and promotions, on any Hadoop file system
 * @param model name of the model, {@code [a-z0-9][a-z0-9_-]{0,63}}
 * @param task what it predicts
 * @param about goal, owner, decision served and limits; travels with each bundle
 * @param data where rows come from and what they must look like
 * @param windows how rows are divided
 * @param features what the model may look at
 * @param train what is searched
 * @param evaluate how predictions are compared
 * @param behaviour how a model must behave, whatever its figures are
 * @param fairness between which groups it is compared with itself
 * @param gate when a challenger wins
 * @param export what travels with the model
 * @param digest SHA-256 of all settings that can change the verdict
 */
public record ModelConfig(
    URI home,
    String model,
    Task task,
    Map<String, String> about,
    DataConfig data,
    WindowConfig windows,
    FeatureConfig features,
    TrainConfig train,
    EvaluateConfig evaluate,
    BehaviourConfig behaviour,
    FairnessConfig fairness,
    GateConfig gate,
    ExportConfig export,
    String digest) {
  public ModelConfig {
    about = Map.copyOf(about);
  }
}
