package reforest.config;

/**
 * One model's configuration as it was read.
 *
 * @param model what the stages need
 * @param demo what only the demo needs
 * @param store how the store of the home is asked
 * @param effective every setting with its value and where it comes from, for people
 */
public record Configuration(
    ModelConfig model, DemoConfig demo, StoreConfig store, EffectiveConfig effective) {}
