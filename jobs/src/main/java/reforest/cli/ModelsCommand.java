package reforest.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import reforest.bundle.Bundle;
import reforest.bundle.Manifest;
import reforest.bundle.Promotion;
import reforest.bundle.PromotionLog;
import reforest.bundle.Store;
import reforest.cli.terminal.View;
import reforest.cli.terminal.Words;
import reforest.cli.terminal.Words.Tone;
import reforest.home.Home;
import reforest.home.Location;
import reforest.job.Digests;
import reforest.page.NumberText;
import reforest.registry.RunRecord;
import reforest.registry.Runs;

@Command(
    name = ModelsCommand.NAME,
    header = "List the models of a home, or show one with its provenance.",
    description = {
      "Reads the promotion log and the folders of the runs; needs no Spark and no configuration."
    },
    footer = {
      "%nExamples:",
      "  reforest models --home reforest-demo",
      "  reforest models --home reforest-demo bikeshare",
      "  reforest models --home reforest-demo bikeshare --bundle 3f9a..."
    })
final class ModelsCommand extends ModelsOfHomeCommand {

  static final String NAME = "models";

  /** More would fill the screen. */
  private static final int MOST_RUNS = 20;

  private static final ObjectMapper JSON = new ObjectMapper();

  @Option(
      names = "--bundle",
      paramLabel = "DIGEST",
      description = "The published bundle to show; the champion's by default. Its first digits do.")
  private @Nullable String bundle;

  ModelsCommand(Shell shell) {
    super(shell, NAME);
  }

  @Override
  Outcome run() {
    String model = named().orElse(null);
    if (bundle != null) {
      Digests.checked(bundle);
    }
    return model == null && bundle == null ? list() : show(model(model, "its NAME"));
  }

  private Outcome list() {
    Home home = home();
    List<Map<String, Object>> models = new ArrayList<>();
    for (String name : home.models()) {
      Store store = home.store(name);
      PromotionLog log = new PromotionLog(store);
      List<Promotion> promotions = log.all();
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("model", name);
      row.put("promotions", promotions.size());
      row.put("runs", store.list(Home.runs()).size());
      Optional<Promotion> champion = last(promotions);
      row.put("champion", champion.map(Promotion::bundle));
      row.put("since", champion.map(Promotion::at));
      row.put("flaws", flaws(name, log));
      models.add(row);
      if (!shell().view().words()) {
        console()
            .err()
            .println(
                name
                    + ": "
                    + champion
                        .map(p -> "champion " + p.bundle() + " since " + p.at())
                        .orElse("no champion"));
      }
    }
    return new Outcome.Builder()
        .detail("home", home.root())
        .detail("models", models)
        .words(words -> tell(words, home))
        .build();
  }

  private Outcome show(String name) {
    Home home = home();
    Store store = home.existing(name);
    PromotionLog log = new PromotionLog(store);
    List<Promotion> promotions = log.all();
    Outcome.Builder outcome = Outcome.of(name);
    Optional<Promotion> champion = last(promotions);
    champion.ifPresent(p -> outcome.champion(p.sequence(), p.bundle()));
    List<String> bundles = store.list(Home.bundles());
    Optional<String> wanted =
        Optional.ofNullable(bundle)
            .map(typed -> Digests.matching(typed, bundles, "published bundle"))
            .or(() -> champion.map(Promotion::bundle));
    wanted.ifPresent(digest -> describe(store, digest, outcome));
    outcome.detail(
        "promotions", promotions.stream().map(promotion -> row(home, promotion)).toList());
    outcome.detail("flaws", flaws(name, log));
    outcome.detail("bundles", bundles);
    outcome.detail("runs", runs(store));
    return outcome.words(words -> tell(words, name, store, wanted)).build();
  }

  /** What the promotion log lacks, which is also said on stderr. */
  private List<Map<String, Object>> flaws(String name, PromotionLog log) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (PromotionLog.Flaw flaw : log.flaws()) {
      console().err().println(name + ": promotion " + flaw.sequence() + " is " + flaw.what());
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("sequence", flaw.sequence());
      row.put("what", flaw.what());
      rows.add(row);
    }
    return rows;
  }

  private static void describe(Store store, String digest, Outcome.Builder outcome) {
    Bundle read = Bundle.read(store, Home.bundle(digest));
    outcome.bundle(digest, Location.below(store.root(), Home.bundle(digest)).toString());
    try {
      JsonNode manifest = JSON.readTree(read.manifest().toJson());
      outcome.detail("manifest", manifest);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<Map<String, Object>> runs(Store store) {
    List<Map<String, Object>> runs = new ArrayList<>();
    for (String key : store.list(Home.runs())) {
      for (String attempt : store.list(Home.run(key))) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("run", key);
        row.put("attempt", attempt);
        row.put("verdict", verdict(store, key, attempt));
        runs.add(row);
      }
    }
    return runs;
  }

  /** What a run's record says; empty for a run that has not finished, or was killed. */
  private static Optional<String> verdict(Store store, String run, String attempt) {
    Optional<byte[]> result = store.read(Home.record(run, attempt));
    if (result.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.ofNullable(JSON.readTree(result.get()).path("verdict").textValue());
    } catch (IOException e) {
      return Optional.of("unreadable");
    }
  }

  private static Map<String, Object> row(Home home, Promotion promotion) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("sequence", promotion.sequence());
    row.put("action", promotion.action().name());
    row.put("bundle", promotion.bundle());
    row.put("predecessor", promotion.predecessor());
    row.put("run", promotion.run());
    row.put("verdict", promotion.verdict());
    row.put("reason", promotion.reason());
    row.put("report", home.find(promotion.report()));
    row.put("at", promotion.at());
    return row;
  }

  private static Optional<Promotion> last(List<Promotion> promotions) {
    return promotions.isEmpty()
        ? Optional.empty()
        : Optional.of(promotions.get(promotions.size() - 1));
  }

  /** The newest runs of all models. */
  private void tell(Words.Builder words, Home home) {
    List<String> names = home.models();
    if (names.isEmpty()) {
      words.say("There is no model in " + home.root() + " yet.");
      words.next(next("demo"));
      return;
    }
    List<RunRecord> records = new ArrayList<>();
    Set<String> champions = new HashSet<>();
    for (String name : names) {
      Store store = home.store(name);
      records.addAll(new Runs(store).all());
      new PromotionLog(store).champion().ifPresent(p -> champions.add(p.bundle()));
    }
    int left = RunTable.tell(words, records, champions, MOST_RUNS);
    if (left > 0) {
      words.say(left + " older runs are not shown; one model shows all of its own.");
    }
    List<String> idle = new ArrayList<>(names);
    idle.removeAll(records.stream().map(RunRecord::model).toList());
    if (!idle.isEmpty()) {
      words.say("No run has finished of " + String.join(", ", idle) + ".");
    }
    words.next(next(NAME, names.get(0)));
  }

  /** All runs of a model, and the bundle that was asked for. */
  private void tell(Words.Builder words, String name, Store store, Optional<String> wanted) {
    Optional<Promotion> champion = new PromotionLog(store).champion();
    List<RunRecord> records = new Runs(store).all();
    RunTable.tell(
        words,
        records,
        champion.map(Promotion::bundle).map(Set::of).orElse(Set.of()),
        records.size());
    words.gap();
    words.told(
        Tone.GOOD.of("champion"),
        champion
            .map(
                p ->
                    List.of(
                        "promotion %d of %s, %s"
                            .formatted(
                                p.sequence(),
                                NumberText.time(p.at().toString()),
                                p.action().name().toLowerCase(Locale.ROOT)),
                        p.reason(),
                        home().find(p.report())))
            .orElse(List.of("none yet")));
    wanted.ifPresent(
        digest -> {
          Manifest manifest = Bundle.read(store, Home.bundle(digest)).manifest();
          words.fact("bundle", Location.below(store.root(), Home.bundle(digest)).toString());
          words.fact(
              "inputs",
              manifest.inputs().stream()
                  .map(Manifest.Input::name)
                  .collect(Collectors.joining(", ")));
        });
    words.next(
        champion.isPresent() ? next("pull", name, "served") : next(NAME, name, View.JSON_OPTION));
  }
}
