package reforest.registry;

import static reforest.registry.RunRecord.finite;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reforest.behaviour.CaseResult;
import reforest.bundle.Bundle;
import reforest.config.Configuration;
import reforest.config.EffectiveConfig;
import reforest.config.Metric;
import reforest.config.ModelConfig;
import reforest.diagnose.WeakSlice;
import reforest.evaluate.Comparison;
import reforest.evaluate.FairnessFigure;
import reforest.evaluate.SliceResult;
import reforest.gate.Check;
import reforest.gate.Decision;
import reforest.gate.Judgement;
import reforest.gate.Rule;
import reforest.gate.Verdict;
import reforest.home.Home;
import reforest.quality.Profile;
import reforest.split.Division;
import reforest.split.WindowId;
import reforest.statistics.Estimate;
import reforest.table.Snapshot;
import reforest.train.CandidateResult;
import reforest.train.Trained;
import reforest.train.WinnerChoice;

/** Collects what the stages found into the run's record. */
public final class RunRecorder {

  /** The window of a backtest, which no try is counted on. */
  private static final String BACKTEST_WINDOW = RunKind.BACKTEST.key();

  /** What stands for the verdict of a run that decides nothing. */
  private static final String NO_VERDICT = "NONE";

  private final Configuration configuration;
  private final ModelConfig config;
  private final Clock clock;
  private final String root;

  /**
   * @param configuration the run's
   * @param clock tells when the run has finished
   */
  public RunRecorder(Configuration configuration, Clock clock) {
    this.configuration = configuration;
    this.config = configuration.model();
    this.clock = clock;
    this.root = Home.model(config.model()) + "/";
  }

  /**
   * What a record tells of how a run came about.
   *
   * @param run its key
   * @param attempt its attempt
   * @param kind why it was judged
   * @param startedAt when it started
   * @param reason why a person asked for it
   * @param logicalDate the schedule's date
   * @param changed which settings differ from those of the champion's training, where that is known
   */
  public record Origin(
      String run,
      int attempt,
      RunKind kind,
      Instant startedAt,
      Optional<String> reason,
      Optional<String> logicalDate,
      Optional<List<String>> changed) {

    /** The same run's next attempt. */
    public Origin next(int number) {
      return new Origin(run, number, kind, startedAt, reason, logicalDate, changed);
    }
  }

  /**
   * What was searched, and what the training rows look like.
   *
   * @param candidates in order; empty when nothing was trained
   * @param winner position of the winner, -1 when nothing was trained
   * @param engine who grew the trees; null when nothing was trained
   * @param search how the search went; null when nothing was trained
   * @param profile of the training rows
   */
  public record Training(
      List<RunRecord.Candidate> candidates,
      int winner,
      @Nullable String engine,
      RunRecord.@Nullable Search search,
      List<RunRecord.Column> profile) {
    /** Of a run that trained nothing. */
    public static final Training NONE = new Training(List.of(), -1, null, null, List.of());

    /** What a search found. */
    public static Training of(Trained trained, Profile profile) {
      return new Training(
          RunRecorder.candidates(trained),
          trained.choice().winner(),
          trained.engine(),
          new RunRecord.Search(
              trained.choice().reason(), trained.remarks(), trained.isRepeatable()),
          RunRecorder.profile(profile));
    }

    /** What an earlier attempt recorded of the same bundle. */
    public static Training of(RunRecord record) {
      return new Training(
          record.candidates(), record.winner(), record.engine(), record.search(), record.profile());
    }
  }

  /**
   * The record of a run whose verdict is reached.
   *
   * @param bundleFolder folder of the challenger's bundle in the model's store
   * @param before the record of the run that trained the champion, where it is known
   */
  public RunRecord of(
      Origin origin,
      Snapshot snapshot,
      Division division,
      Training training,
      Bundle challenger,
      String bundleFolder,
      Optional<RunRecord> before,
      Judgement judgement) {
    boolean decides = origin.kind().decides();
    Verdict verdict = judgement.verdict();
    boolean overrides = origin.kind() == RunKind.PROMOTE && origin.reason().isPresent();
    boolean promotes =
        overrides || (verdict.decision() == Decision.PROMOTE && origin.kind().promotes());
    return new RunRecord(
        RunRecord.SCHEMA,
        origin.run(),
        origin.attempt(),
        origin.kind().key(),
        config.model(),
        config.about(),
        config.task().key(),
        origin.startedAt().toString(),
        clock.instant().toString(),
        origin.reason().orElse(null),
        origin.logicalDate().orElse(null),
        data(snapshot),
        window(origin, division, judgement.comparison().rows(), judgement.comparison().clusters()),
        challenger.digest(),
        judgement.champion().map(Bundle::digest).orElse(null),
        promotes ? judgement.after() + 1 : null,
        decides ? verdict.key() : NO_VERDICT,
        verdict.findings().reasons(),
        gate(judgement, division),
        training.candidates(),
        training.winner(),
        training.engine(),
        training.search(),
        metrics(judgement.comparison()),
        confusion(judgement.comparison()),
        RecordedCurves.of(judgement.comparison()),
        judgement.weakSlices().slices().stream().map(RunRecorder::weakSlice).toList(),
        judgement.behaviour().cases().stream().map(RunRecorder::behaviour).toList(),
        judgement.comparison().fairness().stream().map(RunRecorder::fairness).toList(),
        judgement.explained().map(ExplainedRecord::of).orElse(null),
        training.profile(),
        before
            .filter(it -> !training.profile().isEmpty())
            .map(it -> Drift.since(it, training.profile(), division.trainRows()))
            .orElse(null),
        configuration(),
        origin.changed().orElse(null),
        provenance(),
        root + Home.attempt(origin.run(), origin.attempt()),
        root + bundleFolder,
        root + Home.report(origin.run(), origin.attempt()));
  }

  /**
   * What is told of a run that found nothing new to judge, trained nothing and spent nothing; it is
   * not kept, and the same run can be made again.
   *
   * @param champion digest of the bundle that stays the champion
   * @param why there is nothing to judge
   */
  public RunRecord waiting(
      Origin origin, Snapshot snapshot, Division division, Optional<String> champion, String why) {
    return new RunRecord(
        RunRecord.SCHEMA,
        origin.run(),
        origin.attempt(),
        origin.kind().key(),
        config.model(),
        config.about(),
        config.task().key(),
        origin.startedAt().toString(),
        clock.instant().toString(),
        origin.reason().orElse(null),
        origin.logicalDate().orElse(null),
        data(snapshot),
        window(origin, division, 0, 0),
        RunRecord.NOTHING,
        champion.orElse(null),
        null,
        Decision.INCONCLUSIVE.key(),
        List.of(why),
        new RunRecord.Gate(0, null, null, List.of(), null, null, null, null, List.of()),
        List.of(),
        -1,
        null,
        null,
        List.of(),
        List.of(),
        null,
        List.of(),
        List.of(),
        List.of(),
        null,
        List.of(),
        null,
        configuration(),
        origin.changed().orElse(null),
        provenance(),
        "",
        "",
        "");
  }

  private RunRecord.Data data(Snapshot snapshot) {
    return new RunRecord.Data(
        Home.tableOf(config.model()),
        snapshot.version(),
        snapshot.digest(),
        snapshot.rows(),
        snapshot.committedAt().toString(),
        snapshot.schema());
  }

  private static RunRecord.Window window(
      Origin origin, Division division, long rows, long clusters) {
    return new RunRecord.Window(
        origin.kind().decides() ? division.id().kind().key() : BACKTEST_WINDOW,
        division.id().words(),
        text(division.id().start()),
        text(division.id().end()),
        rows,
        clusters,
        division.trainRows(),
        division.leftOut());
  }

  private RunRecord.Provenance provenance() {
    return new RunRecord.Provenance(
        config.train().seed(), BuildInfo.revision(), config.digest(), BuildInfo.versions());
  }

  private static @Nullable String text(Optional<Instant> instant) {
    return instant.map(Instant::toString).orElse(null);
  }

  private Map<String, String> configuration() {
    Map<String, String> settings = new LinkedHashMap<>();
    for (EffectiveConfig.Setting setting : configuration.effective().settings()) {
      settings.put(setting.key(), setting.value());
    }
    return settings;
  }

  private RunRecord.Gate gate(Judgement judgement, Division division) {
    Verdict verdict = judgement.verdict();
    SliceResult overall = judgement.comparison().overall();
    Optional<Estimate> primary =
        found(verdict)
            .map(Check::reference)
            .map(reference -> overall.gain(reference, config.gate().primary()));
    Verdict.Findings found = verdict.findings();
    Long more =
        verdict instanceof Verdict.Inconclusive open && open.moreClusters().isPresent()
            ? (Long) open.moreClusters().getAsLong()
            : null;
    return new RunRecord.Gate(
        division.id().kind() == WindowId.Kind.PROTECTED ? found.attempt() : 0,
        finite(found.alpha()),
        finite(found.power()),
        found.checks().stream().map(RunRecorder::check).toList(),
        more,
        primary.map(it -> finite(it.neighbours())).orElse(null),
        overall.largest(),
        primary.map(it -> finite(it.shrunk())).orElse(null),
        found.limits().stream().map(RunRecorder::limit).toList());
  }

  /** The rule that the primary metric is held to first. */
  private static Optional<Check> found(Verdict verdict) {
    return verdict.findings().checks().stream()
        .filter(check -> check.rule() == Rule.Kind.PRIMARY)
        .findFirst();
  }

  private static RunRecord.WeakSlice weakSlice(WeakSlice slice) {
    return new RunRecord.WeakSlice(
        slice.kind().key(),
        slice.conditions(),
        slice.predicate().orElse(null),
        slice.rows(),
        slice.share(),
        slice.loss().words(),
        finite(slice.challenger()),
        finite(slice.elsewhere()),
        finite(slice.champion()),
        finite(slice.excess()),
        finite(slice.lower()),
        slice.chance(),
        slice.confirmed());
  }

  private static RunRecord.Behaviour behaviour(CaseResult result) {
    return new RunRecord.Behaviour(
        result.head().name(),
        result.head().kind().key(),
        result.head().level(),
        result.head().reference().orElse(null),
        result.blocks(),
        result.holds(),
        result.predictions(),
        result.failures(),
        result.shown().stream().map(RunRecorder::failure).toList());
  }

  private static RunRecord.BehaviourFailure failure(CaseResult.Failure failure) {
    List<String> row = new ArrayList<>();
    failure.row().forEach((column, value) -> row.add(column + " = " + value));
    return new RunRecord.BehaviourFailure(
        row, failure.change().orElse(null), failure.expected(), failure.got(), failure.outside());
  }

  private static RunRecord.Fairness fairness(FairnessFigure figure) {
    Estimate.Interval interval = figure.own().interval(0.95);
    // No gap is below zero, and none that is seen proves that there is one.
    double lower = figure.isGap() ? Math.max(0, interval.lower()) : interval.lower();
    return new RunRecord.Fairness(
        figure.role().key(),
        figure.column(),
        figure.group().orElse(null),
        figure.measure(),
        finite(figure.own().value()),
        finite(lower),
        finite(interval.upper()),
        figure.rows(),
        figure.own().groups(),
        figure.limit().orElse(null),
        figure.own().undefined().orElse(null));
  }

  private static RunRecord.Limit limit(Rule.Limit limit) {
    return new RunRecord.Limit(
        limit.name(),
        finite(limit.value()),
        limit.limit().orElse(null),
        limit.holds(),
        limit.sentence());
  }

  private static RunRecord.Check check(Check check) {
    return new RunRecord.Check(
        check.rule().key(),
        check.reference().key(),
        check.slice(),
        check.metric().key(),
        finite(check.gain()),
        finite(check.lower()),
        finite(check.upper()),
        finite(check.required()),
        check.groups(),
        check.critical(),
        check.powered(),
        check.status().key(),
        check.blocks(),
        check.sentence());
  }

  private static List<RunRecord.Candidate> candidates(Trained trained) {
    List<RunRecord.Candidate> candidates = new ArrayList<>();
    for (int i = 0; i < trained.candidates().size(); i++) {
      candidates.add(candidate(trained.candidates().get(i), trained.choice().standings().get(i)));
    }
    return candidates;
  }

  private static RunRecord.Candidate candidate(
      CandidateResult result, WinnerChoice.Standing standing) {
    List<@Nullable Double> scores = new ArrayList<>();
    result.scores().forEach(score -> scores.add(finite(score)));
    return new RunRecord.Candidate(
        result.candidate().family(),
        result.candidate().parameters(),
        scores,
        finite(result.meanScore()),
        finite(result.standardError()),
        finite(standing.behind()),
        finite(standing.standardError()),
        finite(result.totalSeconds()),
        finite(result.cost().visits()),
        finite(result.cost().bytes()),
        standing.excluded().orElse(null));
  }

  private static List<RunRecord.Metric> metrics(Comparison comparison) {
    List<RunRecord.Metric> metrics = new ArrayList<>();
    List<SliceResult> slices = new ArrayList<>();
    slices.add(comparison.overall());
    slices.addAll(comparison.slices());
    for (SliceResult slice : slices) {
      slice
          .metrics()
          .forEach(
              (role, byMetric) ->
                  byMetric.forEach(
                      (metric, estimate) ->
                          metrics.add(metric(role.key(), slice, metric, estimate))));
    }
    return metrics;
  }

  private static List<RunRecord.Confusion> confusion(Comparison comparison) {
    List<RunRecord.Confusion> tables = new ArrayList<>();
    comparison
        .overall()
        .confusion()
        .forEach(
            (role, counts) ->
                tables.add(
                    new RunRecord.Confusion(role.key(), comparison.plan().classes(), counts)));
    return tables;
  }

  private static RunRecord.Metric metric(
      String role, SliceResult slice, Metric metric, Estimate estimate) {
    // For a person: the gate judges gains, whose bounds stay as they are.
    double width = estimate.interval(0.95).upper() - estimate.value();
    Metric.Interval interval = metric.interval(estimate.value(), width);
    return new RunRecord.Metric(
        role,
        slice.slice().name(),
        metric.key(),
        finite(estimate.value()),
        finite(interval.lower()),
        finite(interval.upper()),
        slice.rows(),
        slice.groups(),
        estimate.undefined().orElse(null));
  }

  private static List<RunRecord.Column> profile(Profile profile) {
    List<RunRecord.Column> columns = new ArrayList<>();
    for (Profile.ColumnProfile column : profile.columns()) {
      Map<String, Double> quantiles = new LinkedHashMap<>();
      column
          .numbers()
          .ifPresent(
              n -> {
                quantiles.put("0", n.min());
                quantiles.put("0.05", n.q05());
                quantiles.put("0.25", n.q25());
                quantiles.put("0.5", n.median());
                quantiles.put("0.75", n.q75());
                quantiles.put("0.95", n.q95());
                quantiles.put("1", n.max());
              });
      Map<String, Long> categories = new LinkedHashMap<>();
      column.categories().forEach(c -> categories.put(c.category(), c.rows()));
      columns.add(
          new RunRecord.Column(
              column.name(),
              column.missing(),
              column.numbers().map(n -> finite(n.mean())).orElse(null),
              column.numbers().map(n -> finite(n.deviation())).orElse(null),
              quantiles,
              categories,
              column.distinct()));
    }
    return columns;
  }
}
