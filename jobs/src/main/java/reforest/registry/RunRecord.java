package reforest.registry;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reforest.bundle.Promotion;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;
import reforest.gate.Decision;
import reforest.split.WindowId;

/**
 * Everything that is known of one run once its verdict is reached, as its {@code run.json} keeps
 * it.
 *
 * <p>Result, report and registry are made from this alone, so each can be made again. Instants are
 * ISO-8601 in UTC; a number that is undefined is null.
 *
 * @param schema version of this layout
 * @param run key of the run
 * @param attempt number of the attempt, from 1
 * @param kind {@code develop}, {@code publish}, {@code backtest} or {@code promote}
 * @param model name of the model
 * @param about the model's own description
 * @param task what it predicts
 * @param startedAt when the attempt started
 * @param finishedAt when its verdict was reached
 * @param reason why a person asked for it, if one did
 * @param logicalDate the schedule's date, if a schedule asked for it
 * @param data the pinned version
 * @param window the rows it was judged on
 * @param challenger digest of the bundle that was judged
 * @param champion digest of the bundle it was compared with, if there was one
 * @param promotion number of the promotion that followed, if one did
 * @param verdict {@code PROMOTE}, {@code KEEP} or {@code INCONCLUSIVE}
 * @param reasons why, in words
 * @param gate what the gate saw
 * @param candidates what was searched, in order; empty when nothing was trained
 * @param winner position of the winner among the candidates, -1 when nothing was trained
 * @param engine who grew the trees and why, when something was trained; null in records of before
 *     it was kept
 * @param search how the search went, when something was trained; null in records of before it was
 *     kept
 * @param metrics one entry for run x model x slice x metric
 * @param confusion over all rows, one table for each model; empty for a regression, and in records
 *     of before it was kept
 * @param curves what charts of the models are drawn from; null where nothing was measured, and in
 *     records of before it was kept
 * @param weakSlices slices that nobody had declared and that were looked at, confirmed or not;
 *     empty in records of before they were looked for
 * @param behaviour what came of the cases that the model must hold to; empty where none was asked,
 *     and in records of before they were run
 * @param fairness figures of groups and gaps between them; empty where none are told apart, and in
 *     records of before they were
 * @param explained why the challenger is what it is; null where nothing was measured, and in
 *     records of before it was kept
 * @param profile the training rows in figures
 * @param drift what changed in them since the champion's; null where the champion's are not known,
 *     and in records of before it was kept
 * @param configuration the effective settings, secrets left out
 * @param changed keys of the settings that differ from those of the champion's training; null where
 *     there was no champion or its settings are not known, and in records of before it was kept
 * @param provenance versions and digests
 * @param location folder of the attempt, relative to the home as all places here are; earlier
 *     releases wrote whole addresses
 * @param bundle folder of the judged bundle
 * @param report where the report lies
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record RunRecord(
    int schema,
    String run,
    int attempt,
    String kind,
    String model,
    Map<String, String> about,
    String task,
    @UtcTime String startedAt,
    @UtcTime String finishedAt,
    @Nullable String reason,
    @Nullable String logicalDate,
    Data data,
    Window window,
    String challenger,
    @Nullable String champion,
    @Nullable Long promotion,
    String verdict,
    List<String> reasons,
    Gate gate,
    List<Candidate> candidates,
    int winner,
    @Nullable String engine,
    @Nullable Search search,
    List<Metric> metrics,
    List<Confusion> confusion,
    @Nullable Curves curves,
    List<WeakSlice> weakSlices,
    List<Behaviour> behaviour,
    List<Fairness> fairness,
    @Nullable ExplainedRecord explained,
    List<Column> profile,
    @Nullable Drift drift,
    Map<String, String> configuration,
    @Nullable List<String> changed,
    Provenance provenance,
    String location,
    String bundle,
    String report) {

  public RunRecord {
    // An earlier release's record has no such field.
    confusion = List.copyOf(Objects.requireNonNullElse(confusion, List.of()));
    weakSlices = List.copyOf(Objects.requireNonNullElse(weakSlices, List.of()));
    behaviour = List.copyOf(Objects.requireNonNullElse(behaviour, List.of()));
    fairness = List.copyOf(Objects.requireNonNullElse(fairness, List.of()));
  }

  /** What stands for the challenger of a run that had nothing new to judge. */
  static final String NOTHING = "";

  /** Whether the run had nothing new to judge: it trained nothing, and is not kept. */
  public boolean waits() {
    return challenger.equals(NOTHING);
  }

  /** Version of the layout that is written. */
  public static final int SCHEMA = 1;

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  /**
   * A slice that was found in half of the clusters, with what the other half says of it.
   *
   * @param kind {@code weak}, or {@code harmed} where the champion is better
   * @param conditions all must hold
   * @param predicate the same in SQL; null where SQL cannot say it
   * @param rows of the other half
   * @param share of the other half's rows
   * @param loss {@code rmse}, {@code mae} or {@code log-loss}
   * @param challenger the challenger's figure there
   * @param elsewhere the challenger's on all other rows
   * @param champion the champion's there
   * @param excess of the mean loss of a row
   * @param lower its one-sided 95 % lower bound
   * @param chance of such an excess where there is none
   * @param confirmed whether it holds with all that were looked at counted in
   */
  public record WeakSlice(
      String kind,
      List<String> conditions,
      @Nullable String predicate,
      long rows,
      double share,
      String loss,
      @Nullable Double challenger,
      @Nullable Double elsewhere,
      @Nullable Double champion,
      @Nullable Double excess,
      @Nullable Double lower,
      double chance,
      boolean confirmed) {}

  /**
   * What came of one case of the suite.
   *
   * @param name its name
   * @param kind such as {@code must-hold} or {@code direction}
   * @param level 1 for the gravest
   * @param reference where to read more, such as a ticket; null where nothing is named
   * @param blocks whether a failure stands in the way of a promotion
   * @param holds whether everything was as expected
   * @param predictions how many predictions it took
   * @param failures how many rows, or changes of them, were not as expected
   * @param shown the worst of them, the worst first
   */
  public record Behaviour(
      String name,
      String kind,
      int level,
      @Nullable String reference,
      boolean blocks,
      boolean holds,
      long predictions,
      long failures,
      List<BehaviourFailure> shown) {
    public Behaviour {
      shown = List.copyOf(shown);
    }
  }

  /**
   * A prediction that was not as expected.
   *
   * @param row the inputs, a column and its value each; values of personal columns are left out
   * @param change what was changed of the row; null where nothing was
   * @param expected in words
   * @param got in words
   * @param outside what of the row the model has not seen in training
   */
  public record BehaviourFailure(
      List<String> row,
      @Nullable String change,
      String expected,
      String got,
      List<String> outside) {
    public BehaviourFailure {
      row = List.copyOf(row);
      outside = List.copyOf(outside);
    }
  }

  /**
   * A figure of a group, or the largest gap between the groups of a column.
   *
   * @param role challenger or champion
   * @param column the column whose values are the groups
   * @param group which group; null for the gap. Groups of fewer than ten rows are not named
   * @param measure such as {@code selection-rate}, or {@code equalized-odds} of a gap
   * @param value its value
   * @param lower lower end of its two-sided 95 % interval
   * @param upper upper end
   * @param rows how many rows it is of
   * @param clusters how many clusters carry information about it
   * @param limit what the gap must be shown to lie below; null where it is only told
   * @param undefined why it is undefined, if it is
   */
  public record Fairness(
      String role,
      String column,
      @Nullable String group,
      String measure,
      @Nullable Double value,
      @Nullable Double lower,
      @Nullable Double upper,
      long rows,
      int clusters,
      @Nullable Double limit,
      @Nullable String undefined) {}

  /**
   * The pinned version of the table.
   *
   * @param table its folder, relative to the home
   * @param version Delta version
   * @param digest digest of its rows
   * @param rows how many
   * @param committedAt when it was committed
   * @param columns its schema as text
   */
  public record Data(
      String table,
      long version,
      String digest,
      long rows,
      @UtcTime String committedAt,
      String columns) {}

  /**
   * Which rows were trained on and judged on.
   *
   * @param kind {@code protected}, {@code development} or {@code backtest}
   * @param text the window in words
   * @param start first event time, if rows have one
   * @param end first event time that is not in it, if rows have one
   * @param rows how many rows were judged on
   * @param clusters how many clusters they form
   * @param trainRows how many rows were trained on
   * @param leftOut rows left out of both, by reason
   */
  public record Window(
      String kind,
      String text,
      @UtcTime @Nullable String start,
      @UtcTime @Nullable String end,
      long rows,
      long clusters,
      long trainRows,
      Map<String, Long> leftOut) {

    /** Whether looking at it is free; empty for a backtest's window. */
    public Optional<WindowId.Kind> windowKind() {
      return WindowId.Kind.of(kind);
    }
  }

  /**
   * What the gate saw.
   *
   * @param attempt number of the try on this window, 0 when it spent none: only a try on a
   *     protected window does
   * @param alpha the chance of a wrong promotion it was judged at
   * @param power probability of a promotion if the worthwhile gain is real, or of a first model the
   *     gain over the baselines that is to be expected
   * @param checks every rule
   * @param moreClusters how many more clusters would probably decide
   * @param neighbours correlation of neighbouring periods' primary gains, where clusters are
   *     periods
   * @param largestCluster the largest group's share of the window's rows
   * @param shrunkGain the primary gain as it is likely to be seen again: a winner's is flattered
   * @param limits figures of the challenger that have a limit, or are told without one; empty in
   *     records of before they were kept
   */
  public record Gate(
      int attempt,
      @Nullable Double alpha,
      @Nullable Double power,
      List<Check> checks,
      @Nullable Long moreClusters,
      @Nullable Double neighbours,
      @Nullable Double largestCluster,
      @Nullable Double shrunkGain,
      List<Limit> limits) {
    public Gate {
      // An earlier release's record has no such field.
      limits = List.copyOf(Objects.requireNonNullElse(limits, List.of()));
    }
  }

  /** A figure of the challenger with its limit, if it has one; see {@code reforest.gate.Rule}. */
  public record Limit(
      String name,
      @Nullable Double value,
      @Nullable Double limit,
      boolean holds,
      String sentence) {}

  /** One rule of the gate; see {@code reforest.gate.Check}. */
  public record Check(
      String rule,
      String reference,
      String slice,
      String metric,
      @Nullable Double gain,
      @Nullable Double lower,
      @Nullable Double upper,
      @Nullable Double required,
      int groups,
      boolean critical,
      boolean powered,
      String status,
      boolean blocks,
      String sentence) {}

  /**
   * One candidate of the search.
   *
   * @param family which family
   * @param parameters its settings
   * @param scores the metric on each fold
   * @param mean mean of the scores
   * @param error standard error of the mean, taking the folds as independent
   * @param behind by how much it is worse than the best on average
   * @param behindError standard error of that, from the folds' own differences
   * @param seconds wall time of its fits
   * @param visits splits that a row passes on average, over all trees
   * @param bytes size of its bundle, estimated
   * @param excluded why it could not win, if it could not
   */
  public record Candidate(
      String family,
      Map<String, String> parameters,
      List<@Nullable Double> scores,
      @Nullable Double mean,
      @Nullable Double error,
      @Nullable Double behind,
      @Nullable Double behindError,
      @Nullable Double seconds,
      @Nullable Double visits,
      @Nullable Double bytes,
      @Nullable String excluded) {}

  /**
   * How the search went.
   *
   * @param choice why the winner won
   * @param remarks what else a reader should know, a sentence each
   * @param repeatable whether the same rows and settings give the same search again
   */
  public record Search(String choice, List<String> remarks, boolean repeatable) {
    public Search {
      remarks = List.copyOf(remarks);
    }
  }

  /**
   * One figure.
   *
   * @param role whose figure it is: challenger, champion, dummy or rule
   * @param slice name of the slice
   * @param metric name of the metric
   * @param value its value
   * @param lower lower end of its two-sided 95 % interval
   * @param upper upper end
   * @param rows rows of the slice
   * @param groups groups with rows in the slice
   * @param undefined why it is undefined, if it is
   */
  public record Metric(
      String role,
      String slice,
      String metric,
      @Nullable Double value,
      @Nullable Double lower,
      @Nullable Double upper,
      long rows,
      int groups,
      @Nullable String undefined) {}

  /**
   * How often a model took which class for which, over all rows.
   *
   * @param role whose predictions: challenger, champion, dummy or rule
   * @param classes the classes in the order of the counts
   * @param counts rows by true class and then by predicted class
   */
  public record Confusion(String role, List<String> classes, List<List<Long>> counts) {
    public Confusion {
      classes = List.copyOf(classes);
      counts = counts.stream().map(List::copyOf).toList();
    }
  }

  /**
   * One column of the training rows.
   *
   * @param name its name
   * @param missing how many values are missing
   * @param mean mean, of numbers
   * @param deviation standard deviation, of numbers
   * @param quantiles value by quantile, of numbers
   * @param categories rows by category, of the most frequent ones
   * @param distinct how many categories it has, listed or not; 0 where none are listed, null in
   *     records of before it was kept
   */
  public record Column(
      String name,
      long missing,
      @Nullable Double mean,
      @Nullable Double deviation,
      Map<String, Double> quantiles,
      Map<String, Long> categories,
      @Nullable Long distinct) {}

  /**
   * What made it.
   *
   * @param seed seed of the training
   * @param codeRevision revision of the code
   * @param configuration digest of the settings that can change the verdict
   * @param versions library, Java and operating system versions
   */
  public record Provenance(
      long seed, String codeRevision, String configuration, Map<String, String> versions) {}

  /** Why it was judged; empty for a kind that this release does not know. */
  public Optional<RunKind> runKind() {
    return RunKind.of(kind);
  }

  /** What the gate decided; empty where nothing was to be decided. */
  public Optional<Decision> decision() {
    return Decision.of(verdict);
  }

  /** Whether what it says became true: no promotion, or one that the promotion log holds. */
  public boolean happened(List<Promotion> promotions) {
    Long number = promotion;
    return number == null
        || promotions.stream()
            .anyMatch(
                p ->
                    p.sequence() == number && p.run().equals(run) && p.bundle().equals(challenger));
  }

  /** This record as JSON. */
  public byte[] toJson() {
    try {
      return JSON.writeValueAsBytes(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Reads what {@link #toJson} wrote, also by earlier releases.
   *
   * @throws ReforestException when it is no record, or a later release wrote it
   */
  public static RunRecord parse(byte[] json, String where) {
    RunRecord parsed;
    try {
      parsed = JSON.readValue(json, RunRecord.class);
    } catch (IOException e) {
      throw new ReforestException(
          Kind.DATA,
          where + " is no run's record: " + e.getClass().getSimpleName(),
          "it was altered after it was written; restore it from a backup or leave it out",
          e);
    }
    if (parsed == null || parsed.schema() > SCHEMA) {
      throw new ReforestException(
          Kind.DATA,
          where + " has a layout that this release does not know",
          "use the release that wrote it, or a later one");
    }
    return parsed;
  }

  /** Null for NaN and infinities, which JSON has no words for. */
  public static @Nullable Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }
}
