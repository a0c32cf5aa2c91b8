package reforest.gate;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Counts how often challengers were scored on the same rows, so that trying again and again cannot
 * promote by luck. An entry is written before any result is shown.
 */
public interface Ledger {

  /**
   * Registers a try before it is scored and returns its number on its window, from 1: one more than
   * the earlier tries on windows that share rows with this one.
   *
   * <p>The same challenger against the same champion on the same rows, judged by the same settings,
   * has one number, however often it is registered, unless {@link Entry#forced()}. Another margin,
   * another metric or other rows are another try: each is a new chance of a lucky promotion.
   */
  int register(Entry entry);

  /** Records a scoring that cannot promote, such as a backtest; it spends nothing. */
  void note(Entry entry);

  /** All entries, oldest first. */
  List<Entry> all();

  /**
   * One scoring of a challenger on a window.
   *
   * @param window the rows
   * @param challenger digest of the challenger's bundle
   * @param champion digest of the champion's bundle, if there is one
   * @param configuration digest of the settings that can change the verdict; empty in entries of
   *     before it was kept, which no later try repeats
   * @param data digest of the pinned rows; empty as for {@code configuration}
   * @param forced whether this is a new attempt although the same was tried before
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
      boolean forced,
      String run,
      Instant at,
      String writeId) {}

  /**
   * Test rows: those of a span of event time, or those that a hash divides off.
   *
   * @param start first event time; empty for a hash
   * @param end first event time that is not in it; empty for a hash
   * @param split how the hash divides, in words; empty for a span of time
   */
  record Window(Optional<Instant> start, Optional<Instant> end, Optional<String> split) {
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
      return new Window(Optional.of(start), Optional.of(end), Optional.empty());
    }

    /** The rows that a hash divides off, in words. */
    public static Window of(String split) {
      return new Window(Optional.empty(), Optional.empty(), Optional.of(split));
    }

    /**
     * Whether they can share rows: spans of time when they overlap, and hash splits always, since
     * another salt or share divides off many of the same rows.
     */
    public boolean overlaps(Window other) {
      if (split.isPresent() || other.split.isPresent()) {
        return true;
      }
      return start.orElseThrow().isBefore(other.end.orElseThrow())
          && other.start.orElseThrow().isBefore(end.orElseThrow());
    }
  }
}
