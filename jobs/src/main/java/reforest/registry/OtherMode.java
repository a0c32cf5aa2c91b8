package reforest.registry;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import reforest.config.GateConfig;
import reforest.config.GateConfig.Mode;
import reforest.evaluate.NamedSlice;
import reforest.evaluate.Role;
import reforest.gate.Check;
import reforest.gate.Decision;
import reforest.gate.Rule;
import reforest.gate.Verdict;

/**
 * Tells when the last runs say that the gate's other mode would serve better: {@code refresh} where
 * mode {@code superior} leaves open what is shown to do no harm, {@code superior} where mode {@code
 * refresh} promotes what is shown to be better anyhow.
 */
public final class OtherMode {

  /** So many runs in a row must say so. */
  private static final int ROW = 3;

  private final Runs runs;
  private final GateConfig gate;

  /**
   * @param runs of the model
   * @param gate as it is set now
   */
  public OtherMode(Runs runs, GateConfig gate) {
    this.runs = runs;
    this.gate = gate;
  }

  /** How a try ended. */
  private record Ended(String mode, Decision decision, List<Ask> asks) {
    /** What the gain of the primary metric over the champion is at least; NaN when unknown. */
    double lower() {
      return asks.stream()
          .filter(Ask::isPrimary)
          .mapToDouble(Ask::lower)
          .findFirst()
          .orElse(Double.NaN);
    }

    boolean isOpenForPrimaryAlone() {
      return decision == Decision.INCONCLUSIVE
          && asks.stream().allMatch(it -> it.isPrimary() || !it.blocks())
          && asks.stream().noneMatch(it -> it.isBaseline() && !it.passed());
    }
  }

  /** A rule as it was looked at. */
  private record Ask(
      boolean isPrimary, boolean isBaseline, double lower, boolean passed, boolean blocks) {}

  /**
   * What to say of a verdict that was just reached; empty unless it is open and the runs before it
   * ended alike.
   *
   * @param run key of the run that reached it
   */
  public Optional<String> after(Verdict verdict, String run) {
    Ended now =
        new Ended(
            mode(),
            verdict.decision(),
            verdict.findings().checks().stream().map(OtherMode::ask).toList());
    if (!wouldRefresh(now)) {
      return Optional.empty();
    }
    List<Ended> row = new ArrayList<>(List.of(now));
    row.addAll(newest(run));
    return said(row);
  }

  /** The same before a run, by what the newest ones said. */
  public Optional<String> before() {
    return said(newest(""));
  }

  private Optional<String> said(List<Ended> newestFirst) {
    if (newestFirst.size() < ROW) {
      return Optional.empty();
    }
    List<Ended> row = newestFirst.subList(0, ROW);
    if (gate.mode() == Mode.SUPERIOR && row.stream().allMatch(this::wouldRefresh)) {
      return Optional.of(
          String.format(
              Locale.ROOT,
              "the last %d runs were left open, and each is shown to lose less than %s in %s, the"
                  + " gain worth having: gate.mode = refresh with gate.margin = %s would have"
                  + " promoted them, as far as the anchor allows (docs/statistics.md says what that"
                  + " costs)",
              ROW,
              plain(gate.worthwhileGain()),
              gate.primary().key(),
              plain(gate.worthwhileGain())));
    }
    if (gate.mode() == Mode.REFRESH && row.stream().allMatch(this::isBetterAnyhow)) {
      return Optional.of(
          String.format(
              Locale.ROOT,
              "the last %d runs were promoted, and each is shown to be better: gate.mode = superior"
                  + " would have promoted them, too, and never follows worse rows"
                  + " (docs/statistics.md)",
              ROW));
    }
    return Optional.empty();
  }

  private static String plain(double value) {
    return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
  }

  private boolean wouldRefresh(Ended ended) {
    return ended.mode().equals(Mode.SUPERIOR.name().toLowerCase(Locale.ROOT))
        && ended.isOpenForPrimaryAlone()
        && ended.lower() > -gate.worthwhileGain();
  }

  private boolean isBetterAnyhow(Ended ended) {
    return ended.mode().equals(Mode.REFRESH.name().toLowerCase(Locale.ROOT))
        && ended.decision() == Decision.PROMOTE
        && ended.lower() > gate.minGain();
  }

  private String mode() {
    return gate.mode().name().toLowerCase(Locale.ROOT);
  }

  /** How the tries against a champion ended, the newest first, but for one run. */
  private List<Ended> newest(String but) {
    return runs.newestFirst(each -> counts(each) && !each.run().equals(but)).stream()
        .map(OtherMode::ended)
        .toList();
  }

  /** Whether it spent a try on the metric that must gain now. */
  private boolean counts(RunRecord record) {
    return record.runKind().filter(RunKind::promotes).isPresent()
        && record.gate().attempt() > 0
        && record.decision().isPresent()
        && record.gate().checks().stream()
            .anyMatch(it -> ask(it).isPrimary() && it.metric().equals(gate.primary().key()));
  }

  private static Ended ended(RunRecord record) {
    return new Ended(
        record.configuration().getOrDefault("gate.mode", "").replace("\"", ""),
        record.decision().orElseThrow(),
        record.gate().checks().stream().map(OtherMode::ask).toList());
  }

  private static Ask ask(RunRecord.Check check) {
    return new Ask(
        check.rule().equals(Rule.Kind.PRIMARY.key())
            && check.reference().equals(Role.CHAMPION.key())
            && check.slice().equals(NamedSlice.OVERALL),
        check.rule().equals(Rule.Kind.BASELINE.key()),
        check.lower() == null ? Double.NaN : check.lower(),
        check.status().equals(Check.Status.PASSED.key()),
        check.blocks());
  }

  private static Ask ask(Check check) {
    return new Ask(
        check.rule() == Rule.Kind.PRIMARY
            && check.reference() == Role.CHAMPION
            && check.slice().equals(NamedSlice.OVERALL),
        check.rule() == Rule.Kind.BASELINE,
        check.lower(),
        check.status() == Check.Status.PASSED,
        check.blocks());
  }
}
