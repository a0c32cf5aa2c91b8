package reforest.gate;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import reforest.gate.Ledger.Window;

/**
 * Deals the chance of a wrong promotion out to tries, in their order, so that all tries that touch
 * a row together spend at most the whole of it (a union bound).
 *
 * <p>Nine tenths are for tries on fresh rows: each may spend as large a part as its window's fresh
 * rows are of the longest window, and no more than earlier tries have left on any of its rows. It
 * waits where that is little: a decision at a tiny chance is none. A tenth is for repeats, tries on
 * a window that was judged before, of which the k-th gets 1 / (k (k + 1)).
 */
public final class AlphaSpending {

  /** The part that is for tries on fresh rows. */
  public static final double MAIN = 0.9;

  /** The part that is for repeats. */
  private static final double REPEATS = 0.1;

  private static final double ROUNDING = 1e-9;

  /**
   * How much must be fresh.
   *
   * @param longest length of the longest window, above zero
   * @param least the fresh part that a try needs, at most the longest
   */
  public record Budget(Duration longest, Duration least) {
    public Budget {
      if (longest.isZero() || longest.isNegative() || least.compareTo(longest) > 0) {
        throw new IllegalArgumentException(
            "no budget: longest %s, least %s".formatted(longest, least));
      }
    }

    /**
     * A quarter of the longest window must be fresh, and where clusters are periods so many of
     * them, too; at most the whole.
     *
     * @param longest length of the longest window
     * @param period length of a cluster, where clusters are periods
     * @param periods how many must be fresh
     */
    public static Budget of(Duration longest, Optional<Duration> period, int periods) {
      Duration quarter = longest.dividedBy(4);
      Duration least =
          Stream.of(quarter, period.map(it -> it.multipliedBy(periods)).orElse(quarter))
              .max(Comparator.naturalOrder())
              .orElseThrow();
      return new Budget(longest, least.compareTo(longest) > 0 ? longest : least);
    }

    private double leastShare() {
      return (double) least.toMillis() / longest.toMillis();
    }
  }

  /**
   * A wish to spend.
   *
   * @param window the rows
   * @param budget how much must be fresh; without one all of the main part is spent, as by tries of
   *     before there were budgets
   * @param first whether there is no champion yet: against baselines little is enough, so that such
   *     a try spends no more than the least, and needs no fresh rows
   * @param forced whether it may spend of what is kept for repeats wherever nothing is fresh
   * @param scheduled whether it can wait; others may repeat a try on the very same window
   * @param run which run it belongs to; one may repeat its own tries, as after a lost race
   */
  public record Wish(
      Window window,
      Optional<Budget> budget,
      boolean first,
      boolean forced,
      boolean scheduled,
      String run) {}

  private record Spent(Window window, String run, double main, boolean repeat) {}

  private final List<Spent> spent = new ArrayList<>();

  /** Counts a try that may have spent on any rows, since nothing is known of it but a name. */
  void spendUnknown(String name) {
    spent.add(new Spent(Window.of(name), "", MAIN, false));
  }

  /** What the next try may spend; counts as spent. */
  public Allowance spend(Wish wish) {
    Allowance allowance = allowed(wish);
    if (allowance.share() > 0) {
      double main = main(wish);
      spent.add(new Spent(wish.window(), wish.run(), main, !(main > 0)));
    }
    return allowance;
  }

  /** What a try could spend; spends nothing. */
  public Allowance allowed(Wish wish) {
    int attempt = 1 + (int) sharing(wish.window()).count();
    double main = main(wish);
    if (main > 0) {
      return Allowance.of(attempt, main);
    }
    boolean again =
        sharing(wish.window())
            .filter(it -> it.window().equals(wish.window()))
            .anyMatch(it -> !wish.scheduled() || it.run().equals(wish.run()));
    if (again || wish.forced()) {
      long k = 1 + sharing(wish.window()).filter(Spent::repeat).count();
      return Allowance.of(attempt, REPEATS / ((double) k * (k + 1)));
    }
    return Allowance.none(attempt, why(wish));
  }

  private Stream<Spent> sharing(Window window) {
    return spent.stream().filter(it -> it.window().overlaps(window));
  }

  private double main(Wish wish) {
    double left = MAIN - mostSpent(wish.window());
    if (wish.budget().isEmpty()) {
      return sharing(wish.window()).findAny().isEmpty() ? MAIN : 0;
    }
    Budget budget = wish.budget().get();
    double least = MAIN * budget.leastShare();
    if (wish.first()) {
      double share = Math.min(least, left);
      return share >= least - ROUNDING ? share : 0;
    }
    double fresh = MAIN * Math.min(1, freshShare(wish.window(), budget));
    double share = Math.min(fresh, left);
    return share >= least - ROUNDING ? share : 0;
  }

  /** How large a part of the longest window no earlier try has seen. */
  private double freshShare(Window window, Budget budget) {
    if (window.split().isPresent()) {
      return sharing(window).findAny().isEmpty() ? 1 : 0;
    }
    Instant from = window.start().orElseThrow();
    Instant end = window.end().orElseThrow();
    long fresh = 0;
    List<Spent> byStart =
        sharing(window)
            .filter(it -> it.window().split().isEmpty())
            .sorted(Comparator.comparing(it -> it.window().start().orElseThrow()))
            .toList();
    if (byStart.size() < sharing(window).count()) {
      return 0;
    }
    for (Spent earlier : byStart) {
      Instant start = earlier.window().start().orElseThrow();
      if (start.isAfter(from)) {
        fresh += Duration.between(from, start).toMillis();
      }
      Instant until = earlier.window().end().orElseThrow();
      from = until.isAfter(from) ? until : from;
    }
    fresh += Math.max(0, Duration.between(from, end).toMillis());
    return (double) fresh / budget.longest().toMillis();
  }

  /** The most that earlier tries have spent together on any row of the window. */
  private double mostSpent(Window window) {
    double most = 0;
    for (Spent at : sharing(window).toList()) {
      double here = 0;
      for (Spent other : sharing(window).toList()) {
        // A row where the sum is largest lies at some window's start, or at the start of this one.
        if (meets(other.window(), at.window(), window)) {
          here += other.main();
        }
      }
      most = Math.max(most, here);
    }
    return most;
  }

  /** Whether the later of two starts lies in the other window. */
  private static boolean meets(Window other, Window at, Window window) {
    if (other.split().isPresent() || at.split().isPresent() || window.split().isPresent()) {
      return other.overlaps(at);
    }
    Instant start = at.start().orElseThrow();
    Instant row = start.isBefore(window.start().orElseThrow()) ? window.start().get() : start;
    return !other.start().orElseThrow().isAfter(row) && other.end().orElseThrow().isAfter(row);
  }

  private String why(Wish wish) {
    Window window = wish.window();
    Optional<String> unknown =
        sharing(window)
            .flatMap(it -> it.window().split().stream())
            .filter(it -> window.split().isEmpty())
            .findFirst();
    if (unknown.isPresent()) {
      return "nothing can be spent: %s may have spent on any rows; move it away once no window has"
              .formatted(unknown.get())
          + " rows of its time, or try with --force";
    }
    Optional<Instant> last =
        sharing(window).flatMap(it -> it.window().end().stream()).max(Comparator.naturalOrder());
    if (last.isEmpty() || wish.budget().isEmpty()) {
      return "nothing new to judge yet: its rows were judged before";
    }
    return "nothing new to judge yet: rows before %s have been judged, and a window that ends at %s"
            .formatted(last.get(), next(wish, wish.budget().get()))
        + " or later has enough others";
  }

  /** The first end of a window of the same length that may spend enough. */
  private Instant next(Wish wish, Budget budget) {
    Window window = wish.window();
    Duration length = Duration.between(window.start().orElseThrow(), window.end().orElseThrow());
    Duration step = Duration.ofMillis(Math.max(1, budget.longest().toMillis() / 112));
    Instant end = window.end().get();
    for (int i = 0; i < 1_000; i++) {
      end = end.plus(step);
      Window later = Window.of(end.minus(length), end);
      if (main(new Wish(later, wish.budget(), wish.first(), false, true, "")) > 0) {
        return end;
      }
    }
    return end;
  }
}
