package reforest.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import reforest.bundle.ReforestException;
import reforest.bundle.Task;

/**
 * Reads a model's configuration: command line before files before {@code reforest-reference.conf}.
 *
 * <p>Nothing but the named files is opened: a home or table need not exist.
 */
public final class ConfigReader {

  /** Where places stand, which are looked at on their own. */
  private static final Set<String> ADDRESSES = Set.of("home", "data.source.path");

  private static final Pattern MODEL = Pattern.compile("[a-z0-9][a-z0-9_-]{0,63}");

  private ConfigReader() {}

  /**
   * Reads one file into records, in this process's environment.
   *
   * @throws ReforestException of kind {@code ARGUMENTS} that lists every problem at once
   */
  public static Configuration read(Path file) {
    return read(List.of(file), List.of(), System.getenv());
  }

  /**
   * Reads files and overrides into records.
   *
   * @param files HOCON files; a later one goes before an earlier one
   * @param overrides {@code key=value} arguments; a later one goes before an earlier one
   * @param environment variables; those named {@code REFOREST_*} may stand in substitutions
   * @throws ReforestException of kind {@code ARGUMENTS} that lists every problem at once
   */
  public static Configuration read(
      List<Path> files, List<String> overrides, Map<String, String> environment) {
    Problems problems = new Problems();
    try {
      return read(files, overrides, environment, problems);
    } catch (StackOverflowError e) {
      problems.add(null, "the configuration is nested too deeply");
      problems.throwIfAny();
      throw e;
    }
  }

  private static Configuration read(
      List<Path> files,
      List<String> overrides,
      Map<String, String> environment,
      Problems problems) {
    Config written = ConfigFiles.files(files, problems);
    Config typed = ConfigFiles.overrides(overrides, problems);
    problems.throwIfAny();
    Config given = ConfigFiles.resolve(typed.withFallback(written), environment, problems);
    problems.throwIfAny();
    ConfigObject tree = withDefaults(given).root();

    List<String> credentials = refuseCredentials(tree, problems);
    Section root = Section.root(tree, problems);
    ModelConfig model = model(root, files);
    DemoConfig demo = demo(root.section("demo"));
    StoreConfig store =
        new StoreConfig(
            root.section("store")
                .duration("timeout", Duration.ofSeconds(20), Duration.ofHours(1))
                .orElse(Duration.ofMinutes(2)));
    root.refuseUnknownKeys(credentials);
    problems.throwIfAny();
    return new Configuration(model, demo, store, EffectiveConfig.of(tree, personal(model.data())));
  }

  private static Set<String> personal(DataConfig data) {
    return data.columns().stream()
        .filter(DataConfig.Column::personal)
        .map(DataConfig.Column::name)
        .collect(Collectors.toSet());
  }

  private static ModelConfig model(Section root, List<Path> files) {
    URI home = home(root);
    String name =
        root.textLike(
            "model",
            MODEL,
            "1 to 64 characters of a-z, 0-9, _ and -, the first a letter or digit",
            "the model's name, which also names its folder");
    Optional<Task> task = root.choice("task", List.of(Task.values()), Task::key);
    if (task.isEmpty() && !root.has("task")) {
      root.missing("task", "what the model predicts: regression, binary or multiclass");
    }
    Map<String, String> about = root.section("about").free();
    DataConfig data = DataReader.read(root.section("data"), task);
    DeclaredColumns contract = new DeclaredColumns(data);
    WindowConfig windows = EvaluateReader.windows(root.section("windows"), contract);
    FeatureConfig features =
        FeatureReader.read(root.section("features"), contract, windows.labelDelay());
    MetricReader metrics = MetricReader.of(root.section("evaluate"), task, data);
    TrainConfig train = TrainReader.read(root.section("train"), task, metrics);
    SearchReader.check(
        root.section("train"), train.search(), windows.hasBlocksOfTime(data), windows.labelDelay());
    if (!(features.maxCategories() + 2 <= train.maxBins())) {
      root.section("features")
          .problem(
              "max-categories",
              "must be at most train.max-bins less 2 (one bin for missing, one for unseen values), got "
                  + features.maxCategories()
                  + " with train.max-bins "
                  + train.maxBins());
    }
    GateConfig gate = GateReader.read(root.section("gate"), task, metrics);
    EvaluateConfig evaluate =
        EvaluateReader.read(root, contract, metrics, MetricReader.margin(gate.primary()));
    requireSettings(root, train, gate, evaluate);
    BehaviourConfig behaviour = BehaviourReader.read(root, data, features, task, files);
    if (Double.isNaN(gate.sliceMargin())
        && evaluate.slices().stream().anyMatch(slice -> slice.margin().isEmpty())
        && !root.section("gate").has("slice-margin")) {
      root.section("gate")
          .missing("slice-margin", "how much worse the primary metric may get on a slice");
    }
    ModelConfig model =
        new ModelConfig(
            home,
            name,
            task.orElse(Task.REGRESSION),
            about,
            data,
            windows,
            features,
            train,
            evaluate,
            behaviour,
            FairnessReader.read(root.section("fairness"), contract, task),
            gate,
            new ExportConfig(
                root.section("export").count("background-rows", 0, ExportConfig.MOST_ROWS)),
            "");
    return Fingerprint.into(model);
  }

  /** Notes where a metric cannot be computed for want of a setting. */
  private static void requireSettings(
      Section root, TrainConfig train, GateConfig judged, EvaluateConfig evaluate) {
    Section gate = root.section("gate");
    if (train.metric().noRanking().isEmpty()) {
      lacking(train.metric(), evaluate)
          .ifPresent(why -> root.section("train").problem("metric", why));
    }
    judged.guardrails().stream()
        .flatMap(rail -> lacking(rail.metric(), evaluate).stream())
        .findFirst()
        .ifPresent(why -> gate.problem("guardrails", why));
    judged.limits().floors().stream()
        .flatMap(floor -> lacking(floor.metric(), evaluate).stream())
        .findFirst()
        .ifPresent(why -> gate.problem("floors", why));
    lacking(judged.primary(), evaluate).ifPresent(why -> gate.problem("primary", why));
  }

  private static Optional<String> lacking(Metric metric, EvaluateConfig evaluate) {
    return metric
        .lacks(evaluate.errorCosts().orElse(null), evaluate.metrics())
        .map(setting -> "holds " + metric.key() + ", which needs " + setting);
  }

  /** Settings whose defaults depend on others. */
  private static Config withDefaults(Config given) {
    Config config = given;
    ConfigValue task = given.root().get("task");
    boolean regression = task != null && Task.REGRESSION.key().equals(task.unwrapped());
    String metric = (regression ? Metric.RMSE : Metric.LOG_LOSS).key();
    for (String key : List.of("train.metric", "gate.primary")) {
      String[] path = key.split("\\.", 2);
      if (!isSet(given, path)) {
        String of = task == null ? "no task" : "task " + Values.shown(task);
        // An explicit null asks for the default, too, and would hide it.
        config =
            config.withoutPath(key).withFallback(ConfigFiles.defaultsFor(of, key + " = " + metric));
      }
    }
    if (isSet(given, "data", "event-time") && !isSet(given, "evaluate", "cluster", "columns")) {
      Config daily = ConfigFiles.defaultsFor("an event time", "evaluate.cluster.period = 1d");
      config = config.withFallback(daily);
    }
    return config.withFallback(ConfigFiles.reference());
  }

  private static boolean isSet(Config config, String... path) {
    ConfigValue value = config.root();
    for (String key : path) {
      value = value instanceof ConfigObject object ? object.get(key) : null;
    }
    return value != null && value.unwrapped() != null;
  }

  private static URI home(Section root) {
    String text = root.text("home", "the folder that holds tables, runs, bundles and promotions");
    URI nowhere = URI.create("file:///");
    if (text.isEmpty()) {
      return nowhere;
    }
    try {
      URI uri = Address.of(text);
      if (!Address.isUri(text)) {
        return uri;
      }
      uri = URI.create(uri.toString().replaceFirst("(?<=[^/:])/+$", "")).normalize();
      if (Secrets.inUri(text)) {
        root.problem(
            "home",
            "must hold no user name or password; let the cluster's credential provider chain or the"
                + " environment give them");
      }
      return uri;
    } catch (URISyntaxException | InvalidPathException e) {
      root.problem("home", "must be a URI or a path, got " + Secrets.masked(text));
      return nowhere;
    }
  }

  private static DemoConfig demo(Section demo) {
    List<LocalDate> dates = new ArrayList<>();
    List<String> texts = demo.texts("retrain-after");
    for (int i = 0; i < texts.size(); i++) {
      try {
        LocalDate date = LocalDate.parse(texts.get(i));
        if (!dates.isEmpty() && !date.isAfter(dates.get(dates.size() - 1))) {
          demo.problem("retrain-after", i, "must increase, got " + date);
        }
        dates.add(date);
      } catch (DateTimeParseException e) {
        demo.problem("retrain-after", i, "must hold dates such as 2011-04-30, got " + texts.get(i));
      }
    }
    return new DemoConfig(dates);
  }

  /** Keys that look like credentials, wherever they stand; what is not in a file cannot leak. */
  private static List<String> refuseCredentials(ConfigObject tree, Problems problems) {
    Map<String, ConfigValue> leaves = new TreeMap<>();
    collect(tree, "", leaves);
    List<String> refused = new ArrayList<>();
    leaves.forEach(
        (path, value) -> {
          if (Secrets.namedBy(path)) {
            refused.add(path);
            problems.add(
                value.origin(),
                path
                    + " looks like a credential, and configurations are recorded: leave it to the"
                    + " environment or the cluster's credential provider chain");
          } else if (!ADDRESSES.contains(path)
              && Values.scalar(value).filter(Secrets::in).isPresent()) {
            problems.add(
                value.origin(),
                path
                    + " holds a key or a URI with a user name or password, and configurations are"
                    + " recorded: leave it to the environment or the cluster's credential provider"
                    + " chain");
          }
        });
    return refused;
  }

  private static void collect(ConfigValue value, String path, Map<String, ConfigValue> leaves) {
    if (value instanceof ConfigObject object) {
      object.forEach(
          (key, inner) -> {
            String name = ConfigUtil.joinPath(key);
            collect(inner, path.isEmpty() ? name : path + "." + name, leaves);
          });
    } else if (value instanceof ConfigList list) {
      for (int i = 0; i < list.size(); i++) {
        if (list.get(i) instanceof ConfigObject || list.get(i) instanceof ConfigList) {
          collect(list.get(i), path + "[" + i + "]", leaves);
        }
      }
      leaves.putIfAbsent(path, value);
    } else {
      leaves.put(path, value);
    }
  }
}
