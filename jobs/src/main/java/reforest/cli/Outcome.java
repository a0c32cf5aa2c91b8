package reforest.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import reforest.cli.terminal.Words;
import reforest.job.BundleAt;
import reforest.job.Progress;

/**
 * What a command found out; how it ended and how long it took is added by {@link Result}.
 *
 * @param verdict the gate's verdict, or empty when the command has none
 * @param reasons why, in words
 * @param model name of the model
 * @param run key of the run
 * @param dataVersion version of the Delta table that was read or written
 * @param metrics numbers by name; NaN becomes null
 * @param bundle the bundle that was made, judged or chosen
 * @param report where the report lies
 * @param champion the champion when the command ended
 * @param details what only this command has to say, in the order in which it was added
 * @param words the same for a person, made when a person looks
 */
public record Outcome(
    Optional<String> verdict,
    List<String> reasons,
    Optional<String> model,
    Optional<String> run,
    Optional<Long> dataVersion,
    Map<String, ?> metrics,
    Optional<BundleAt> bundle,
    Optional<String> report,
    Optional<Champion> champion,
    Map<String, ?> details,
    Supplier<Words> words) {

  public Outcome {
    reasons = List.copyOf(reasons);
    metrics = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
    details = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(details));
  }

  /**
   * The champion.
   *
   * @param sequence number of its promotion
   * @param digest of its bundle
   */
  public record Champion(long sequence, String digest) {}

  /** An outcome that says nothing. */
  public static Outcome nothing() {
    return new Builder().build();
  }

  /** An outcome about a model. */
  public static Builder of(String model) {
    return new Builder().model(model);
  }

  /** Collects what is known; not safe for use by several threads. */
  public static final class Builder {
    private Optional<String> verdict = Optional.empty();
    private List<String> reasons = List.of();
    private Optional<String> model = Optional.empty();
    private Optional<String> run = Optional.empty();
    private Optional<Long> dataVersion = Optional.empty();
    private final Map<String, Object> metrics = new LinkedHashMap<>();
    private Optional<BundleAt> bundle = Optional.empty();
    private Optional<String> report = Optional.empty();
    private Optional<Champion> champion = Optional.empty();
    private final Map<String, Object> details = new LinkedHashMap<>();
    private Supplier<Words> words = () -> Words.NONE;

    /** Sets the verdict and why. */
    public Builder verdict(String name, List<String> why) {
      verdict = Optional.of(name);
      reasons = why;
      return this;
    }

    /** Sets why it ended so, for a command without a verdict. */
    public Builder reasons(List<String> why) {
      reasons = why;
      return this;
    }

    /** Sets the model's name. */
    public Builder model(String name) {
      model = Optional.of(name);
      return this;
    }

    /** Sets what is known of a run, and forgets what was known of another. */
    public Builder known(Progress.Known found) {
      run = found.run();
      dataVersion = found.dataVersion();
      bundle = found.bundle();
      return this;
    }

    /** Sets the run's key. */
    public Builder run(String key) {
      run = Optional.of(key);
      return this;
    }

    /** Sets the table's version. */
    public Builder dataVersion(long version) {
      dataVersion = Optional.of(version);
      return this;
    }

    /** Adds a metric: its value, or value and interval by name. */
    public Builder metric(String name, Object value) {
      metrics.put(name, value);
      return this;
    }

    /** Sets the bundle. */
    public Builder bundle(String digest, String location) {
      bundle = Optional.of(new BundleAt(digest, location));
      return this;
    }

    /** Sets where the report lies. */
    public Builder report(String location) {
      report = Optional.of(location);
      return this;
    }

    /** Sets the champion. */
    public Builder champion(long sequence, String digest) {
      champion = Optional.of(new Champion(sequence, digest));
      return this;
    }

    /** Adds something that only this command has to say: text, number, list or map of these. */
    public Builder detail(String name, Object value) {
      details.put(name, value);
      return this;
    }

    /**
     * Sets what a person is told.
     *
     * @param telling collects the lines; asked only where a person looks
     */
    public Builder words(Consumer<Words.Builder> telling) {
      words =
          () -> {
            Words.Builder lines = new Words.Builder();
            telling.accept(lines);
            return lines.build();
          };
      return this;
    }

    /** The outcome as collected so far. */
    public Outcome build() {
      return new Outcome(
          verdict,
          reasons,
          model,
          run,
          dataVersion,
          metrics,
          bundle,
          report,
          champion,
          details,
          words);
    }
  }
}
