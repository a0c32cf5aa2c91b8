package reforest.gate;

import java.util.Locale;
import java.util.Optional;
import reforest.config.GateLimits;
import reforest.config.Metric;
import reforest.evaluate.FairnessFigure;
import reforest.evaluate.NamedSlice;
import reforest.evaluate.Role;
import reforest.statistics.Estimate;

/** Something that must hold before a challenger replaces the champion. */
public sealed interface Rule {

  /**
   * A gain on the same rows must exceed what is required, with its uncertainty counted in. Those of
   * one comparison are judged together, and the power is simulated of them.
   */
  sealed interface Gain extends Rule {

    /** What kind of gain. */
    Kind kind();

    /** Whom the challenger is compared with. */
    Role reference();

    /** On which rows. */
    NamedSlice slice();

    /** In which metric. */
    Metric metric();

    /** How much better the challenger is, positive when better. */
    Estimate gain();

    /** What the gain must exceed. */
    double required();

    /** The gain that the power is computed for. */
    double worthwhile();

    /** Whether it is about a part of the rows, which may be too few to judge. */
    default boolean isSlice() {
      return kind() == Kind.SLICE;
    }
  }

  /** The kinds of gains. */
  enum Kind {
    /** The primary metric gains what is required. */
    PRIMARY,
    /** The primary metric is better than the declared rule's, or without one than the dummy's. */
    BASELINE,
    /** Another metric does not get worse over all rows by more than its margin. */
    GUARDRAIL,
    /** The primary metric does not get worse on a slice by more than the margin. */
    SLICE;

    /** The name in results: {@code primary}. */
    public String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The primary metric gains what is required, over all rows. */
  record Primary(
      Role reference,
      NamedSlice slice,
      Metric metric,
      Estimate gain,
      double required,
      double worthwhile)
      implements Gain {
    @Override
    public Kind kind() {
      return Kind.PRIMARY;
    }
  }

  /**
   * What would ship is better than the declared rule, or without one than the dummy.
   *
   * @param worthwhile the gain that is seen where the worthwhile gain over the champion is real
   */
  record Baseline(Role reference, NamedSlice slice, Metric metric, Estimate gain, double worthwhile)
      implements Gain {
    @Override
    public Kind kind() {
      return Kind.BASELINE;
    }

    @Override
    public double required() {
      return 0;
    }
  }

  /** A metric does not get worse over all rows by more than a margin. */
  record Guardrail(
      Role reference,
      NamedSlice slice,
      Metric metric,
      Estimate gain,
      double required,
      double worthwhile)
      implements Gain {
    @Override
    public Kind kind() {
      return Kind.GUARDRAIL;
    }
  }

  /**
   * The primary metric does not get worse on a slice by more than a margin.
   *
   * @param groups how many groups of rows it has: of fewer than two nothing can be told
   */
  record OnSlice(
      Role reference,
      NamedSlice slice,
      Metric metric,
      Estimate gain,
      double required,
      double worthwhile,
      int groups)
      implements Gain {
    @Override
    public Kind kind() {
      return Kind.SLICE;
    }
  }

  /**
   * Something that holds or does not, without uncertainty; if not, the champion stays.
   *
   * @param holds whether it does
   * @param otherwise what is the matter where it does not, in words with the values
   */
  record Condition(boolean holds, String otherwise) implements Rule {}

  /** A figure of the challenger itself that has a limit, or is told without one. */
  sealed interface Limit extends Rule {

    /** What has the limit: {@code floor r2}, {@code churn} or {@code size}. */
    String name();

    /** What was seen; NaN when it is unknown. */
    double value();

    /** The limit, in the same unit; empty where it is only told. */
    Optional<Double> limit();

    /** Whether it is held; what is unknown is not. */
    boolean holds();

    /** What was seen, in words with the values. */
    String sentence();
  }

  /**
   * A metric of the challenger over all rows that must be shown to reach something, with its
   * uncertainty counted in: its one-sided 95 % bound does.
   *
   * @param floor what it must reach
   * @param own the challenger's own figure
   */
  record Floor(GateLimits.Floor floor, Estimate own) implements Limit {
    @Override
    public String name() {
      return "floor " + floor.metric().key();
    }

    @Override
    public double value() {
      return own.value();
    }

    @Override
    public Optional<Double> limit() {
      return Optional.of(floor.limit());
    }

    private double bound() {
      double width = own.upper(DecisionRules.BOUND) - own.value();
      Metric.Interval interval = floor.metric().interval(own.value(), width);
      return floor.isLeast() ? interval.lower() : interval.upper();
    }

    @Override
    public boolean holds() {
      return floor.isLeast() ? bound() >= floor.limit() : bound() <= floor.limit();
    }

    @Override
    public String sentence() {
      String of = "the challenger's " + floor.metric().key();
      return own.undefined()
          .map(why -> of + " must be shown to be " + floor.words() + " and is not known: " + why)
          .orElseGet(
              () ->
                  "%s of %s is %s to be %s: its %s 95 %% bound is %s"
                      .formatted(
                          of,
                          Check.text(own.value()),
                          holds() ? "shown" : "not shown",
                          floor.words(),
                          floor.isLeast() ? "lower" : "upper",
                          Check.text(bound())));
    }
  }

  /**
   * The largest gap between groups must be shown to lie below something, with its uncertainty
   * counted in: its one-sided 95 % upper bound does.
   *
   * @param figure the gap of the challenger, which has a limit
   */
  record Gap(FairnessFigure figure) implements Limit {
    @Override
    public String name() {
      return name(figure.measure(), figure.column());
    }

    /** What the limit of a gap is called. */
    public static String name(String measure, String column) {
      return "fairness " + measure + " by " + column;
    }

    @Override
    public double value() {
      return figure.own().value();
    }

    @Override
    public Optional<Double> limit() {
      return figure.limit();
    }

    private double bound() {
      return figure.own().upper(DecisionRules.BOUND);
    }

    @Override
    public boolean holds() {
      return bound() < figure.limit().orElse(Double.NaN);
    }

    @Override
    public String sentence() {
      String gap =
          "the largest gap between groups of %s in %s".formatted(figure.column(), figure.measure());
      String most = figure.limit().map(Check::text).orElse("");
      return figure
          .own()
          .undefined()
          .map(why -> gap + " must be shown to be below " + most + " and is not known: " + why)
          .orElseGet(
              () ->
                  "%s of %s is %s to be below %s: its upper 95 %% bound is %s"
                      .formatted(
                          gap,
                          Check.text(value()),
                          holds() ? "shown" : "not shown",
                          most,
                          Check.text(bound())));
    }
  }

  /**
   * A count or a size that may not exceed something.
   *
   * @param name what it is
   * @param value what was seen; NaN when it is unknown
   * @param limit the most that is allowed, if anything is said
   * @param sentence what was seen, in words with the values
   */
  record Ceiling(String name, double value, Optional<Double> limit, String sentence)
      implements Limit {
    @Override
    public boolean holds() {
      return limit.isEmpty() || value <= limit.get();
    }
  }
}
