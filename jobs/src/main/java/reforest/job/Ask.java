package reforest.job;

import java.net.URI;
import java.util.Map;
import reforest.bundle.Store;
import reforest.config.Configuration;
import reforest.config.ModelConfig;
import reforest.home.Location;
import reforest.home.Stores;

/**
 * What every command was asked for.
 *
 * @param configuration the model's configuration
 * @param spark settings for the Spark session, from {@code --spark}
 * @param console where to read, print and look at the time
 * @param known what the result tells if the command fails, to be filled by whoever finds it out
 */
public record Ask(
    Configuration configuration,
    Map<String, String> spark,
    Console console,
    Outcome.Builder known) {
  public Ask {
    spark = Map.copyOf(spark);
  }

  /** The model's configuration as the stages know it. */
  public ModelConfig config() {
    return configuration.model();
  }

  /** Progress lines for a command of {@code total} stages. */
  public Stages stages(int total) {
    return new Stages(total, console.err(), console.nanos());
  }

  /** The store of the model's runs, bundles, promotions and ledger. */
  public Store store() {
    return Stores.ofModel(config().home(), config().model(), spark);
  }

  /** Where a folder of that store lies. */
  public String location(String folder) {
    return Location.below(store().root(), folder).toString();
  }

  /** The model's Delta table. */
  public URI table() {
    return Location.below(config().home(), "data/" + config().model() + "/table");
  }

  /** The Delta table of the rows that broke the contract. */
  public URI quarantine() {
    return Location.below(config().home(), "data/" + config().model() + "/quarantine");
  }

  /** The folder of the registry's Delta tables, which all models share. */
  public URI registry() {
    return Location.below(config().home(), "registry");
  }
}
