package reforest.job;

import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;
import reforest.bundle.Bundle;
import reforest.bundle.Manifest.Provenance;
import reforest.bundle.Promotion;
import reforest.cli.JobRunner;
import reforest.cli.Outcome;
import reforest.config.ModelConfig;
import reforest.export.Export.Exported;
import reforest.quality.Profile;
import reforest.registry.RunRecord;
import reforest.split.Division;
import reforest.split.EarlierLooks;
import reforest.split.WindowId;
import reforest.table.Pin;
import reforest.table.Snapshot;
import reforest.table.VersionChoice;
import reforest.train.Trained;

/**
 * The command {@code retrain} with what it needs Spark for computed once: whoever asks the same
 * again gets the same answer. Whatever reads or writes the model's store is the command's own code,
 * and runs each time.
 *
 * <p>All homes share one table, and the registry's tables are only noted. Not safe for threads that
 * run at the same time; those that take turns may share it.
 */
public final class PreparedJobs {

  private final SparkSession spark;
  private final Snapshot snapshot;
  private final Map<List<Object>, Object> answers = new HashMap<>();

  /** By the kind of window: what its division asks about earlier ones. */
  private final Map<WindowId.Kind, Span> questions = new HashMap<>();

  /**
   * @param table where the rows of all homes lie
   */
  public PreparedJobs(SparkSession spark, URI table) {
    this.spark = spark;
    this.snapshot = new Pin(spark, table).newest();
  }

  private record Span(Instant start, Instant end) {}

  /** Remembers what was asked for. */
  private final class Asked implements EarlierLooks {
    private final EarlierLooks looks;
    private final WindowId.Kind kind;

    Asked(EarlierLooks looks, WindowId.Kind kind) {
      this.looks = looks;
      this.kind = kind;
    }

    @Override
    public Optional<Instant> developedUntil(Instant start, Instant end) {
      questions.put(kind, new Span(start, end));
      return looks.developedUntil(start, end);
    }

    @Override
    public OptionalLong judgedVersion(String split) {
      return looks.judgedVersion(split);
    }
  }

  /** What one command has asked for. */
  public static final class Seen {
    private final Set<String> windows = new LinkedHashSet<>();
    private final List<RunRecord> runs = new ArrayList<>();
    private final List<Promotion> promotions = new ArrayList<>();

    /** The kinds of the windows whose rows it has used. */
    public Set<String> windows() {
      return windows;
    }

    /** The runs that it has brought to the registry. */
    public List<RunRecord> runs() {
      return runs;
    }

    /** The promotions that it has brought to the registry. */
    public List<Promotion> promotions() {
      return promotions;
    }
  }

  /** The jobs of one command. */
  public Supplier<JobRunner> of(Seen seen) {
    return () -> new Runner(seen);
  }

  private <T> T once(Class<T> type, Supplier<T> answer, Object... question) {
    List<Object> key = Arrays.asList(question);
    Object known = answers.get(key);
    if (known == null) {
      known = answer.get();
      answers.put(key, known);
    }
    return type.cast(known);
  }

  private final class Prepared implements Compute {

    private final Compute real;
    private final String configuration;
    private final Seen seen;

    Prepared(JobContext context, ModelConfig config, Seen seen) {
      this.real = new SparkCompute(spark, context.home(), config, context.progress());
      this.configuration = config.digest();
      this.seen = seen;
    }

    @Override
    public Snapshot pin(VersionChoice version) {
      return snapshot;
    }

    /** What was looked at is read from the store each time, as the real one does. */
    @Override
    public Division divide(Snapshot pinned, WindowId.Kind kind, EarlierLooks looks) {
      seen.windows.add(kind.key());
      Span asked = questions.get(kind);
      if (asked == null) {
        return real.divide(pinned, kind, new Asked(looks, kind));
      }
      Optional<Instant> answer = looks.developedUntil(asked.start(), asked.end());
      return once(Division.class, () -> real.divide(pinned, kind, looks), "divide", kind, answer);
    }

    @Override
    public void checkTraining(Division division) {
      once(
          Boolean.class,
          () -> {
            real.checkTraining(division);
            return true;
          },
          "check training",
          configuration,
          division.id());
    }

    @Override
    public void check(Snapshot pinned, Division division, Optional<Bundle> champion) {
      once(
          Boolean.class,
          () -> {
            real.check(pinned, division, champion);
            return true;
          },
          "check",
          configuration,
          division.id(),
          champion.map(Bundle::digest));
    }

    @Override
    public void check(
        Snapshot pinned, Division division, Bundle challenger, Optional<Bundle> champion) {
      throw new UnsupportedOperationException("a retrain trains its challenger");
    }

    @Override
    public void requireReadable(Snapshot pinned) {
      once(
          Boolean.class,
          () -> {
            real.requireReadable(pinned);
            return true;
          },
          "readable");
    }

    /** Of the model to beat, the settings alone count. */
    @Override
    public Trained search(Division division, Optional<Provenance> champion) {
      return once(
          Trained.class,
          () -> real.search(division, champion),
          "search",
          configuration,
          division.id(),
          champion.map(Provenance::family),
          champion.map(Provenance::parameters));
    }

    @Override
    public Profile profile(Division division) {
      return once(Profile.class, () -> real.profile(division), "profile", division.id());
    }

    @Override
    public Exported export(Trained trained, Division division, Provenance provenance) {
      return once(
          Exported.class, () -> real.export(trained, division, provenance), "export", provenance);
    }

    @Override
    public Compared compare(
        Snapshot pinned,
        Division division,
        Bundle challenger,
        Optional<Bundle> champion,
        Optional<Bundle> anchor) {
      seen.windows.add(division.id().kind().key());
      return once(
          Compared.class,
          () -> real.compare(pinned, division, challenger, champion, anchor),
          "compare",
          configuration,
          division.id(),
          challenger.digest(),
          champion.map(Bundle::digest),
          anchor.map(Bundle::digest));
    }

    @Override
    public List<String> register(
        RunRecord record, boolean made, Supplier<List<Promotion>> promotions) {
      seen.runs.add(record);
      seen.promotions.addAll(promotions.get());
      return List.of();
    }
  }

  private final class Runner implements JobRunner {

    private final Seen seen;

    Runner(Seen seen) {
      this.seen = seen;
    }

    @Override
    public <R> Outcome run(Setting setting, Function<Jobs, Job<R>> job, Function<R, Outcome> told) {
      Jobs jobs =
          Jobs.computedBy(
              (context, config) -> new Prepared(context, config, seen),
              () -> spark,
              setting.home());
      return told.apply(job.apply(setting.of(jobs)).execute());
    }

    @Override
    public void close() {}
  }
}
