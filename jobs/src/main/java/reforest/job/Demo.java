package reforest.job;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import reforest.bundle.Bundle;
import reforest.bundle.Prediction;
import reforest.bundle.Promotion;
import reforest.bundle.PromotionLog;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;
import reforest.bundle.Scorer;
import reforest.bundle.Store;
import reforest.config.Configuration;
import reforest.home.Folder;
import reforest.home.Hadoop;
import reforest.home.Home;
import reforest.home.Location;
import reforest.table.VersionChoice;

/**
 * A year of bike sharing, month by month: retrained at the configured dates, scored, rolled back
 * and looked back upon. Goes on where an earlier demo in the same folder stopped.
 */
public final class Demo implements Job<Demo.Result> {

  private static final String DATA = "/reforest/demo/bikeshare-2011.csv.gz";
  private static final String MARKER = "demo.json";

  private final JobContext context;
  private final Steps steps;
  private final Configuration configuration;
  private final String model;
  private final URI home;

  Demo(JobContext context, Steps steps, Configuration configuration) {
    this.context = context;
    this.steps = steps;
    this.configuration = configuration;
    this.model = configuration.model().model();
    this.home = context.home().root();
  }

  /** The jobs that the demo is made of. */
  interface Steps {

    /** Ingests a file and returns the table's version then. */
    long ingest(String source);

    /** Retrains on a version, for a date. */
    RunResult retrain(long version, LocalDate date);

    /** Goes back to the champion before. */
    Promotion rollback(String reason);

    /** Measures a bundle on the newest rows. */
    RunResult backtest(String bundle);
  }

  /** The real ones. */
  record RealSteps(Jobs jobs, Configuration configuration) implements Steps {

    @Override
    public long ingest(String source) {
      return jobs.ingest(configuration).from(source).execute().versionAfter();
    }

    @Override
    public RunResult retrain(long version, LocalDate date) {
      return jobs.retrain(configuration)
          .publish()
          .on(VersionChoice.of(version))
          .logicalDate(date.toString())
          .execute();
    }

    @Override
    public Promotion rollback(String reason) {
      return jobs.rollback(configuration, reason).execute().promotion();
    }

    @Override
    public RunResult backtest(String bundle) {
      return jobs.backtest(configuration).of(bundle).execute();
    }
  }

  /**
   * One retrain of the demo.
   *
   * @param after the date that it was for
   * @param run what it found out
   */
  public record Retrained(LocalDate after, RunResult run) {}

  /**
   * One row as a service scores it.
   *
   * @param row the row's values by column
   * @param prediction the predicted number
   * @param outside inputs unlike those of the training
   */
  public record Scored(Map<String, String> row, double prediction, List<String> outside) {
    public Scored {
      row = Collections.unmodifiableMap(new LinkedHashMap<>(row));
      outside = List.copyOf(outside);
    }
  }

  /**
   * What the demo did.
   *
   * @param retrains in the order of their dates
   * @param scored a row of the last day, scored without Spark; empty when nothing was promoted
   * @param rolledBack the promotion that took one back; empty when there was none to take back, or
   *     an earlier demo did
   * @param backtest the oldest champion on the newest rows; empty when nothing was promoted
   * @param champion the champion at the end
   */
  public record Result(
      List<Retrained> retrains,
      Optional<Scored> scored,
      Optional<Promotion> rolledBack,
      Optional<RunResult> backtest,
      Optional<Promotion> champion) {
    public Result {
      retrains = List.copyOf(retrains);
    }
  }

  @Override
  public Result execute() {
    List<LocalDate> dates = dates();
    claimHome();
    tell("Everything is written below " + home);
    Map<YearMonth, String> months = months();
    List<Retrained> retrains = new ArrayList<>();
    int next = 0;
    for (Map.Entry<YearMonth, String> month : months.entrySet()) {
      long version = ingest(month.getKey(), month.getValue());
      while (next < dates.size() && !dates.get(next).isAfter(month.getKey().atEndOfMonth())) {
        retrains.add(new Retrained(dates.get(next), retrain(dates.get(next), version)));
        next++;
      }
    }
    Optional<Scored> scored = score(months);
    Optional<Promotion> rollback = rollback();
    Optional<RunResult> backtest = backtest();
    return new Result(
        retrains,
        scored,
        rollback,
        backtest,
        new PromotionLog(context.home().store(model)).champion());
  }

  @Override
  public Preflight.Result check() {
    Preflight preflight = new Preflight(context.home(), model);
    preflight.conversions(configuration.model().data().columns());
    preflight.expressions(configuration.model());
    preflight.found(() -> dates().size() + " retrains are planned");
    preflight.home();
    preflight.champion();
    preflight.found(
        () -> requireOwn().isEmpty() ? "the home is empty" : "the home is a demo's own");
    return preflight.result();
  }

  @Override
  public String toString() {
    return "demo";
  }

  private Store files() {
    return context.home().files();
  }

  /**
   * When it retrains.
   *
   * @throws ReforestException of kind {@code ARGUMENTS} when the configuration does not say
   */
  private List<LocalDate> dates() {
    List<LocalDate> dates = configuration.demo().retrainAfter();
    if (dates.isEmpty()) {
      throw new ReforestException(
          Kind.ARGUMENTS,
          "the configuration says nothing of when the demo retrains",
          "set demo.retrain-after to dates such as [\"2011-04-30\"]");
    }
    return dates;
  }

  private void claimHome() {
    requireOwn();
    files().createIfAbsent(MARKER, "{}\n".getBytes(StandardCharsets.UTF_8));
  }

  /**
   * What the home holds.
   *
   * @throws ReforestException of kind {@code ARGUMENTS} when it is somebody else's
   */
  private List<String> requireOwn() {
    List<String> there = there();
    if (!there.isEmpty() && !there.contains(MARKER)) {
      throw new ReforestException(
          Kind.ARGUMENTS,
          home + " is not empty and not a demo's own: it holds " + String.join(", ", there),
          "name a folder that does not exist yet, such as --home " + home + "-demo");
    }
    return there;
  }

  /** All that the home holds; the store would hide names that begin with a dot, such as .git. */
  private List<String> there() {
    try {
      return Folder.names(home, context.home().spark());
    } catch (IOException e) {
      throw new ReforestException(
          Kind.STORE,
          "cannot list " + home + ": " + e,
          "name a folder that this user may read with --home",
          e);
    }
  }

  /** The year's rows as one CSV a month, each with the header. */
  private static Map<YearMonth, String> months() {
    Map<YearMonth, StringBuilder> months = new TreeMap<>();
    try (InputStream in = Demo.class.getResourceAsStream(DATA)) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks " + DATA);
      }
      BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(new GZIPInputStream(in), StandardCharsets.UTF_8));
      String header = lines.readLine();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        months
            .computeIfAbsent(
                YearMonth.parse(line.substring(0, 7)), m -> new StringBuilder(header + "\n"))
            .append(line)
            .append('\n');
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<YearMonth, String> texts = new TreeMap<>();
    months.forEach((month, text) -> texts.put(month, text.toString()));
    return texts;
  }

  /** The table's version after a month, also when an earlier demo ingested it. */
  private long ingest(YearMonth month, String csv) {
    String note = "source/" + month + ".version";
    Optional<byte[]> known = files().read(note);
    if (known.isPresent()) {
      return Long.parseLong(new String(known.get(), StandardCharsets.UTF_8));
    }
    tell("Ingesting " + month);
    String source = "source/" + month + ".csv";
    files().createIfAbsent(source, csv.getBytes(StandardCharsets.UTF_8));
    long version = steps.ingest(Hadoop.path(Location.below(home, source)));
    files().createIfAbsent(note, String.valueOf(version).getBytes(StandardCharsets.UTF_8));
    return version;
  }

  private RunResult retrain(LocalDate after, long version) {
    tell("Retraining on the rows up to " + after + ", data version " + version);
    RunResult run = steps.retrain(version, after);
    // Should a later step fail, this run has nothing to do with it.
    context.progress().knows(Progress.Known.NOTHING);
    tell(run.record().verdict() + ": " + String.join("; ", run.reasons()));
    return run;
  }

  /** What a service does: no Spark from the promotion log to the prediction. */
  private Optional<Scored> score(Map<YearMonth, String> months) {
    Store store = context.home().store(model);
    Optional<Promotion> champion = new PromotionLog(store).champion();
    if (champion.isEmpty()) {
      tell("Nothing was promoted, so there is nothing to score");
      return Optional.empty();
    }
    Scorer scorer = Scorer.of(Bundle.read(store, Home.bundle(champion.get().bundle())));
    List<String> last = months.values().stream().reduce((a, b) -> b).orElseThrow().lines().toList();
    String[] names = last.get(0).split(",", -1);
    String[] values = last.get(last.size() - 6).split(",", -1);
    Map<String, String> row = new LinkedHashMap<>();
    for (int i = 0; i < names.length; i++) {
      row.put(names[i], values[i]);
    }
    Prediction prediction = scorer.score(row);
    tell(
        String.format(
            Locale.ROOT,
            "Scored %s with the champion, without Spark: %.1f rentals, %s were counted",
            row.get("ts"),
            prediction.value(),
            row.get(scorer.manifest().label())));
    return Optional.of(new Scored(row, prediction.value(), scorer.outside(row)));
  }

  private Optional<Promotion> rollback() {
    List<Promotion> promotions = new PromotionLog(context.home().store(model)).all();
    boolean done = promotions.stream().anyMatch(p -> p.action() == Promotion.Action.ROLLBACK);
    if (promotions.size() < 2 || done) {
      tell(
          done
              ? "A promotion was rolled back before"
              : "Only one model was promoted, so there is nothing to roll back to");
      return Optional.empty();
    }
    Promotion back = steps.rollback("the demo shows how to go back");
    tell("Rolled back: promotion " + back.sequence() + " brings back bundle " + back.bundle());
    return Optional.of(back);
  }

  private Optional<RunResult> backtest() {
    Optional<Promotion> first =
        new PromotionLog(context.home().store(model)).all().stream().findFirst();
    if (first.isEmpty()) {
      return Optional.empty();
    }
    tell("Looking at the oldest bundle on the newest data");
    return Optional.of(steps.backtest(first.get().bundle()));
  }

  private void tell(String line) {
    context.progress().says(line);
  }
}
