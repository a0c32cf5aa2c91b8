package reforest.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import reforest.bundle.Bundle;
import reforest.bundle.Manifest;
import reforest.bundle.Promotion;
import reforest.bundle.PromotionLog;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;
import reforest.bundle.Store;
import reforest.config.Configuration;
import reforest.config.DataConfig.Column;
import reforest.config.EffectiveConfig.Setting;
import reforest.config.ModelConfig;
import reforest.home.Home;
import reforest.registry.RunRecord;
import reforest.registry.Runs;

/**
 * What a model's name promises to those who use it: the same label of the same rows, in the same
 * unit. All else may change from one champion to the next.
 */
final class ModelPromise {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Settings that change nothing about a model: where things lie, how long, how many at once. */
  private static final List<String> ELSEWHERE =
      List.of(
          "home",
          "about.",
          "data.source.path",
          "data.history",
          "train.parallelism",
          "gate.attempts",
          "store.",
          "demo.");

  private final Configuration configuration;
  private final Optional<Promotion> champion;
  private final Optional<Manifest> manifest;
  private final Optional<Map<String, String>> settings;

  private ModelPromise(
      Configuration configuration,
      Optional<Promotion> champion,
      Optional<Manifest> manifest,
      Optional<Map<String, String>> settings) {
    this.configuration = configuration;
    this.champion = champion;
    this.manifest = manifest;
    this.settings = settings;
  }

  /**
   * What the champion of a store has promised. What cannot be read promises nothing here: whether a
   * champion is intact is checked elsewhere.
   *
   * @throws ReforestException of kind {@code STORE} when the store cannot be reached
   */
  static ModelPromise of(Store store, Configuration configuration) {
    Optional<Promotion> champion = new PromotionLog(store).champion();
    Optional<Manifest> manifest =
        champion
            .flatMap(
                it ->
                    readable(
                        () ->
                            store
                                .read(Home.bundle(it.bundle()) + "/" + Bundle.MANIFEST)
                                .map(Manifest::parse)))
            // Another model's bundle promises nothing of this one, and no service takes it.
            .filter(it -> it.model().equals(configuration.model().model()));
    Optional<Map<String, String>> settings =
        manifest
            .flatMap(it -> readable(() -> new Runs(store).latest(it.provenance().run())))
            .map(RunRecord::configuration);
    return new ModelPromise(configuration, champion, manifest, settings);
  }

  private static <T> Optional<T> readable(Supplier<Optional<T>> reading) {
    try {
      return reading.get();
    } catch (ReforestException e) {
      if (e.kind() == Kind.STORE) {
        throw e;
      }
      return Optional.empty();
    }
  }

  /**
   * Refuses a configuration under which the name would mean something else.
   *
   * @throws ReforestException of kind {@code ARGUMENTS} that names what changed, from what to what
   */
  void require() {
    List<String> broken = new ArrayList<>();
    ModelConfig now = configuration.model();
    manifest.ifPresent(
        was -> {
          compare(broken, "task", was.task().key(), now.task().key());
          compare(broken, "data.label", was.label(), now.data().label());
          now.data()
              .positive()
              .filter(positive -> was.classes().size() == 2)
              .ifPresent(
                  positive -> compare(broken, "data.positive", was.classes().get(1), positive));
        });
    unit()
        .filter(was -> manifest.filter(it -> it.label().equals(now.data().label())).isPresent())
        .ifPresent(
            was ->
                now.data()
                    .column(now.data().label())
                    .flatMap(Column::unit)
                    .ifPresent(unit -> compare(broken, "the label's unit", was, unit)));
    setting("data.key")
        .ifPresent(
            was -> {
              Set<String> before = new TreeSet<>();
              was.forEach(name -> before.add(name.asText()));
              Set<String> key = new TreeSet<>(now.data().key());
              compare(broken, "data.key", String.join(", ", before), String.join(", ", key));
            });
    if (!broken.isEmpty()) {
      throw new ReforestException(
          Kind.ARGUMENTS,
          "model '%s' promises something else since promotion %d: %s"
              .formatted(
                  now.model(),
                  champion.map(Promotion::sequence).orElse(0L),
                  String.join("; ", broken)),
          "go back to that, or begin a new model: give it another name (model = ...) and ingest its"
              + " rows");
    }
  }

  private static void compare(List<String> broken, String what, String was, String is) {
    if (!was.equals(is)) {
      broken.add("%s was %s and is now %s".formatted(what, was, is));
    }
  }

  /** The unit of the champion's label, where its run declared one. */
  private Optional<String> unit() {
    for (int i = 0; ; i++) {
      Optional<JsonNode> column = setting("data.columns[" + i + "]");
      if (column.isEmpty()) {
        return Optional.empty();
      }
      String label = manifest.map(Manifest::label).orElse("");
      if (column.get().path("name").asText().equals(label)) {
        return Optional.ofNullable(column.get().path("unit").textValue());
      }
    }
  }

  private Optional<JsonNode> setting(String key) {
    return settings
        .flatMap(known -> Optional.ofNullable(known.get(key)))
        .flatMap(
            text -> {
              try {
                return Optional.of(JSON.readTree(text));
              } catch (JsonProcessingException e) {
                return Optional.empty();
              }
            });
  }

  /**
   * The settings of a model that differ from those that the champion was trained with, sorted;
   * empty where there is no champion, or nothing is known of its settings.
   */
  Optional<List<String>> changed() {
    return settings.map(
        was -> {
          Set<String> changed = new TreeSet<>(was.keySet());
          for (Setting setting : configuration.effective().settings()) {
            String before = was.get(setting.key());
            // A default of a release that has more settings than the champion's had.
            boolean isNew = before == null && setting.origin().equals("default");
            if (isNew || setting.value().equals(before)) {
              changed.remove(setting.key());
            } else {
              changed.add(setting.key());
            }
          }
          changed.removeIf(key -> ELSEWHERE.stream().anyMatch(key::startsWith));
          return List.copyOf(changed);
        });
  }
}
