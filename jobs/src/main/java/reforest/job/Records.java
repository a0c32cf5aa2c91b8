package reforest.job;

import static reforest.registry.RunRecord.finite;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reforest.bundle.Bundle;
import reforest.cli.BacktestCommand;
import reforest.cli.PromoteCommand;
import reforest.config.EffectiveConfig;
import reforest.evaluate.Comparison;
import reforest.evaluate.SliceResult;
import reforest.gate.Check;
import reforest.gate.Verdict;
import reforest.quality.Profile;
import reforest.registry.Build;
import reforest.registry.RunRecord;
import reforest.registry.Runs;
import reforest.split.Division;
import reforest.split.WindowId;
import reforest.statistics.Estimate;
import reforest.table.Snapshot;
import reforest.train.CandidateResult;
import reforest.train.Choice;
import reforest.train.Trained;

/** Collects what the stages found into the run's record. */
final class Records {

  private final Ask ask;
  private final String root;

  /**
   * @param root location of the model's store
   */
  Records(Ask ask, String root) {
    this.ask = ask;
    this.root = root.endsWith("/") ? root : root + "/";
  }

  /**
   * What a record tells of how a run came about.
   *
   * @param run its key
   * @param attempt its attempt
   * @param kind {@code develop}, {@code publish}, {@code promote} or {@code backtest}
   * @param startedAt when it started
   * @param reason why a person asked for it
   * @param logicalDate the schedule's date
   */
  record Origin(
      String run,
      int attempt,
      String kind,
      Instant startedAt,
      Optional<String> reason,
      Optional<String> logicalDate) {

    /** The same run's next attempt. */
    Origin next(int number) {
      return new Origin(run, number, kind, startedAt, reason, logicalDate);
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
  record Training(
      List<RunRecord.Candidate> candidates,
      int winner,
      @Nullable String engine,
      RunRecord.@Nullable Search search,
      List<RunRecord.Column> profile) {
    static final Training NONE = new Training(List.of(), -1, null, null, List.of());

    static Training of(Trained trained, Profile profile) {
      return new Training(
          Records.candidates(trained),
          trained.choice().winner(),
          trained.engine(),
          new RunRecord.Search(
              trained.choice().reason(), trained.remarks(), trained.isRepeatable()),
          Records.profile(profile));
    }

    /** What an earlier attempt recorded of the same bundle. */
    static Training of(RunRecord record) {
      return new Training(
          record.candidates(), record.winner(), record.engine(), record.search(), record.profile());
    }
  }

  RunRecord of(
      Origin origin,
      Snapshot snapshot,
      Division division,
      Training training,
      Bundle challenger,
      String bundleFolder,
      Judge.Judgement judgement) {
    boolean backtest = origin.kind().equals(BacktestCommand.NAME);
    Verdict verdict = judgement.verdict();
    boolean overrides = origin.kind().equals(PromoteCommand.NAME) && origin.reason().isPresent();
    boolean promotes =
        overrides || (verdict instanceof Verdict.Promote && !origin.kind().equals("develop"));
    return new RunRecord(
        RunRecord.SCHEMA,
        origin.run(),
        origin.attempt(),
        origin.kind(),
        ask.config().model(),
        ask.config().about(),
        ask.config().task().key(),
        origin.startedAt().toString(),
        ask.console().clock().instant().toString(),
        origin.reason().orElse(null),
        origin.logicalDate().orElse(null),
        new RunRecord.Data(
            snapshot.table().toString(),
            snapshot.version(),
            snapshot.digest(),
            snapshot.rows(),
            snapshot.committedAt().toString(),
            snapshot.schema()),
        new RunRecord.Window(
            backtest ? BacktestCommand.NAME : division.id().kind().key(),
            division.id().text(),
            text(division.id().start()),
            text(division.id().end()),
            judgement.comparison().rows(),
            judgement.comparison().clusters(),
            division.trainRows(),
            division.leftOut()),
        challenger.digest(),
        judgement.champion().map(Bundle::digest).orElse(null),
        promotes ? judgement.after() + 1 : null,
        backtest ? "NONE" : verdict.key(),
        verdict.findings().reasons(),
        gate(verdict, division),
        training.candidates(),
        training.winner(),
        training.engine(),
        training.search(),
        metrics(judgement.comparison()),
        confusion(judgement.comparison()),
        training.profile(),
        configuration(),
        new RunRecord.Provenance(
            ask.config().train().seed(), Build.revision(), ask.config().digest(), Build.versions()),
        root + Runs.folder(origin.run(), origin.attempt()),
        root + bundleFolder,
        root + Runs.folder(origin.run(), origin.attempt()) + "/" + Runs.REPORT);
  }

  private static @Nullable String text(Optional<Instant> instant) {
    return instant.map(Instant::toString).orElse(null);
  }

  private Map<String, String> configuration() {
    Map<String, String> settings = new LinkedHashMap<>();
    for (EffectiveConfig.Setting setting : ask.configuration().effective().settings()) {
      settings.put(setting.key(), setting.value());
    }
    return settings;
  }

  private static RunRecord.Gate gate(Verdict verdict, Division division) {
    Verdict.Findings found = verdict.findings();
    Long more =
        verdict instanceof Verdict.Inconclusive open && open.moreClusters().isPresent()
            ? (Long) open.moreClusters().getAsLong()
            : null;
    return new RunRecord.Gate(
        division.id().kind() == WindowId.Kind.PROTECTED ? found.attempt() : 0,
        finite(found.alpha()),
        finite(found.power()),
        found.checks().stream().map(Records::check).toList(),
        more);
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

  private static RunRecord.Candidate candidate(CandidateResult result, Choice.Standing standing) {
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
                          metrics.add(metric(role.key(), slice, metric.key(), estimate))));
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
                    new RunRecord.Confusion(role.key(), comparison.layout().classes(), counts)));
    return tables;
  }

  private static RunRecord.Metric metric(
      String role, SliceResult slice, String metric, Estimate estimate) {
    Estimate.Interval interval = estimate.interval(0.95);
    return new RunRecord.Metric(
        role,
        slice.slice().name(),
        metric,
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
              categories));
    }
    return columns;
  }
}
