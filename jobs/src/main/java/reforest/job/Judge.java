package reforest.job;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import reforest.behaviour.Suite;
import reforest.bundle.Bundle;
import reforest.bundle.Manifest;
import reforest.bundle.PromotionLog;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;
import reforest.bundle.Scorer;
import reforest.bundle.Store;
import reforest.config.GateConfig;
import reforest.config.GateConfig.Mode;
import reforest.config.GateLimits;
import reforest.config.Metric;
import reforest.config.ModelConfig;
import reforest.evaluate.Evaluate;
import reforest.explain.Explained;
import reforest.gate.Allowance;
import reforest.gate.AlphaSpending;
import reforest.gate.Decision;
import reforest.gate.Evidence;
import reforest.gate.Gate;
import reforest.gate.Judgement;
import reforest.gate.Ledger;
import reforest.gate.StoreLedger;
import reforest.gate.Verdict;
import reforest.gate.WindowLength;
import reforest.publish.Champions;
import reforest.registry.OtherMode;
import reforest.registry.Runs;
import reforest.split.Division;
import reforest.split.TrainedShare;
import reforest.split.WindowId;
import reforest.table.Snapshot;

/** Judges one bundle against the champion of the moment. */
final class Judge {

  private final Compute compute;
  private final ModelConfig config;
  private final Store store;
  private final Clock clock;

  Judge(Compute compute, ModelConfig config, Store store, Clock clock) {
    this.compute = compute;
    this.config = config;
    this.store = store;
    this.clock = clock;
  }

  /**
   * A wish to judge a challenger on a window, which spends a try where that is protected.
   *
   * @param run key of the run
   * @param forced whether it counts again although the same was tried before
   * @param overrules whether the challenger may replace a champion that cannot be judged on the
   *     window; that champion is not compared then
   * @param scheduled whether it belongs to a schedule, which may wait for fresh rows
   */
  record Request(String run, boolean forced, boolean overrules, boolean scheduled) {

    /** Of a run that asks once. */
    static Request of(String run) {
      return new Request(run, false, false, false);
    }

    /** Of a run that is made again on purpose. */
    static Request forced(String run) {
      return new Request(run, true, false, false);
    }

    /** Of a person who may overrule the gate. */
    static Request overruling(String run) {
      return new Request(run, false, true, false);
    }

    /** The same of a schedule, which may wait for fresh rows. */
    Request scheduled(boolean byDate) {
      return new Request(run, forced, overrules, byDate);
    }
  }

  /** A champion of a promotion log, as the log stood. */
  private record Standing(long after, Optional<Bundle> champion) {}

  /**
   * Refuses before anything is trained what {@link #judge} would refuse after it, when a try on the
   * protected window is already spent.
   *
   * @throws ReforestException of kind {@code DATA} or {@code ARGUMENTS}
   */
  void check(Snapshot snapshot, Division division) {
    Standing standing = standing();
    if (division.id().kind() == WindowId.Kind.PROTECTED) {
      requireUnseenChampion(standing, division);
      requireRanks(standing, division);
    }
    compute.check(snapshot, division, unseenChampion(standing, division));
  }

  /**
   * The same for a challenger that was trained before.
   *
   * @param overrules whether it may replace a champion that cannot be judged on the window
   * @throws ReforestException of kind {@code DATA} or {@code ARGUMENTS}
   */
  void check(Snapshot snapshot, Division division, Bundle challenger, boolean overrules) {
    requireUnseenChallenger(challenger, division);
    Standing standing = standing();
    if (!overrules) {
      requireUnseenChampion(standing, division);
      requireRanks(standing, division);
    }
    compute.check(snapshot, division, challenger, unseenChampion(standing, division));
  }

  /**
   * Scores challenger and champion, and lets the gate decide. On a protected window the try is
   * counted before anything is scored.
   *
   * @throws ReforestException when a model was trained on rows of the window
   */
  Judgement judge(Snapshot snapshot, Division division, Bundle challenger, Request request) {
    requireUnseenChallenger(challenger, division);
    Standing standing = standing();
    Optional<String> seen = standing.champion().flatMap(it -> whySeen(it.manifest(), division));
    boolean isProtected = division.id().kind() == WindowId.Kind.PROTECTED;
    if (isProtected && !request.overrules()) {
      requireUnseenChampion(standing, division);
    }
    Optional<Bundle> champion = unseenChampion(standing, division);
    // Training may have taken hours, and a try would be spent for nothing.
    compute.requireReadable(snapshot);
    Ledger.Entry entry = entry(snapshot, division, challenger.digest(), champion, request);
    Ledger ledger = new StoreLedger(store);
    Allowance allowance = Allowance.first();
    if (isProtected) {
      allowance = ledger.register(entry);
      if (allowance.nothing().isPresent() && request.overrules()) {
        // Who overrules the gate shall see what it would have said.
        Request again = Request.forced(request.run());
        allowance =
            ledger.register(entry(snapshot, division, challenger.digest(), champion, again));
      }
      allowance.nothing().ifPresent(Judge::refuse);
    } else {
      ledger.note(entry);
    }
    Anchor anchor =
        champion.isPresent() && config.gate().mode() == Mode.REFRESH
            ? Anchor.of(store, config.gate().primary(), clock.instant(), division)
            : Anchor.NONE;
    Compared compared = compute.compare(snapshot, division, challenger, champion, anchor.bundle());
    Suite.Result behaviour = behaviour(challenger);
    Verdict verdict =
        new Gate(config.gate(), length())
            .decide(
                new Evidence(compared.comparison(), compared.weakSlices(), behaviour), allowance)
            .alsoSaying(anchor.waived());
    for (String warning : compared.explained().map(Explained::warnings).orElse(List.of())) {
      verdict = verdict.alsoSaying(Optional.of(warning));
    }
    if (isProtected && verdict.decision() == Decision.INCONCLUSIVE) {
      verdict =
          verdict.firstSaying(
              new OtherMode(new Runs(store), config.gate()).after(verdict, request.run()));
    }
    return new Judgement(
        compared.comparison(),
        compared.weakSlices(),
        compared.explained(),
        behaviour,
        seen.isPresent() ? undecided(verdict, seen.get()) : verdict,
        champion,
        standing.after());
  }

  /**
   * Why a try on the window could spend nothing, so that there is no use in training for it; empty
   * where it could, or the window is free to look at.
   *
   * @throws ReforestException of kind {@code DATA} when the champion cannot be judged there
   */
  Optional<String> nothingNew(Snapshot snapshot, Division division, Request request) {
    if (division.id().kind() != WindowId.Kind.PROTECTED) {
      return Optional.empty();
    }
    Standing standing = standing();
    requireUnseenChampion(standing, division);
    requireRanks(standing, division);
    return new StoreLedger(store)
        .allowance(entry(snapshot, division, "", standing.champion(), request))
        .nothing();
  }

  private static void refuse(String why) {
    throw new ReforestException(
        Kind.RACE, why, "another try came first: run the same command again");
  }

  /** Scores any bundle beside the champion where that one is another; decides nothing. */
  Judgement measure(Snapshot snapshot, Division division, Bundle bundle, String run) {
    Standing standing = standing();
    Optional<Bundle> champion =
        standing.champion().filter(it -> !it.digest().equals(bundle.digest()));
    new StoreLedger(store)
        .note(
            entry(
                snapshot,
                division,
                bundle.digest(),
                champion,
                Request.of(run),
                Ledger.Kind.BACKTEST));
    Compared compared = compute.compare(snapshot, division, bundle, champion, Optional.empty());
    List<String> reasons = new ArrayList<>();
    reasons.add("a backtest measures and decides nothing");
    whySeen(bundle.manifest(), division)
        .ifPresent(why -> reasons.add("its figures flatter it: " + why));
    champion
        .flatMap(it -> whySeen(it.manifest(), division))
        .ifPresent(why -> reasons.add("the champion's figures flatter it: " + why));
    Verdict.Findings findings = new Verdict.Findings(reasons, List.of(), 0, Double.NaN, Double.NaN);
    return new Judgement(
        compared.comparison(),
        compared.weakSlices(),
        compared.explained(),
        behaviour(bundle),
        new Verdict.Inconclusive(findings, OptionalLong.empty()),
        champion,
        standing.after());
  }

  /** What the bundle answers to the suite, as a service would hear it. */
  private Suite.Result behaviour(Bundle bundle) {
    return config.behaviour().cases().isEmpty()
        ? Suite.Result.NONE
        : Suite.of(config).run(Scorer.of(bundle));
  }

  private Standing standing() {
    // The number first: whatever comes after it is another champion than the one that is read.
    long after = new PromotionLog(store).lastSequence();
    return new Standing(after, Champions.bundle(store));
  }

  private Ledger.Entry entry(
      Snapshot snapshot,
      Division division,
      String challenger,
      Optional<Bundle> champion,
      Request request) {
    Ledger.Kind kind =
        division.id().kind() == WindowId.Kind.PROTECTED ? Ledger.Kind.TRY : Ledger.Kind.DEVELOPMENT;
    return entry(snapshot, division, challenger, champion, request, kind);
  }

  private Ledger.Entry entry(
      Snapshot snapshot,
      Division division,
      String challenger,
      Optional<Bundle> champion,
      Request request,
      Ledger.Kind kind) {
    WindowId id = division.id();
    Ledger.Window window =
        id.start().isPresent() && id.end().isPresent()
            ? Ledger.Window.of(id.start().get(), id.end().get())
            : Ledger.Window.of(id.text(), id.after(), OptionalLong.of(snapshot.version()));
    return new Ledger.Entry(
        window,
        challenger,
        champion.map(Bundle::digest),
        config.digest(),
        snapshot.digest(),
        kind,
        Optional.of(
            AlphaSpending.Budget.of(
                config.windows().protectedLength(),
                config.evaluate().clusterPeriod(),
                config.gate().freshClusters())),
        request.forced(),
        request.scheduled(),
        request.run(),
        clock.instant(),
        UUID.randomUUID().toString());
  }

  private Optional<WindowLength> length() {
    return config
        .evaluate()
        .clusterPeriod()
        .map(period -> new WindowLength(period, config.windows().protectedLength()));
  }

  private static void requireUnseenChallenger(Bundle challenger, Division division) {
    requireUnseen(
        "challenger",
        challenger,
        division,
        hasTimes(challenger.manifest(), division)
            ? "judge it on a window that starts after its training ended"
            : "go back to the settings that it was trained with, or train another with 'reforest"
                + " retrain'");
  }

  private static void requireUnseenChampion(Standing standing, Division division) {
    standing
        .champion()
        .ifPresent(
            champion ->
                requireUnseen(
                    "champion",
                    champion,
                    division,
                    (hasTimes(champion.manifest(), division)
                            ? "ingest newer rows, or shorten windows.protected"
                            : "go back to the settings that it was trained with (data.event-time,"
                                + " data.key, windows.groups, windows.salt and the shares)")
                        + "; or replace it uncompared: train with 'reforest retrain', then"
                        + " 'reforest promote --run KEY --override --reason TEXT'"));
  }

  /** Refuses to spend a try where a metric that must be shown would be undefined on all rows. */
  private void requireRanks(Standing standing, Division division) {
    // A champion tells how many classes there are; without one at least two are.
    int classes = standing.champion().map(it -> it.manifest().classes().size()).orElse(2);
    int most = Evaluate.mostRankedRows(config.task(), classes);
    if (division.windowRows() <= most) {
      return;
    }
    Map<String, Metric> shown = new LinkedHashMap<>();
    shown.put("gate.primary is", config.gate().primary());
    if (standing.champion().isPresent()) {
      // Without a champion there is nothing that a guardrail could get worse than.
      config.gate().guardrails().stream()
          .map(GateConfig.Guardrail::metric)
          .filter(Metric::isRanked)
          .findFirst()
          .ifPresent(metric -> shown.put("gate.guardrails hold", metric));
    }
    config.gate().limits().floors().stream()
        .map(GateLimits.Floor::metric)
        .filter(Metric::isRanked)
        .findFirst()
        .ifPresent(metric -> shown.put("gate.floors hold", metric));
    shown.forEach(
        (where, metric) -> {
          if (metric.isRanked()) {
            throw new ReforestException(
                Kind.DATA,
                "%s %s, which is computed for at most %d rows, and the %s has %d"
                    .formatted(
                        where, metric.key(), most, division.id().words(), division.windowRows()),
                "judge by "
                    + (config.task().isClassification() ? Metric.LOG_LOSS : Metric.MAE).key()
                    + ", or make the window shorter (windows.protected,"
                    + " windows.protected-share)");
          }
        });
  }

  private static void requireUnseen(String who, Bundle bundle, Division division, String hint) {
    whySeen(bundle.manifest(), division)
        .ifPresent(
            why -> {
              throw new ReforestException(
                  Kind.DATA,
                  "the " + who + " cannot be judged on the " + division.id().words() + ": " + why,
                  hint);
            });
  }

  /** The champion, where no row of the window was among those that it was trained on. */
  private static Optional<Bundle> unseenChampion(Standing standing, Division division) {
    return standing.champion().filter(it -> whySeen(it.manifest(), division).isEmpty());
  }

  /** Whether newer rows can make a window that the model has not seen. */
  private static boolean hasTimes(Manifest manifest, Division division) {
    return division.id().start().isPresent() && manifest.provenance().trainedBefore().isPresent();
  }

  /** Why a model may have been trained on rows of the window; empty when it was not. */
  static Optional<String> whySeen(Manifest manifest, Division division) {
    Optional<Instant> start = division.id().start();
    Optional<Instant> trained = manifest.provenance().trainedBefore();
    if (start.isPresent()) {
      return trained.filter(end -> !end.isAfter(start.get())).isPresent()
          ? Optional.empty()
          : Optional.of(
              trained
                  .map(end -> "it was trained on rows before " + end)
                  .orElse("it was trained on rows of unknown times"));
    }
    String split = manifest.provenance().split();
    Optional<TrainedShare> share = TrainedShare.parse(split);
    Optional<WindowId.Share> window = division.id().share();
    if (share.isPresent() && window.isPresent() && !share.get().mayHold(window.get())) {
      return Optional.empty();
    }
    return Optional.of(
        "it was trained on rows that were divided by the "
            + split
            + ", where now it is the "
            + division.split());
  }

  private static Verdict undecided(Verdict verdict, String why) {
    List<String> reasons = new ArrayList<>();
    reasons.add(
        "the champion was not compared, because "
            + why
            + "; against the baselines alone the gate would say "
            + verdict.key());
    verdict.findings().reasons().stream()
        .filter(reason -> !reason.equals(Gate.NO_CHAMPION))
        .forEach(reasons::add);
    return new Verdict.Inconclusive(verdict.findings().because(reasons), OptionalLong.empty());
  }
}
