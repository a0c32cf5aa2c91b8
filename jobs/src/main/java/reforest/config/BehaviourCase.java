package reforest.config;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Something that a model must do, whatever its figures are. */
public sealed interface BehaviourCase {

  /** Its name, and how it counts. */
  Head head();

  /** The rows that it starts from: values as text by column; an absent one is missing. */
  List<Map<String, String>> rows();

  /** How many predictions it takes. */
  long predictions();

  /** What one of three functions makes of it, by what it is. */
  <T> T match(
      Function<Within, T> within,
      Function<Invariance, T> invariance,
      Function<Direction, T> direction);

  /** Why somebody asks. */
  enum Kind {
    /** A row whose prediction is known. */
    MUST_HOLD,
    /** A row that models find hard. */
    HARD_CASE,
    /** A row on which a model once did harm. */
    INCIDENT,
    /** Changing some inputs changes nothing. */
    INVARIANCE,
    /** More of an input never raises, or never lowers, the prediction. */
    DIRECTION;

    /** The name in configurations and records: {@code must-hold}. */
    public String key() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * What every case has.
   *
   * @param name unique in the suite
   * @param kind why somebody asks
   * @param level 1 for the gravest
   * @param reference where to read more, such as a ticket
   */
  record Head(String name, Kind kind, int level, Optional<String> reference) {}

  /**
   * The prediction of each row lies in a range, or decides for a class.
   *
   * @param of the class whose probability is meant; empty for a number, and for the positive one of
   *     two
   * @param least smallest allowed number or probability
   * @param most largest allowed number or probability
   * @param decided the class that must be decided for
   */
  record Within(
      Head head,
      List<Map<String, String>> rows,
      Optional<String> of,
      Optional<Double> least,
      Optional<Double> most,
      Optional<String> decided)
      implements BehaviourCase {
    public Within {
      rows = copies(rows);
    }

    @Override
    public long predictions() {
      return rows.size();
    }

    @Override
    public <T> T match(
        Function<Within, T> within,
        Function<Invariance, T> invariance,
        Function<Direction, T> direction) {
      return within.apply(this);
    }
  }

  /**
   * Changing some inputs of a row changes its prediction by no more than a tolerance.
   *
   * @param of the class whose probability is meant; empty for a number, for the positive one of
   *     two, and for all of several
   * @param changes for each input the values that it is set to; an empty one is missing. All their
   *     combinations are tried
   * @param tolerance in the unit of the label, or of a probability
   */
  record Invariance(
      Head head,
      List<Map<String, String>> rows,
      Optional<String> of,
      Map<String, List<Optional<String>>> changes,
      double tolerance)
      implements BehaviourCase {
    public Invariance {
      rows = copies(rows);
      changes = Map.copyOf(changes);
    }

    /** How many combinations there are. */
    public long combinations() {
      double product = 1;
      for (List<Optional<String>> values : changes.values()) {
        product *= values.size();
      }
      return (long) Math.min(product, 1e12);
    }

    @Override
    public long predictions() {
      return rows.size() * (1 + combinations());
    }

    @Override
    public <T> T match(
        Function<Within, T> within,
        Function<Invariance, T> invariance,
        Function<Direction, T> direction) {
      return invariance.apply(this);
    }
  }

  /** What a prediction never does as an input goes through its values. */
  enum Never {
    /** It never goes up. */
    RISES,
    /** It never goes down. */
    FALLS;

    /** The name in configurations: {@code rises}. */
    public String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * As an input goes through its values, the prediction of a row never rises, or never falls, by
   * more than a tolerance from any earlier value to any later one.
   *
   * @param of the class whose probability is meant; empty for a number, and for the positive one of
   *     two
   * @param input which input
   * @param values its values as text, in order
   * @param never what does not happen
   * @param tolerance in the unit of the label, or of a probability
   */
  record Direction(
      Head head,
      List<Map<String, String>> rows,
      Optional<String> of,
      String input,
      List<String> values,
      Never never,
      double tolerance)
      implements BehaviourCase {
    public Direction {
      rows = copies(rows);
      values = List.copyOf(values);
    }

    @Override
    public long predictions() {
      return (long) rows.size() * values.size();
    }

    @Override
    public <T> T match(
        Function<Within, T> within,
        Function<Invariance, T> invariance,
        Function<Direction, T> direction) {
      return direction.apply(this);
    }
  }

  private static List<Map<String, String>> copies(List<Map<String, String>> rows) {
    return rows.stream().map(Map::copyOf).toList();
  }
}
