package reforest.home;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;
import reforest.bundle.Store;
import reforest.config.Nearest;

/**
 * A home: the folder of all models with their tables, runs, bundles and promotions.
 *
 * <p>Every place in it is named here. It may lie on local files, HDFS or S3; nothing is opened
 * before it is asked for. Immutable.
 */
public final class Home {

  private static final String MODELS = "models";
  private static final String DATA = "data";

  /** A place in a home, with or without the home's own address. */
  private static final Pattern WITHIN =
      Pattern.compile(
          "(?:.*/)?((?:models/[^/]+/(?:runs|bundles)|data/[^/]+/(?:table|quarantine))(?:/.*)?)");

  private static final String RUNS = "runs";
  private static final String BUNDLES = "bundles";
  private static final String RECORD = "run.json";
  private static final String LOG = "_delta_log";

  private final URI root;
  private final Map<String, String> spark;

  private Home(URI root, Map<String, String> spark) {
    this.root = root;
    this.spark = Map.copyOf(spark);
  }

  /**
   * The home at a folder.
   *
   * @param root on any file system that creates a file only if it is absent; it need not exist yet
   */
  public static Home at(URI root) {
    return at(root, Map.of());
  }

  /**
   * The same, reached with settings.
   *
   * @param spark Spark's settings, of which {@code spark.hadoop.*} are Hadoop's
   */
  public static Home at(URI root, Map<String, String> spark) {
    return new Home(root, spark);
  }

  /** Its folder. */
  public URI root() {
    return root;
  }

  /** Spark's settings that it is reached with. */
  public Map<String, String> spark() {
    return spark;
  }

  /** The folder itself as a store. */
  public Store files() {
    return Stores.at(root, spark);
  }

  /** The names of all models, sorted. */
  public List<String> models() {
    return files().list(MODELS);
  }

  /** The store of a model's runs, bundles, promotions and ledger; the model may be new. */
  public Store store(String model) {
    return Stores.at(Location.below(root, model(model)), spark);
  }

  /**
   * The store of a model that is there.
   *
   * @throws ReforestException of kind {@code DATA} when the home holds no such model
   */
  public Store existing(String model) {
    List<String> known = models();
    if (!known.contains(model)) {
      String meant = Nearest.to(model, known).map(n -> "; did you mean " + n + "?").orElse("");
      throw new ReforestException(
          Kind.DATA,
          "there is no model '" + model + "' below " + root + meant,
          known.isEmpty()
              ? "name the right folder with --home, or train one with 'reforest retrain'"
              : "it has " + String.join(", ", known));
    }
    return store(model);
  }

  /** The model's Delta table. */
  public URI table(String model) {
    return Location.below(root, tableOf(model));
  }

  /** The page about all models, or about one, in a home. */
  public static String index(Optional<String> model) {
    return model.map(name -> "report-" + name + ".html").orElse("report.html");
  }

  /** Folder of a model's store in a home. */
  public static String model(String model) {
    return MODELS + "/" + model;
  }

  /** Folder of a model's Delta table in a home. */
  public static String tableOf(String model) {
    return DATA + "/" + model + "/table";
  }

  /**
   * Where something lies that a record of this home names.
   *
   * @param recorded relative to the home, so that a home may move; earlier releases wrote the whole
   *     address that it had then, of which the part within the home counts
   */
  public String find(String recorded) {
    Matcher within = WITHIN.matcher(recorded);
    return within.matches() ? Location.below(root, within.group(1)).toString() : recorded;
  }

  /**
   * Where something lies that a record names, seen from its home's folder, where it lies in one.
   */
  public static String within(String recorded) {
    Matcher within = WITHIN.matcher(recorded);
    return within.matches() ? within.group(1) : recorded;
  }

  /** The Delta table of the rows that broke the contract. */
  public URI quarantine(String model) {
    return Location.below(root, DATA + "/" + model + "/quarantine");
  }

  /** The folder of the registry's Delta tables, which all models share. */
  public URI registry() {
    return Location.below(root, "registry");
  }

  /** The folder of a Delta table's log. */
  public static URI log(URI table) {
    return Location.below(table, LOG);
  }

  /** Whether a file lies in the log of a Delta table, by its path or address. */
  public static boolean isInLog(String file) {
    return file.contains("/" + LOG + "/");
  }

  /** Folder of all runs in a model's store. */
  public static String runs() {
    return RUNS;
  }

  /** Folder of a run's attempts in a model's store. */
  public static String run(String key) {
    return RUNS + "/" + key;
  }

  /** Folder of one attempt in a model's store. */
  public static String attempt(String run, int attempt) {
    return run(run) + "/" + attempt;
  }

  /** The record of whatever stands among a run's attempts, in a model's store. */
  public static String record(String run, String attempt) {
    return run(run) + "/" + attempt + "/" + RECORD;
  }

  /** Folder of an attempt's staged bundle in a model's store. */
  public static String stagedBundle(String run, int attempt) {
    return attempt(run, attempt) + "/bundle";
  }

  /** The file by which an attempt's number is taken, in a model's store. */
  public static String claim(String run, int attempt) {
    return attempt(run, attempt) + "/claim";
  }

  /** An attempt's record in a model's store. */
  public static String record(String run, int attempt) {
    return record(run, String.valueOf(attempt));
  }

  /** An attempt's report in a model's store. */
  public static String report(String run, int attempt) {
    return attempt(run, attempt) + "/report.html";
  }

  /** Folder of all published bundles in a model's store. */
  public static String bundles() {
    return BUNDLES;
  }

  /** Folder of a published bundle in a model's store. */
  public static String bundle(String digest) {
    return BUNDLES + "/" + digest;
  }

  /** Folder of the ledger in a model's store. */
  public static String ledger() {
    return "ledger";
  }
}
