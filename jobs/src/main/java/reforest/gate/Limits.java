package reforest.gate;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import reforest.config.GateLimits;
import reforest.evaluate.Churn;
import reforest.evaluate.Comparison;
import reforest.evaluate.Footprint;
import reforest.evaluate.Role;

/**
 * What a challenger must keep to besides its gains: hard floors for its own figures, how many
 * predictions may change, and what it may cost. A limit that is not held keeps the champion; one
 * that is not set is told all the same, where it is known.
 */
final class Limits {

  private static final MathContext DIGITS = new MathContext(6);

  private final GateLimits config;

  Limits(GateLimits config) {
    this.config = config;
  }

  /** Everything that is limited or known of a challenger. */
  List<Rule.Limit> of(Comparison comparison) {
    List<Rule.Limit> limits = new ArrayList<>();
    for (GateLimits.Floor floor : config.floors()) {
      limits.add(
          new Rule.Floor(floor, comparison.overall().metric(Role.CHALLENGER, floor.metric())));
    }
    if (comparison.plan().has(Role.CHAMPION)) {
      churn(comparison, limits);
    }
    budget(comparison.footprint(), limits);
    comparison.fairness().stream()
        .filter(it -> it.isGap() && it.limit().isPresent())
        .map(Rule.Gap::new)
        .forEach(limits::add);
    return limits;
  }

  private void churn(Comparison comparison, List<Rule.Limit> limits) {
    Optional<Churn> churn = comparison.churn();
    double tolerance = comparison.plan().tolerance();
    boolean classes = comparison.plan().task().isClassification();
    share(
        "churn",
        churn.map(Churn::changedShare),
        config.churn().most(),
        classes ? "change class" : "move by more than " + plain(tolerance),
        limits);
    share(
        "churn for the worse",
        churn.map(Churn::worseShare),
        config.churn().mostWorse(),
        classes ? "were right and would be wrong" : "get worse by more than " + plain(tolerance),
        limits);
  }

  private static void share(
      String name,
      Optional<Double> share,
      Optional<Double> most,
      String what,
      List<Rule.Limit> limits) {
    add(
        name,
        share,
        most,
        it ->
            percent(it)
                + " of the predictions "
                + what
                + most.map(limit -> ", and at most " + percent(limit) + " may").orElse(""),
        "how many of the predictions " + what,
        limits);
  }

  private void budget(Optional<Footprint> footprint, List<Rule.Limit> limits) {
    add(
        "size",
        footprint.map(it -> (double) it.bytes()),
        config.budget().bytes().map(Long::doubleValue),
        it -> "the model takes " + whole(it) + " bytes" + most(config.budget().bytes()),
        "how many bytes the model takes",
        limits);
    add(
        "node visits",
        footprint.map(Footprint::nodeVisits),
        config.budget().nodeVisits(),
        it ->
            "a row passes " + whole(it) + " splits on average" + most(config.budget().nodeVisits()),
        "how many splits a row passes",
        limits);
  }

  private interface Words {
    String of(double value);
  }

  private static void add(
      String name,
      Optional<Double> seen,
      Optional<Double> most,
      Words words,
      String what,
      List<Rule.Limit> limits) {
    double value = seen.orElse(Double.NaN);
    if (!Double.isNaN(value)) {
      limits.add(new Rule.Ceiling(name, value, most, words.of(value)));
    } else if (most.isPresent()) {
      limits.add(
          new Rule.Ceiling(name, value, most, "it is not known " + what + ", which has a limit"));
    }
  }

  private static String most(Optional<? extends Number> limit) {
    return limit.map(it -> ", and at most " + whole(it.doubleValue()) + " are allowed").orElse("");
  }

  private static String whole(double value) {
    return value == Math.rint(value) ? String.format(Locale.ROOT, "%,.0f", value) : plain(value);
  }

  private static String percent(double share) {
    return plain(100 * share) + " %";
  }

  /** As many digits as tell a figure from a limit that it just exceeds. */
  private static String plain(double value) {
    return Double.isFinite(value)
        ? new BigDecimal(value).round(DIGITS).stripTrailingZeros().toPlainString()
        : String.valueOf(value);
  }
}
