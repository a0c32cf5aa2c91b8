package reforest.gate;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Keeps which challengers were scored on which rows, so that trying again and again cannot promote
 * by luck. An entry is written before any result is shown.
 */
public interface Ledger {

  /**
   * Registers a try before it is scored, and returns what it may spend.
   *
   * <p>The same challenger against the same champion on the same rows, judged by the same settings,
   * is one try, however often it is registered, unless {@link Entry#forced()}. Another margin,
   * another metric or other rows are another try: each is a new chance of a lucky promotion. Where
   * two register at once, the one that was written first spends first.
   */
  Allowance register(Entry entry);

  /**
   * What a try could spend; writes nothing. An earlier try of the same run counts as this one,
   * since a run that was cut short goes on.
   */
  Allowance allowance(Entry entry);

  /** Records a scoring that cannot promote; it spends nothing. */
  void note(Entry entry);

  /** All entries, oldest first. */
  List<Entry> all();

  /** What a window was looked at for. */
  enum Kind {
    /** To decide on a promotion. */
    TRY,
    /** While developing: rows of it may no longer decide. */
    DEVELOPMENT,
    /** To measure a bundle that cannot be promoted by it. */
    BACKTEST;

    /** The name in entries: {@code try}. */
    String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * One scoring of a challenger on a window.
   *
   * @param window the rows
   * @param challenger digest of the challenger's bundle
   * @param champion digest of the champion's bundle, if there is one
   * @param configuration digest of the settings that can change the verdict; empty in entries of
   *     before it was kept, which no later try repeats
   * @param data digest of the pinned rows; empty as for {@code configuration}
   * @param kind what the window was looked at for
   * @param budget how much must be fresh; empty in entries of before there were budgets
   * @param forced whether this is a new attempt although the same was tried before
   * @param scheduled whether nobody asked for this very run, so that it may wait for fresh rows
   * @param run key of the run
   * @param at when, UTC
   * @param writeId unique to this write, so that its own entry is recognised after an unclear
   *     answer
   */
  record Entry(
      Window window,
      String challenger,
      Optional<String> champion,
      String configuration,
      String data,
      Kind kind,
      Optional<AlphaSpending.Budget> budget,
      boolean forced,
      boolean scheduled,
      String run,
      Instant at,
      String writeId) {}

  /**
   * Test rows: those of a span of event time, or those that a hash divides off and that came with
   * some data versions.
   *
   * @param start first event time; empty for a hash
   * @param end first event time that is not in it; empty for a hash
   * @param split how the hash divides, in words; empty for a span of time
   * @param after its rows came after this data version; empty when they came with any
   * @param until the data version of its newest rows; empty for a span of time, and where an entry
   *     does not tell
   */
  record Window(
      Optional<Instant> start,
      Optional<Instant> end,
      Optional<String> split,
      OptionalLong after,
      OptionalLong until) {
    public Window {
      boolean span = start.isPresent() && end.isPresent() && split.isEmpty();
      boolean hash = start.isEmpty() && end.isEmpty() && split.isPresent();
      if (!span && !hash) {
        throw new IllegalArgumentException("a window is either a span of time or a hash split");
      }
      if (span && !start.get().isBefore(end.get())) {
        throw new IllegalArgumentException("a window must end after it starts, got " + start);
      }
    }

    /** The rows from {@code start} to just before {@code end}. */
    public static Window of(Instant start, Instant end) {
      return new Window(
          Optional.of(start),
          Optional.of(end),
          Optional.empty(),
          OptionalLong.empty(),
          OptionalLong.empty());
    }

    /** The rows that a hash divides off, in words, of whatever data version. */
    public static Window of(String split) {
      return of(split, OptionalLong.empty(), OptionalLong.empty());
    }

    /** Those of them that came after a data version, up to another. */
    public static Window of(String split, OptionalLong after, OptionalLong until) {
      return new Window(Optional.empty(), Optional.empty(), Optional.of(split), after, until);
    }

    /**
     * Whether they can share rows: spans of time when they overlap, and hash splits unless the same
     * one has divided off rows of other data versions; another salt or share divides off many of
     * the same rows.
     */
    public boolean overlaps(Window other) {
      if (split.isPresent() || other.split.isPresent()) {
        return !split.equals(other.split) || !(isBefore(other) || other.isBefore(this));
      }
      return start.orElseThrow().isBefore(other.end.orElseThrow())
          && other.start.orElseThrow().isBefore(end.orElseThrow());
    }

    private boolean isBefore(Window other) {
      return until.isPresent()
          && other.after.isPresent()
          && until.getAsLong() <= other.after.getAsLong();
    }
  }
}
