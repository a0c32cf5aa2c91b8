package reforest.gate;

import java.util.Locale;
import reforest.config.Metric;
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
}
