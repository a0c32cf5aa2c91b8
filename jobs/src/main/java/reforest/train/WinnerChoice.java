package reforest.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;
import reforest.config.Metric;
import reforest.config.SearchConfig;
import reforest.config.SearchConfig.Choose;

/**
 * Who wins the search, and why.
 *
 * @param winner its position
 * @param best position of the candidate with the best mean score among those that no limit excludes
 * @param standings every candidate's, in the order of the search
 * @param reason in words, for the run's record
 */
public record WinnerChoice(int winner, int best, List<Standing> standings, String reason) {
  public WinnerChoice {
    standings = List.copyOf(standings);
  }

  /**
   * How a candidate stands beside the best.
   *
   * @param behind by how much its score is worse on average; NaN when undefined
   * @param standardError of {@code behind}, from the folds' own differences; 0 for the best itself
   * @param excluded why it could not win, if it could not
   */
  public record Standing(double behind, double standardError, Optional<String> excluded) {}

  /**
   * Chooses by the folds' scores.
   *
   * <p>Whether a candidate is within one standard error of the best is asked of the folds'
   * differences: both saw the same folds, so what makes a fold hard for all cancels out. Breiman's
   * own rule takes the standard error of the best score instead, and where blocks of time differ
   * more than candidates do it would call nearly all of them equal.
   *
   * @throws ReforestException when no candidate has a defined score on every fold, or limits
   *     exclude all that have
   */
  static WinnerChoice of(List<CandidateResult> results, Metric metric, SearchConfig search) {
    List<Optional<String>> excluded =
        results.stream().map(r -> excluded(r, search.limits())).toList();
    boolean higher = metric.direction() == Metric.Direction.HIGHER;
    int best = -1;
    for (int i = 0; i < results.size(); i++) {
      double score = results.get(i).meanScore();
      if (excluded.get(i).isEmpty()
          && (best < 0
              || (higher
                  ? score > results.get(best).meanScore()
                  : score < results.get(best).meanScore()))) {
        best = i;
      }
    }
    if (best < 0) {
      throw none(results, excluded, metric);
    }
    List<Standing> standings = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      standings.add(standing(results.get(i), results.get(best), higher, excluded.get(i)));
    }
    int simplest = best;
    int near = 0;
    for (int i = 0; i < results.size(); i++) {
      Standing standing = standings.get(i);
      if (standing.excluded().isEmpty() && standing.behind() <= standing.standardError()) {
        near++;
        simplest = isSimpler(results.get(i), results.get(simplest)) ? i : simplest;
      }
    }
    if (search.choose() == Choose.BEST) {
      String reason = "the best mean score";
      return new WinnerChoice(
          best,
          best,
          standings,
          simplest == best
              ? reason
              : reason + "; " + instead(results, best, simplest, standings.get(simplest), metric));
    }
    return new WinnerChoice(
        simplest,
        best,
        standings,
        String.format(
            Locale.ROOT,
            "the simplest of %d within one standard error of the best, %s",
            near,
            results.get(best).candidate().describe()));
  }

  /** What the best costs beside the simplest that is as good by the folds, for whoever pays it. */
  private static String instead(
      List<CandidateResult> results, int best, int simplest, Standing standing, Metric metric) {
    ModelCost most = results.get(best).cost();
    ModelCost least = results.get(simplest).cost();
    return String.format(
        Locale.ROOT,
        "train.choose = simplest would take %s, whose %s is worse by %s ± %s on average, whose bundle"
            + " has about %,.0f KB in place of %,.0f, and whose rows pass %,.0f splits in place of"
            + " %,.0f",
        results.get(simplest).candidate().describe(),
        metric.key(),
        figure(standing.behind()),
        figure(standing.standardError()),
        least.bytes() / 1000,
        most.bytes() / 1000,
        least.visits(),
        most.visits());
  }

  private static String figure(double value) {
    return String.format(Locale.ROOT, Math.abs(value) >= 100 ? "%,.0f" : "%.3g", value);
  }

  /** By what a prediction costs, and by the size of the trees where that is equal. */
  private static boolean isSimpler(CandidateResult one, CandidateResult other) {
    int order = Double.compare(one.cost().visits(), other.cost().visits());
    return order < 0 || (order == 0 && one.cost().bytes() < other.cost().bytes());
  }

  private static Standing standing(
      CandidateResult result, CandidateResult best, boolean higher, Optional<String> excluded) {
    List<Double> behind =
        IntStream.range(0, result.scores().size())
            .mapToObj(f -> (result.scores().get(f) - best.scores().get(f)) * (higher ? -1 : 1))
            .toList();
    return new Standing(
        CandidateResult.mean(behind), CandidateResult.standardError(behind), excluded);
  }

  private static Optional<String> excluded(CandidateResult result, SearchConfig.Limits limits) {
    if (result.leftOut()) {
      return Optional.of("train.budget.time left no time for it");
    }
    if (Double.isNaN(result.meanScore())) {
      return Optional.of("its score is undefined on a fold");
    }
    OptionalDouble visits = limits.nodeVisits();
    if (visits.isPresent() && !(result.cost().visits() <= visits.getAsDouble())) {
      return Optional.of(
          String.format(
              Locale.ROOT,
              "a row passes %.1f splits, and train.limits.node-visits is %s",
              result.cost().visits(),
              visits.getAsDouble()));
    }
    OptionalLong bytes = limits.bundleBytes();
    if (bytes.isPresent() && !(result.cost().bytes() <= bytes.getAsLong())) {
      return Optional.of(
          String.format(
              Locale.ROOT,
              "its bundle would take about %.0f bytes, and train.limits.bundle-bytes is %d",
              result.cost().bytes(),
              bytes.getAsLong()));
    }
    return Optional.empty();
  }

  private static ReforestException none(
      List<CandidateResult> results, List<Optional<String>> excluded, Metric metric) {
    boolean defined = results.stream().anyMatch(r -> !Double.isNaN(r.meanScore()));
    if (!defined) {
      return new ReforestException(
          Kind.DATA,
          "no candidate has a defined "
              + metric.key()
              + " on every fold: "
              + results.stream()
                  .map(r -> r.candidate().describe() + " " + r.scores())
                  .collect(Collectors.joining("; ")),
          "ingest more rows or make the windows smaller where few are left to train on, or use"
              + " fewer folds or another train.metric");
    }
    return new ReforestException(
        Kind.DATA,
        "train.limits exclude every candidate: "
            + IntStream.range(0, results.size())
                .mapToObj(
                    i ->
                        results.get(i).candidate().describe()
                            + ": "
                            + excluded.get(i).orElse("allowed"))
                .collect(Collectors.joining("; ")),
        "raise the limits, or search fewer or shallower trees");
  }
}
