package reforest.evaluate;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.storage.StorageLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reforest.bundle.Bundle;
import reforest.bundle.Manifest;
import reforest.bundle.Manifest.Input;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;
import reforest.bundle.Scorer;
import reforest.bundle.Task;
import reforest.config.DataConfig;
import reforest.config.ErrorCosts;
import reforest.config.EvaluateConfig;
import reforest.config.FairnessConfig;
import reforest.config.Metric;
import reforest.statistics.ClusterWays;
import reforest.statistics.JackknifeGroups;

/**
 * Scores challenger and champion from their bundles on the same rows, in the executors, and
 * compares them overall and on each slice.
 */
public final class Evaluate {
  private static final Logger LOG = LoggerFactory.getLogger(Evaluate.class);

  /**
   * With more rows than this in a window there is no metric that needs them in order; where there
   * are several classes, with fewer still.
   *
   * @param classes how many the label has; of no account for a regression
   */
  public static int mostRankedRows(Task task, int classes) {
    return Ranks.mostRows(task, classes);
  }

  private final EvaluateConfig config;
  private final DataConfig data;
  private final Optional<Instant> end;
  private final double tolerance;
  private final Optional<Study> study;
  private final Optional<Sampling> sampling;
  private final FairnessPlan fairness;

  /** Who looks at the rows besides, by which loss. */
  private record Study(RowLoss loss, WindowStudy by, long few) {}

  /** Who looks at so many rows with the models at hand. */
  private record Sampling(int rows, WindowSample.Study by) {}

  /**
   * @param config how predictions are compared
   * @param data the columns' names
   */
  public Evaluate(EvaluateConfig config, DataConfig data) {
    this(config, data, Optional.empty());
  }

  /**
   * @param config how predictions are compared
   * @param data the columns' names
   * @param end of the window's event times, exclusive: clusters that are periods are counted from
   *     there, so that none is cut short by it; empty to count them from 1970
   */
  public Evaluate(EvaluateConfig config, DataConfig data, Optional<Instant> end) {
    this(config, data, end, Double.NaN, Optional.empty(), Optional.empty(), FairnessPlan.NONE);
  }

  private Evaluate(
      EvaluateConfig config,
      DataConfig data,
      Optional<Instant> end,
      double tolerance,
      Optional<Study> study,
      Optional<Sampling> sampling,
      FairnessPlan fairness) {
    this.config = config;
    this.data = data;
    this.end = end;
    this.tolerance = tolerance;
    this.study = study;
    this.sampling = sampling;
    this.fairness = fairness;
  }

  /**
   * The same, which also tells groups apart.
   *
   * @param groups by which columns, with which limits
   * @param error the metric that is their error
   */
  public Evaluate fair(FairnessConfig groups, Metric error) {
    FairnessPlan plan = new FairnessPlan(groups, error, List.of());
    return new Evaluate(config, data, end, tolerance, study, sampling, plan);
  }

  /**
   * The same, which also counts how many predictions of a regression move.
   *
   * @param most one has moved when it moves by more; empty to count none
   */
  public Evaluate tolerating(Optional<Double> most) {
    return new Evaluate(config, data, end, most.orElse(Double.NaN), study, sampling, fairness);
  }

  /**
   * The same, which also lets somebody look at the rows once they are compared.
   *
   * @param loss what a single row's prediction costs
   * @param by looks at them
   */
  public Evaluate studied(RowLoss loss, WindowStudy by) {
    return studied(loss, by, ScoredRows.FEW);
  }

  /**
   * The same with another number of rows that are looked at in memory.
   *
   * @param few up to so many are
   */
  Evaluate studied(RowLoss loss, WindowStudy by, long few) {
    return new Evaluate(
        config, data, end, tolerance, Optional.of(new Study(loss, by, few)), sampling, fairness);
  }

  /**
   * The same, which also lets somebody look at some of the rows with the models at hand.
   *
   * @param rows about so many at most, at least 1
   * @param by looks at them
   */
  public Evaluate sampled(int rows, WindowSample.Study by) {
    return new Evaluate(
        config, data, end, tolerance, study, Optional.of(new Sampling(rows, by)), fairness);
  }

  /**
   * Compares on the rows of a window.
   *
   * @param window the raw columns of one pinned version of the table; labels are known
   * @param challenger the candidate
   * @param champion what production uses now, if anything
   * @param dummy the dummy's constant prediction: the mean of the training labels, or the classes'
   *     shares in the order of the challenger's manifest; empty for no dummy
   * @param rule name of a column of {@code window} with the baseline rule's prediction, for classes
   *     the positive one's probability; where it is null the dummy's prediction stands in
   * @throws ReforestException of kind {@code DATA} when the window is empty, lacks a column that a
   *     bundle reads, has labels that no metric can take, too many slices or two of one name; of
   *     kind {@code ARGUMENTS} when a slice's predicate is no predicate, or when it or the baseline
   *     fails on a row
   */
  public Comparison of(
      Dataset<Row> window,
      Bundle challenger,
      Optional<Bundle> champion,
      List<Double> dummy,
      Optional<String> rule) {
    return of(window, challenger, champion, Optional.empty(), dummy, rule);
  }

  /**
   * The same beside an earlier champion.
   *
   * @param anchor the best champion of the last twelve months, if that is another
   * @throws ReforestException as above
   */
  public Comparison of(
      Dataset<Row> window,
      Bundle challenger,
      Optional<Bundle> champion,
      Optional<Bundle> anchor,
      List<Double> dummy,
      Optional<String> rule) {
    Manifest manifest = challenger.manifest();
    List<RowScoring.Model> models = models(window, challenger, champion);
    anchor.ifPresent(
        it -> models.add(model(Role.ANCHOR, it, manifest.task(), manifest.classes(), window)));
    boolean classes = manifest.task().isClassification();
    List<String> groups = fairness.config().columns();
    PreparedWindow prepared = PreparedWindow.of(window, config, data, classes, rule, end, groups);
    Dataset<Row> rows = prepared.rows();
    try {
      // Planning already computes what is constant, and can fail at it.
      rows.persist(StorageLevel.MEMORY_AND_DISK());
      return compare(window, prepared, manifest, models, dummy, rule.isPresent());
    } catch (Exception e) {
      // Not only unchecked ones: Spark's own are checked, and Scala does not declare them.
      throw unwrapped(e, new FailingExpression(config, window, rule));
    } finally {
      rows.unpersist(true);
    }
  }

  /**
   * Refuses before there is a bundle what {@link #of} would refuse with one. Reads the window once.
   *
   * @param window the raw columns of one pinned version of the table; where the label is a class,
   *     the training rows have all classes that it has
   * @param task what the challenger will predict
   * @param champion what production uses now, if anything
   * @param rule name of a column of {@code window} with the baseline rule's prediction
   * @throws ReforestException of kind {@code DATA} when the window is empty, its rows form fewer
   *     than two clusters or groups, it lacks a column, has labels that no metric can take, too
   *     many slices or two of one name, or when the champion cannot be scored there; of kind {@code
   *     ARGUMENTS} when a slice's predicate is no predicate, or when it or the baseline fails on a
   *     row
   */
  public void check(
      Dataset<Row> window, Task task, Optional<Bundle> champion, Optional<String> rule) {
    champion.ifPresent(
        it -> requireReadable(model(Role.CHAMPION, it, task, it.manifest().classes(), window)));
    check(window, task, task.isClassification() ? ClassIndex.ANY : ClassIndex.NONE, rule);
  }

  /**
   * The same where the challenger was trained before.
   *
   * @param window the raw columns of one pinned version of the table
   * @param challenger the candidate
   * @param champion what production uses now, if anything
   * @param rule name of a column of {@code window} with the baseline rule's prediction
   * @throws ReforestException of kind {@code DATA} or {@code ARGUMENTS}
   */
  public void check(
      Dataset<Row> window, Bundle challenger, Optional<Bundle> champion, Optional<String> rule) {
    models(window, challenger, champion).forEach(Evaluate::requireReadable);
    Manifest manifest = challenger.manifest();
    check(window, manifest.task(), new ClassIndex(manifest.classes()), rule);
  }

  private void check(Dataset<Row> window, Task task, ClassIndex classes, Optional<String> rule) {
    PreparedWindow prepared =
        PreparedWindow.of(
            window, config, data, task.isClassification(), rule, end, fairness.config().columns());
    try {
      JavaRDD<Row> scanned = prepared.rows().toJavaRDD();
      WindowSurvey survey = survey(scanned, prepared.positions(), classes);
      slices(prepared.positions(), survey);
      requireTwoGroups(window, scanned, prepared.positions(), survey);
      business(window, task).ifPresent(BusinessColumns::check);
    } catch (Exception e) {
      // Not only unchecked ones: Spark's own are checked, and Scala does not declare them.
      throw unwrapped(e, new FailingExpression(config, window, rule));
    }
  }

  /** A model that this release cannot load would fail in the executors. */
  private static void requireReadable(RowScoring.Model model) {
    model.bundle().scorer();
  }

  private void requireTwoGroups(
      Dataset<Row> window, JavaRDD<Row> scanned, RowPositions positions, WindowSurvey survey) {
    List<String> ways = positions.ways();
    for (int way = 0; way < ways.size(); way++) {
      String by = ways.size() > 1 ? " by " + ways.get(way) : "";
      if (survey.clusters(way).size() < 2) {
        throw LonelyRows.oneCluster(window, data, by, survey.rows());
      }
      boolean periods = positions.isByPeriod() && way == ways.size() - 1;
      if (!survey.hasFewClusters(way) && !periods) {
        requireTwoHashes(scanned, positions, survey, way, by);
      }
    }
  }

  private void requireTwoHashes(
      JavaRDD<Row> scanned, RowPositions positions, WindowSurvey survey, int way, String by) {
    JackknifeGroups grouping = JackknifeGroups.hashed(config.maxGroups());
    // Those that were surveyed nearly always tell, and spare another look at the rows.
    if (survey.clusters(way).stream().map(grouping::group).distinct().count() < 2
        && scanned
                .map(row -> grouping.group(positions.clusters(row).get(way)))
                .distinct()
                .take(2)
                .size()
            < 2) {
      throw new ReforestException(
          Kind.DATA,
          "the window's %d rows form 1 group%s, and no uncertainty can be told from fewer than two"
              .formatted(survey.rows(), by),
          "Raise evaluate.max-groups, so that clusters share fewer groups.");
    }
  }

  /** How many clusters the rows form; where two ways cross, in that with fewer. */
  private static long clusters(JavaRDD<Row> scanned, RowPositions positions, WindowSurvey survey) {
    List<Integer> ways = IntStream.range(0, positions.ways().size()).boxed().toList();
    // A way with few clusters has fewer than one with many, which would have to be counted.
    List<Integer> few = ways.stream().filter(survey::hasFewClusters).toList();
    return few.isEmpty()
        ? ways.stream().mapToLong(way -> counted(scanned, positions, way)).min().orElseThrow()
        : few.stream().mapToLong(way -> survey.clusters(way).size()).min().orElseThrow();
  }

  private static long counted(JavaRDD<Row> scanned, RowPositions positions, int way) {
    return scanned.map(row -> positions.clusters(row).get(way)).distinct().count();
  }

  private static List<RowScoring.Model> models(
      Dataset<Row> window, Bundle challenger, Optional<Bundle> champion) {
    Manifest manifest = challenger.manifest();
    List<RowScoring.Model> models = new ArrayList<>();
    Task task = manifest.task();
    List<String> classes = manifest.classes();
    models.add(model(Role.CHALLENGER, challenger, task, classes, window));
    champion.ifPresent(it -> models.add(model(Role.CHAMPION, it, task, classes, window)));
    return models;
  }

  /** What must be known of all rows first; refuses what no metric can take. */
  private WindowSurvey survey(JavaRDD<Row> scanned, RowPositions positions, ClassIndex classes) {
    final int maxGroups = config.maxGroups();
    final int mostSlices = EvaluateConfig.MOST_SLICES - positions.predicates().size();
    if (scanned.getNumPartitions() == 0) {
      throw empty();
    }
    WindowSurvey survey =
        scanned
            .mapPartitions(
                part ->
                    List.of(
                            WindowSurvey.of(
                                part,
                                positions,
                                classes,
                                new WindowSurvey(positions, maxGroups, mostSlices)))
                        .iterator())
            .treeReduce(WindowSurvey::merge);
    if (survey.rows() == 0) {
      throw empty();
    }
    survey.requireGoodLabels(data.label(), classes.names());
    return survey;
  }

  /**
   * All slices of a window.
   *
   * @param named in order: those by predicates, then each family's
   * @param groups those that are told apart, behind the slices
   * @param places for each family the place of each combination of values
   */
  private record Slices(
      List<NamedSlice> named,
      List<FairnessPlan.Group> groups,
      List<HashMap<List<String>, Integer>> places) {}

  private static Slices slices(RowPositions positions, WindowSurvey survey) {
    List<NamedSlice> named = new ArrayList<>(positions.predicates());
    List<FairnessPlan.Group> groups = new ArrayList<>();
    List<HashMap<List<String>, Integer>> places = new ArrayList<>();
    for (int family = 0; family < positions.families().size(); family++) {
      HashMap<List<String>, Integer> ofFamily = new HashMap<>();
      for (List<String> values : survey.combinations(family)) {
        // Groups come last, when all slices have their places.
        ofFamily.put(values, named.size() + groups.size());
        RowPositions.Family of = positions.families().get(family);
        if (of.fairness()) {
          groups.add(new FairnessPlan.Group(of.name(), values.get(0)));
        } else {
          named.add(of.slice(values));
        }
      }
      places.add(ofFamily);
    }
    requireDistinct(named);
    return new Slices(named, groups, places);
  }

  private Comparison compare(
      Dataset<Row> window,
      PreparedWindow prepared,
      Manifest manifest,
      List<RowScoring.Model> models,
      List<Double> dummy,
      boolean rule) {
    Dataset<Row> rows = prepared.rows();
    RowPositions positions = prepared.positions();
    JavaRDD<Row> scanned = rows.toJavaRDD();
    WindowSurvey survey = survey(scanned, positions, new ClassIndex(manifest.classes()));
    Slices slices = slices(positions, survey);
    ClusterWays ways = survey.grouping(positions);
    long clusters = clusters(scanned, positions, survey);
    double[] constant = dummy.stream().mapToDouble(Double::doubleValue).toArray();
    List<Role> roles = new ArrayList<>();
    models.forEach(model -> roles.add(model.role()));
    if (constant.length > 0) {
      roles.add(Role.DUMMY);
    }
    if (rule) {
      roles.add(Role.RULE);
    }
    double center = constant.length == 1 ? constant[0] : 0;
    ComparisonPlan plan =
        new ComparisonPlan(
            manifest.task(),
            manifest.classes(),
            roles,
            slices.named(),
            decisions(roles, models),
            config.clip(),
            center,
            tolerance,
            config.metrics(),
            fairness.of(slices.groups()));
    if (constant.length > 0 && constant.length != plan.outputs()) {
      throw new IllegalArgumentException("a dummy predicts as many numbers as a model");
    }
    if (rule && plan.task() == Task.MULTICLASS) {
      throw new IllegalArgumentException("a rule predicts a number or one probability");
    }
    RowScoring judging =
        new RowScoring(plan, ways, positions, models, constant, slices.places(), -1);
    var shipped = new JavaSparkContext(rows.sparkSession().sparkContext()).broadcast(judging);
    try {
      Accumulator all =
          business(window, plan.task())
              .map(
                  it ->
                      it.guarded(
                          () ->
                              addedUp(
                                  it.of(rows, positions, shipped), shipped, rows.columns().length)))
              .orElseGet(() -> addedUp(scanned, shipped, -1));
      Comparison comparison =
          all.comparison(clusters, ways)
              .with(Footprint.of(manifest, models.get(0).bundle().scorer()));
      LOG.info(
          "compared {} on {} rows in {} clusters, {} slices",
          roles,
          comparison.rows(),
          clusters,
          slices.named().size());
      study.ifPresent(
          it ->
              ScoredRows.study(
                  scanned,
                  shipped,
                  comparison.rows(),
                  it.few(),
                  inputs(manifest),
                  it.loss(),
                  it.by()));
      sampling.ifPresent(
          it -> it.by().of(sample(scanned, shipped, comparison.rows(), it.rows(), dummy)));
      return comparison;
    } finally {
      shipped.unpersist();
    }
  }

  private WindowSample sample(
      JavaRDD<Row> scanned,
      Broadcast<RowScoring> scoring,
      long rows,
      int wanted,
      List<Double> dummy) {
    RowScoring known = scoring.value();
    double share = rows > wanted ? (double) wanted / rows : 1;
    List<WindowSample.SampledRow> sampled =
        scanned.mapPartitions(part -> scoring.value().sampled(part, share)).collect().stream()
            .map(WindowSample.Sent::row)
            .toList();
    return new WindowSample(
        known.plan(),
        known.ways(),
        known.model(Role.CHALLENGER).orElseThrow(),
        known.model(Role.CHAMPION),
        dummy,
        personal(),
        !personal().contains(data.label())
            && data.eventTime().filter(personal()::contains).isEmpty(),
        sampled,
        rows);
  }

  private static Accumulator addedUp(
      JavaRDD<Row> rows, Broadcast<RowScoring> shipped, int scoredFrom) {
    return rows.mapPartitions(
            part -> List.of(shipped.value().scored(scoredFrom).addUp(part)).iterator())
        .treeReduce(Accumulator::merge);
  }

  private Optional<BusinessColumns> business(Dataset<Row> window, Task task) {
    return Optional.ofNullable(config.metrics().business())
        .map(metric -> new BusinessColumns(metric, window, data.label(), task));
  }

  /** Columns whose values nobody may see. */
  private Set<String> personal() {
    Set<String> personal = new HashSet<>();
    data.columns().stream()
        .filter(DataConfig.Column::personal)
        .forEach(column -> personal.add(column.name()));
    return personal;
  }

  /** Places of the inputs whose values a person may see. */
  private int[] inputs(Manifest manifest) {
    Set<String> personal = personal();
    return IntStream.range(0, manifest.inputs().size())
        .filter(
            input -> manifest.inputs().get(input).columns().stream().noneMatch(personal::contains))
        .toArray();
  }

  /** A model decides as it ships; a baseline as is right where its probabilities are. */
  private DecisionThresholds decisions(List<Role> roles, List<RowScoring.Model> models) {
    double right = config.errorCosts().map(ErrorCosts::threshold).orElse(Double.NaN);
    List<Double> thresholds = new ArrayList<>();
    for (Role role : roles) {
      thresholds.add(
          models.stream()
              .filter(model -> model.role() == role)
              .map(RowScoring.Model::threshold)
              .findFirst()
              .orElse(right));
    }
    return new DecisionThresholds(thresholds, config.errorCosts().orElse(null));
  }

  /** A name tells of which rows a figure is, so that no two slices may share one. */
  private static void requireDistinct(List<NamedSlice> slices) {
    Set<String> names = new HashSet<>(Set.of(NamedSlice.OVERALL));
    for (NamedSlice slice : slices) {
      if (!names.add(slice.name())) {
        throw new ReforestException(
            Kind.DATA,
            slice.name().equals(NamedSlice.OVERALL)
                ? "a slice is named %s, which stands for all rows".formatted(slice.name())
                : "two slices have the name %s".formatted(slice.name()),
            "Rename a slice in the configuration (slices), or slice by columns whose values joined"
                + " by ' x ' cannot be mistaken for each other.");
      }
    }
  }

  private static ReforestException empty() {
    return new ReforestException(
        Kind.DATA,
        "the window has no rows to compare on",
        "Lengthen the window (windows.protected, windows.development), or ingest newer data.");
  }

  private static RowScoring.Model model(
      Role role, Bundle bundle, Task challenger, List<String> classNames, Dataset<Row> window) {
    Manifest manifest = bundle.manifest();
    if (manifest.task().isClassification() != challenger.isClassification()) {
      throw new ReforestException(
          Kind.DATA,
          "%s %s predicts a %s and the challenger a %s, which cannot be compared"
              .formatted(role.key(), bundle.digest(), manifest.task().key(), challenger.key()),
          "Give the new task a model name of its own.");
    }
    StructField[] fields = window.schema().fields();
    List<String> names = Arrays.asList(window.columns());
    int[] places = new int[manifest.inputs().size()];
    for (int i = 0; i < places.length; i++) {
      Input input = manifest.inputs().get(i);
      places[i] = names.indexOf(ModelSeries.columnOf(input));
      if (places[i] < 0) {
        throw new ReforestException(
            Kind.DATA,
            "%s %s reads the column %s, which the table does not have; it has %s"
                .formatted(role.key(), bundle.digest(), input.reads(), String.join(", ", names)),
            "Ingest data that has the column, or roll back to a model that does not read it.");
      }
      DataType type = fields[places[i]].dataType();
      if (!(input.calendar().isPresent()
          || type instanceof NumericType
          || type instanceof StringType
          || type instanceof BooleanType)) {
        throw new ReforestException(
            Kind.DATA,
            "%s %s reads the column %s, whose type %s is neither number, text nor boolean"
                .formatted(role.key(), bundle.digest(), input.name(), type.simpleString()),
            "Declare a column of the contract that computes a number of it, such as"
                + " from = \"hour(ts)\".");
      }
    }
    int[] classes = classNames.stream().mapToInt(manifest.classes()::indexOf).toArray();
    return new RowScoring.Model(
        role, new ShippedBundle(bundle), places, classes, threshold(bundle, challenger, classes));
  }

  private static double threshold(Bundle bundle, Task challenger, int[] classes) {
    if (challenger != Task.BINARY || bundle.manifest().task() != Task.BINARY) {
      return Double.NaN;
    }
    double threshold = Scorer.of(bundle).threshold().orElse(Double.NaN);
    // Where its positive class is the challenger's other one, reaching the threshold decides
    // against the challenger's positive class.
    return classes[1] == 0 ? Math.nextUp(1 - threshold) : threshold;
  }

  /** A failure that a person can mend, also when an executor found it. */
  private static RuntimeException unwrapped(Exception thrown, FailingExpression culprit) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof ReforestException mendable) {
        return mendable;
      }
    }
    Optional<ReforestException> blamed = culprit.of(thrown);
    if (blamed.isPresent()) {
      return blamed.get();
    }
    return thrown instanceof RuntimeException unchecked
        ? unchecked
        : new IllegalStateException("the comparison failed", thrown);
  }
}
