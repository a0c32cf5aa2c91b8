package reforest.job;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import reforest.bundle.Store;
import reforest.config.Configuration;
import reforest.config.DataConfig;
import reforest.ingest.Ingest;
import reforest.registry.Runs;

/** Merges a source's rows into the model's table. */
public final class Ingesting implements Job<Ingesting.Result> {

  private final JobContext context;
  private final Configuration configuration;
  private final Options options;

  Ingesting(JobContext context, Configuration configuration, Options options) {
    this.context = context;
    this.configuration = configuration;
    this.options = options;
  }

  /**
   * @param source path of the source; empty for the one in the configuration
   */
  public record Options(Optional<String> source) {
    static final Options DEFAULT = new Options(Optional.empty());
  }

  /**
   * What an ingest did.
   *
   * @param table location of the table
   * @param versionBefore newest version before, empty when there was no table
   * @param versionAfter newest version now; equal to the one before when no row changed
   * @param read rows of the source
   * @param inserted rows with a new key
   * @param updated rows that replaced one of the same key
   * @param unchanged rows that stood in the table already
   * @param repeated rows that stood more than once in the source, each but the first
   * @param quarantined rows that broke the contract
   * @param reasons rows by reason, most frequent first; a row may have several
   */
  public record Result(
      String table,
      OptionalLong versionBefore,
      long versionAfter,
      long read,
      long inserted,
      long updated,
      long unchanged,
      long repeated,
      long quarantined,
      Map<String, Long> reasons) {
    public Result {
      reasons = Collections.unmodifiableMap(new LinkedHashMap<>(reasons));
    }
  }

  /** Reads another source than the configured one: a path on any Hadoop file system. */
  public Ingesting from(String source) {
    return with(new Options(Optional.of(source)));
  }

  /** The same with these options. */
  public Ingesting with(Options chosen) {
    return new Ingesting(context, configuration, chosen);
  }

  @Override
  public Result execute() {
    DataConfig declared = configuration.model().data();
    DataConfig data = options.source().map(declared::withPath).orElse(declared);
    String model = configuration.model().model();
    Store store = context.home().store(model);
    var spark = context.spark().get();
    Ingest.Result result =
        context
            .steps(1)
            .run(
                "ingest",
                () -> {
                  context.progress().does("checking the source's rows and merging them by key");
                  return new Ingest(
                          spark,
                          data,
                          context.home().table(model),
                          context.home().quarantine(model),
                          context.clock())
                      .execute(oldestNamedVersion(store));
                });
    return new Result(
        context.home().table(model).toString(),
        result.versionBefore(),
        result.versionAfter(),
        result.read(),
        result.inserted(),
        result.updated(),
        result.unchanged(),
        result.repeated(),
        result.quarantined(),
        result.reasons());
  }

  private static OptionalLong oldestNamedVersion(Store store) {
    return new Runs(store).all().stream().mapToLong(r -> r.data().version()).min();
  }

  @Override
  public Preflight.Result check() {
    Preflight preflight = new Preflight(context.home(), configuration.model().model());
    preflight.conversions(configuration.model().data().columns());
    preflight.home();
    options
        .source()
        .or(() -> configuration.model().data().source().path())
        .ifPresent(preflight::source);
    preflight.champion();
    return preflight.result();
  }

  @Override
  public String toString() {
    return "ingest " + options;
  }
}
