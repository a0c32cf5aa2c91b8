package reforest.job;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import reforest.bundle.Bundle;
import reforest.bundle.Promotion;
import reforest.bundle.PromotionLog;
import reforest.bundle.ReforestException;
import reforest.bundle.Scorer;
import reforest.bundle.Store;
import reforest.bundle.Task;
import reforest.config.BehaviourConfig;
import reforest.config.DataConfig.Column;
import reforest.config.EvaluateConfig.Slice;
import reforest.config.GateConfig;
import reforest.config.MetricSettings.BusinessMetric;
import reforest.config.ModelConfig;
import reforest.gate.Allowance;
import reforest.gate.Rule;
import reforest.home.Folder;
import reforest.home.Hadoop;
import reforest.home.Home;
import reforest.home.Location;
import reforest.home.StoreTrouble;
import reforest.page.NumberText;
import reforest.publish.Champions;
import reforest.registry.OtherMode;
import reforest.registry.RunRecord;
import reforest.registry.Runs;
import reforest.report.RunWords;
import reforest.table.ExpressionCheck;
import reforest.table.VersionChoice;

/** Checks one thing after the other without starting Spark, and changes nothing. */
public final class Preflight {

  /**
   * What was checked, all of it good.
   *
   * @param passed what holds, in words
   * @param champion the champion, which is intact; empty before there is one
   */
  public record Result(List<String> passed, Optional<Promotion> champion) {
    public Result {
      passed = List.copyOf(passed);
    }
  }

  /** A commit or checkpoint of a Delta log. */
  private static final Pattern VERSION =
      Pattern.compile("(\\d{20})\\.(?:json|checkpoint\\..*parquet)");

  private final Home home;
  private final String model;
  private final List<String> passed = new ArrayList<>();
  private final List<ReforestException> failed = new ArrayList<>();
  private Optional<Promotion> champion = Optional.empty();

  /** What is in a home that cannot be reached would only repeat that it cannot. */
  private boolean reached = true;

  /**
   * @param model whose configuration has been read
   */
  Preflight(Home home, String model) {
    this.home = home;
    this.model = model;
    passed.add("the configuration is valid");
  }

  /**
   * What was checked.
   *
   * @throws ReforestException that names everything that failed, of the kind of the first
   */
  Result result() {
    if (failed.isEmpty()) {
      return new Result(passed, champion);
    }
    List<String> messages = failed.stream().map(e -> String.valueOf(e.getMessage())).toList();
    List<String> hints = failed.stream().map(ReforestException::hint).distinct().toList();
    throw new ReforestException(
        failed.get(0).kind(), String.join("; ", messages), String.join("; ", hints));
  }

  /** Says which families of models will be searched. */
  void families(ModelConfig config) {
    boolean forests = config.train().randomForest().isPresent();
    boolean boosting = config.train().gradientBoosting().isPresent();
    passed.add(
        (forests && boosting
                ? "random forests and gradient-boosted trees are"
                : forests ? "random forests alone are" : "gradient-boosted trees alone are")
            + " searched"
            + (config.task() == Task.MULTICLASS
                ? ", since MLlib boosts trees for numbers and two classes only"
                : ""));
  }

  /**
   * That the slices and the baseline are SQL over declared columns.
   *
   * @param config of the model
   */
  void expressions(ModelConfig config) {
    Map<String, String> written = new LinkedHashMap<>();
    List<Slice> slices = config.evaluate().slices();
    for (int i = 0; i < slices.size(); i++) {
      String key = "slices[" + i + "].where";
      slices.get(i).where().ifPresent(sql -> written.put(key, sql));
    }
    config.evaluate().baseline().ifPresent(sql -> written.put("evaluate.baseline", sql));
    List<String> columns = config.data().columns().stream().map(Column::name).toList();
    business(config, columns);
    check(
        written,
        (sql, parser) -> parser.of(sql, columns),
        "can be read, and names declared columns",
        "correct the expression; data.columns says which columns there are");
  }

  private void business(ModelConfig config, List<String> columns) {
    BusinessMetric business = config.evaluate().metrics().business();
    if (business != null) {
      List<String> known = new ArrayList<>(columns);
      known.addAll(List.of("label", "prediction"));
      if (config.task().isClassification()) {
        known.add("probability");
      }
      check(
          Map.of("evaluate.business", business.sql()),
          (sql, parser) -> parser.of(sql, known),
          "can be read, and names declared columns",
          "correct the expression; beside the columns there are label, prediction and, for classes,"
              + " probability");
    }
  }

  /** Says what the suite asks of a model. */
  void behaviour(ModelConfig config) {
    BehaviourConfig suite = config.behaviour();
    if (!suite.cases().isEmpty()) {
      long blocking = suite.cases().stream().filter(suite::blocks).count();
      passed.add(
          "%s of behaviour %s asked, %s of which can block a promotion"
              .formatted(
                  NumberText.count(suite.cases().size(), "case"),
                  suite.cases().size() == 1 ? "is" : "are",
                  NumberText.count(blocking)));
    }
  }

  /**
   * That what computes a column from a source is SQL; which columns that has is not known yet.
   *
   * @param columns of the contract
   */
  void conversions(List<Column> columns) {
    Map<String, String> written = new LinkedHashMap<>();
    for (int i = 0; i < columns.size(); i++) {
      String key = "data.columns[" + i + "].from";
      columns.get(i).from().ifPresent(sql -> written.put(key, sql));
    }
    check(
        written,
        (sql, parser) -> parser.ofSyntax(sql),
        "can be read",
        "write an expression over the source's columns, such as hour(ts)");
  }

  /** That a predicate over the table's columns is SQL; which columns that has only Spark knows. */
  void predicate(String sql) {
    check(
        Map.of("the predicate", sql),
        (written, parser) -> parser.ofSyntax(written),
        "can be read",
        "write Spark SQL over the table's columns, such as ts > '2031-01-01'");
  }

  private interface Reading {
    List<String> problems(String sql, ExpressionCheck parser);
  }

  private void check(Map<String, String> written, Reading reading, String holds, String hint) {
    if (written.isEmpty()) {
      // Spark's parser takes a second to load.
      return;
    }
    Optional<ExpressionCheck> parser = ExpressionCheck.with(settings());
    if (parser.isEmpty()) {
      return;
    }
    written.forEach(
        (key, sql) -> {
          List<String> problems = reading.problems(sql, parser.get());
          for (String problem : problems) {
            failed.add(
                new ReforestException(
                    ReforestException.Kind.ARGUMENTS,
                    "%s, %s, %s".formatted(key, sql, problem),
                    hint));
          }
          if (problems.isEmpty()) {
            passed.add(key + " " + holds);
          }
        });
  }

  /** Those of {@code spark-submit}, then those of {@code --spark}. */
  private Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>();
    System.getProperties()
        .stringPropertyNames()
        .forEach(key -> settings.put(key, System.getProperty(key, "")));
    settings.putAll(home.spark());
    return settings;
  }

  /** That the home can be reached and written, by a file that is removed again. */
  void home() {
    reached = holds("home " + home.root(), this::reachable) || Location.isLocal(home.root());
  }

  /** That a source is there, where that can be told without Spark. */
  void source(String source) {
    holds("source " + source, () -> there(source));
  }

  /** That the model's table is there, with the version that was chosen. */
  void table(VersionChoice version) {
    inside(() -> there(version));
  }

  /** That the model's name still means what it meant. */
  void promise(Supplier<ModelPromise> promise) {
    inside(
        () -> {
          promise.get().require();
          return "";
        });
  }

  /**
   * How large a window the gain that was declared worth having needs, as far as the newest run of
   * the model tells.
   *
   * @param gate of the model
   */
  void plan(GateConfig gate) {
    inside(
        () -> {
          String gain =
              "a gain of "
                  + NumberText.plain(gate.worthwhileGain())
                  + " in "
                  + gate.primary().key();
          double alpha = Allowance.first().alpha(gate.alpha());
          return new Runs(home.store(model))
              .all().stream()
                  .filter(
                      run ->
                          run.decision().isPresent()
                              && run.gate().checks().stream()
                                  .anyMatch(
                                      check ->
                                          check.rule().equals(Rule.Kind.PRIMARY.key())
                                              && check.metric().equals(gate.primary().key())))
                  .max(Comparator.comparing(RunRecord::finishedAt))
                  .flatMap(
                      run ->
                          new RunWords(run)
                              .needed(alpha, gate.requiredGain(), gate.worthwhileGain())
                              .map(it -> it + ", judging by run " + run.run()))
                  .map(it -> gain + " is worth having: " + it)
                  .orElse(
                      gain + " is worth having; the first run tells how large a window shows it");
        });
  }

  /**
   * What the last runs say of the gate's other mode, if they say anything.
   *
   * @param gate of the model
   */
  void mode(GateConfig gate) {
    inside(() -> new OtherMode(new Runs(home.store(model)), gate).before().orElse(""));
  }

  /** That the champion is intact, if there is one. */
  void champion() {
    inside(() -> intact(false));
  }

  /** That there is a champion, and it is intact. */
  void requiredChampion() {
    inside(() -> intact(true));
  }

  /**
   * That what a person has named is there.
   *
   * @param lookup says what was found, and throws when it is not there
   */
  void found(Supplier<String> lookup) {
    inside(lookup::get);
  }

  private interface Check {
    String run() throws IOException;
  }

  private void inside(Check check) {
    if (reached) {
      holds("home " + home.root(), check);
    }
  }

  private boolean holds(String place, Check check) {
    try {
      String found = check.run();
      if (!found.isEmpty()) {
        passed.add(found);
      }
      return true;
    } catch (ReforestException e) {
      failed.add(e);
    } catch (IOException e) {
      failed.add(
          StoreTrouble.behind(e)
              .map(trouble -> trouble.exception(place + " cannot be used", e))
              .orElseGet(
                  () ->
                      new ReforestException(
                          ReforestException.Kind.STORE,
                          place + " cannot be reached: " + e,
                          "check its address and that this user may read and write it",
                          e)));
    }
    return false;
  }

  private String reachable() throws IOException {
    URI place = home.root();
    if (!Location.isLocal(place)) {
      // A listing first: its answer says why, where it is refused.
      Folder.names(place, home.spark());
      Folder.probe(place, home.spark());
      return "home " + place + " can be reached and written";
    }
    try {
      Folder.probe(place, home.spark());
    } catch (IOException e) {
      throw new ReforestException(
          ReforestException.Kind.STORE,
          "home " + place + " cannot be written: " + e.getMessage(),
          "name another folder with --home",
          e);
    }
    return "home " + place + " can be written";
  }

  private String there(String source) throws IOException {
    if (source.matches(".*[*?{\\[].*")) {
      return "source " + source + " is a pattern, which only Spark can look up";
    }
    if (!exists(Location.of(source))) {
      throw new ReforestException(
          ReforestException.Kind.DATA,
          "source " + source + " does not exist",
          "name another with --source, or set data.source.path");
    }
    return "source " + source + " exists";
  }

  private String there(VersionChoice version) throws IOException {
    URI table = home.table(model);
    URI log = Home.log(table);
    if (!exists(log)) {
      throw new ReforestException(
          ReforestException.Kind.DATA,
          "there is no table at " + table,
          "fill it with 'reforest ingest' first");
    }
    if (version.dataVersion().isPresent()) {
      requireVersion(version.dataVersion().get(), table, Folder.names(log, home.spark()));
      return "table " + table + " has version " + version.dataVersion().get();
    }
    return "table " + table + " exists";
  }

  /** By the names in the log alone: whether the version's files are there, too, takes Spark. */
  private static void requireVersion(long version, URI table, List<String> log) {
    LongSummaryStatistics known =
        log.stream()
            .map(VERSION::matcher)
            .filter(Matcher::matches)
            .mapToLong(name -> Long.parseLong(name.group(1)))
            .summaryStatistics();
    if (version < known.getMin() || version > known.getMax()) {
      throw new ReforestException(
          ReforestException.Kind.DATA,
          known.getCount() == 0
              ? "version %d of %s does not exist: its log is empty".formatted(version, table)
              : "version %d of %s does not exist: its log has versions %d to %d"
                  .formatted(version, table, known.getMin(), known.getMax()),
          "name one of these, or the newest");
    }
  }

  private String intact(boolean required) {
    Store store = home.store(model);
    champion = new PromotionLog(store).champion();
    if (champion.isEmpty()) {
      if (required) {
        throw Champions.none(model);
      }
      return "there is no champion yet";
    }
    Promotion promotion = champion.get();
    Scorer.of(Bundle.read(store, Home.bundle(promotion.bundle())));
    return "champion " + promotion.bundle() + " (promotion " + promotion.sequence() + ") is intact";
  }

  private boolean exists(URI place) throws IOException {
    if (Location.isLocal(place)) {
      return Files.exists(Location.path(place));
    }
    return Hadoop.files(place, home.spark()).exists(new org.apache.hadoop.fs.Path(place));
  }
}
