package reforest.job;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
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
import reforest.home.Folder;
import reforest.home.Hadoop;
import reforest.home.Location;
import reforest.home.Stores;
import reforest.publish.Publish;

/**
 * A year of bike sharing, month by month: retrained at the configured dates, scored, rolled back
 * and looked back upon. Goes on where an earlier demo in the same folder stopped.
 */
public final class Demo {

  private static final String DATA = "/reforest/demo/bikeshare-2011.csv.gz";
  private static final String MARKER = "demo.json";

  private final Work work;
  private final Ask ask;
  private final URI home;
  private final Store files;
  private final PrintStream err;

  public Demo(Work work, Ask ask) {
    this.work = work;
    this.ask = ask;
    this.home = ask.config().home();
    this.files = Stores.at(home, ask.spark());
    this.err = ask.console().err();
  }

  /** One retrain of the demo. */
  private record Retrained(LocalDate after, Outcome outcome) {}

  public Outcome run() {
    claimHome();
    tell("Everything is written below " + home);
    Map<YearMonth, String> months = months();
    List<Retrained> retrains = new ArrayList<>();
    List<LocalDate> dates = ask.configuration().demo().retrainAfter();
    if (dates.isEmpty()) {
      throw new ReforestException(
          Kind.ARGUMENTS,
          "the configuration says nothing of when the demo retrains",
          "set demo.retrain-after to dates such as [\"2011-04-30\"]");
    }
    int next = 0;
    for (Map.Entry<YearMonth, String> month : months.entrySet()) {
      long version = ingest(month.getKey(), month.getValue());
      while (next < dates.size() && !dates.get(next).isAfter(month.getKey().atEndOfMonth())) {
        retrains.add(new Retrained(dates.get(next), retrain(dates.get(next), version)));
        next++;
      }
    }
    Map<String, Object> scored = score(months);
    Optional<Outcome> rollback = rollback();
    Outcome backtest = backtest();
    return closing(retrains, scored, rollback, backtest);
  }

  /**
   * What the home holds, for a dry run.
   *
   * @throws ReforestException of kind {@code ARGUMENTS} when it is somebody else's
   */
  public static String found(Ask ask) {
    return requireOwn(ask).isEmpty() ? "the home is empty" : "the home is a demo's own";
  }

  private void claimHome() {
    requireOwn(ask);
    files.createIfAbsent(MARKER, "{}\n".getBytes(StandardCharsets.UTF_8));
  }

  private static List<String> requireOwn(Ask ask) {
    URI home = ask.config().home();
    List<String> there = there(ask);
    if (!there.isEmpty() && !there.contains(MARKER)) {
      throw new ReforestException(
          Kind.ARGUMENTS,
          home + " is not empty and not a demo's own: it holds " + String.join(", ", there),
          "name a folder that does not exist yet, such as --home " + home + "-demo");
    }
    return there;
  }

  /** All that the home holds; the store would hide names that begin with a dot, such as .git. */
  private static List<String> there(Ask ask) {
    URI home = ask.config().home();
    try {
      return Folder.names(home, ask.spark());
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
    Optional<byte[]> known = files.read(note);
    if (known.isPresent()) {
      return Long.parseLong(new String(known.get(), StandardCharsets.UTF_8));
    }
    tell("Ingesting " + month);
    String source = "source/" + month + ".csv";
    files.createIfAbsent(source, csv.getBytes(StandardCharsets.UTF_8));
    Outcome outcome =
        work.ingest(
            ask, new Work.IngestOptions(Optional.of(Hadoop.path(Location.below(home, source)))));
    long version = outcome.dataVersion().orElseThrow();
    files.createIfAbsent(note, String.valueOf(version).getBytes(StandardCharsets.UTF_8));
    return version;
  }

  private Outcome retrain(LocalDate after, long version) {
    tell("Retraining on the rows up to " + after + ", data version " + version);
    Outcome outcome =
        work.retrain(
            ask,
            new Work.RetrainOptions(
                true,
                new Work.Rows(Optional.of(version), Optional.empty()),
                Optional.of(after.toString()),
                Optional.empty()));
    // Should a later step fail, this run has nothing to do with it.
    ask.known().forgetRun();
    tell(outcome.verdict().orElse("") + ": " + String.join("; ", outcome.reasons()));
    return outcome;
  }

  /** What a service does: no Spark from the promotion log to the prediction. */
  private Map<String, Object> score(Map<YearMonth, String> months) {
    Store store = ask.store();
    Optional<Promotion> champion = new PromotionLog(store).champion();
    if (champion.isEmpty()) {
      tell("Nothing was promoted, so there is nothing to score");
      return Map.of();
    }
    Scorer scorer = Scorer.of(Bundle.read(store, Publish.folder(champion.get().bundle())));
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
    return Map.of("row", row, "prediction", prediction.value(), "outside", scorer.outside(row));
  }

  private Optional<Outcome> rollback() {
    List<Promotion> promotions = new PromotionLog(ask.store()).all();
    boolean done = promotions.stream().anyMatch(p -> p.action() == Promotion.Action.ROLLBACK);
    if (promotions.size() < 2 || done) {
      tell(
          done
              ? "A promotion was rolled back before"
              : "Only one model was promoted, so there is nothing to roll back to");
      return Optional.empty();
    }
    Outcome outcome =
        work.rollback(
            ask, new Work.RollbackOptions(Optional.empty(), "the demo shows how to go back"));
    tell(
        "Rolled back: promotion "
            + outcome.champion().orElseThrow().sequence()
            + " brings back bundle "
            + outcome.champion().orElseThrow().digest());
    return Optional.of(outcome);
  }

  private Outcome backtest() {
    Optional<Promotion> first = new PromotionLog(ask.store()).all().stream().findFirst();
    if (first.isEmpty()) {
      return Outcome.nothing();
    }
    tell("Looking at the oldest bundle on the newest data");
    return work.backtest(
        ask,
        new Work.BacktestOptions(
            Optional.of(first.get().bundle()), new Work.Rows(Optional.empty(), Optional.empty())));
  }

  private Outcome closing(
      List<Retrained> retrains,
      Map<String, Object> scored,
      Optional<Outcome> rollback,
      Outcome backtest) {
    List<Map<String, Object>> verdicts = new ArrayList<>();
    tell("");
    for (Retrained retrain : retrains) {
      Outcome outcome = retrain.outcome();
      tell(
          retrain.after()
              + "  "
              + outcome.verdict().orElse("")
              + "  "
              + outcome.report().orElse(""));
      Map<String, Object> verdict = new LinkedHashMap<>();
      verdict.put("after", retrain.after().toString());
      verdict.put("verdict", outcome.verdict());
      verdict.put("run", outcome.run());
      verdict.put("report", outcome.report());
      verdicts.add(verdict);
    }
    Outcome.Builder outcome = Outcome.of(ask.config().model());
    Optional<Promotion> champion = new PromotionLog(ask.store()).champion();
    champion.ifPresent(
        p -> {
          String bundle = Location.below(ask.store().root(), Publish.folder(p.bundle())).toString();
          tell("");
          tell("Champion  " + bundle);
          outcome.champion(p.sequence(), p.bundle()).bundle(p.bundle(), bundle);
        });
    backtest.report().ifPresent(report -> tell("Backtest  " + report));
    tell("");
    tell("Try next:");
    tell("  ./reforest models --home " + home + " " + ask.config().model());
    tell("  ./reforest pull " + ask.config().model() + " served --home " + home);
    tell("  ./reforest retrain --conf conf/bikeshare.conf --home " + home + " train.seed=7");
    return outcome
        .detail("home", home.toString())
        .detail("retrains", verdicts)
        .detail("scored", scored)
        .detail("rolledBack", rollback.isPresent())
        .detail("backtest", backtest.metrics())
        .build();
  }

  private void tell(String line) {
    err.println(line);
  }
}
