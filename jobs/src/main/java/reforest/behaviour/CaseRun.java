package reforest.behaviour;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeMap;
import reforest.behaviour.CaseResult.Failure;
import reforest.bundle.Manifest;
import reforest.bundle.ReforestException;
import reforest.bundle.Scorer;
import reforest.config.BehaviourCase;
import reforest.config.BehaviourCase.Direction;
import reforest.config.BehaviourCase.Invariance;
import reforest.config.BehaviourCase.Never;
import reforest.config.BehaviourCase.Within;

/** Asks a model the rows of one case, and keeps what was not as expected. */
final class CaseRun {

  private static final String PERSONAL = "(personal)";
  private static final MathContext DIGITS = new MathContext(6);

  /** By how much it is worse than allowed; what is no number is the worst. */
  private record Found(double excess, Failure failure) {}

  private final Scorer scorer;
  private final Manifest manifest;
  private final Set<String> personal;
  private final BehaviourCase asked;
  private final double[] out;
  private final List<Found> worst = new ArrayList<>();
  private long failures;

  CaseRun(Scorer scorer, Set<String> personal, BehaviourCase asked) {
    this.scorer = scorer;
    this.manifest = scorer.manifest();
    this.personal = personal;
    this.asked = asked;
    this.out = new double[scorer.outputs()];
  }

  long failures() {
    return failures;
  }

  List<Failure> worst() {
    return worst.stream().map(Found::failure).toList();
  }

  private interface Question {
    void ask(Map<String, String> row);
  }

  /** What cannot be answered has failed. */
  private void each(Optional<String> of, Question question) {
    for (Map<String, String> row : asked.rows()) {
      Optional<String> unknown = of.filter(name -> !manifest.classes().contains(name));
      if (unknown.isPresent()) {
        fail(
            row,
            row,
            "",
            "a probability of class " + unknown.get(),
            "no such class: the model has " + classes(),
            Double.NaN);
        continue;
      }
      try {
        question.ask(row);
      } catch (ReforestException e) {
        // The message may hold the value that cannot be read.
        String why = readsPersonal() ? "the row cannot be read" : e.getMessage();
        fail(row, row, "", "a prediction", "none: " + why, Double.NaN);
      }
    }
  }

  private String classes() {
    return manifest.classes().isEmpty() ? "none" : String.join(", ", manifest.classes());
  }

  CaseRun within(Within asked) {
    int place = place(asked.of());
    each(
        asked.of(),
        row -> {
          predict(row);
          double value = out[place];
          double least = asked.least().orElse(Double.NEGATIVE_INFINITY);
          double most = asked.most().orElse(Double.POSITIVE_INFINITY);
          boolean ranged = asked.least().isPresent() || asked.most().isPresent();
          Optional<String> decided = decided();
          if ((ranged && !(value >= least && value <= most))
              || !asked
                  .decided()
                  .equals(asked.decided().isPresent() ? decided : Optional.empty())) {
            fail(
                row,
                row,
                "",
                expected(asked, place),
                decided.map(name -> "class " + name + ", ").orElse("") + figure(value, place),
                Math.max(0, Math.max(least - value, value - most)));
          }
        });
    return this;
  }

  private String expected(Within asked, int place) {
    List<String> parts = new ArrayList<>();
    asked.decided().ifPresent(name -> parts.add("class " + name));
    if (asked.least().isPresent() || asked.most().isPresent()) {
      String range =
          asked.least().isEmpty()
              ? "at most " + text(asked.most().orElseThrow())
              : asked.most().isEmpty()
                  ? "at least " + text(asked.least().get())
                  : "from " + text(asked.least().get()) + " to " + text(asked.most().get());
      parts.add(of(place) + range);
    }
    return String.join(" and ", parts);
  }

  CaseRun invariance(Invariance asked) {
    List<Map.Entry<String, List<Optional<String>>>> changes =
        List.copyOf(new TreeMap<>(asked.changes()).entrySet());
    boolean all = asked.of().isEmpty() && manifest.classes().size() > 2;
    int place = place(asked.of());
    each(
        asked.of(),
        row -> {
          predict(row);
          double[] before = out.clone();
          for (long number = 0; number < asked.combinations(); number++) {
            Map<String, String> changed = new HashMap<>(row);
            long left = number;
            for (Map.Entry<String, List<Optional<String>>> change : changes) {
              int size = change.getValue().size();
              set(changed, change.getKey(), change.getValue().get((int) (left % size)));
              left /= size;
            }
            predict(changed);
            int most = all ? mostMoved(before) : place;
            double moved = Math.abs(out[most] - before[most]);
            if (!(moved <= asked.tolerance())) {
              StringJoiner words = new StringJoiner(", ");
              asked.changes().keySet().stream()
                  .sorted()
                  .forEach(column -> words.add(column + " = " + valueOf(changed, column)));
              fail(
                  row,
                  changed,
                  words.toString(),
                  figure(before[most], most) + give(asked.tolerance()),
                  figure(out[most], most) + ", " + text(moved) + " off",
                  moved - asked.tolerance());
            }
          }
        });
    return this;
  }

  private String valueOf(Map<String, String> row, String column) {
    String value = row.get(column);
    return value == null ? "(missing)" : shown(column, value);
  }

  private int mostMoved(double[] before) {
    int most = 0;
    for (int c = 1; c < out.length; c++) {
      if (!(Math.abs(out[c] - before[c]) <= Math.abs(out[most] - before[most]))) {
        most = c;
      }
    }
    return most;
  }

  CaseRun direction(Direction asked) {
    int place = place(asked.of());
    double sign = asked.never() == Never.RISES ? 1 : -1;
    each(
        asked.of(),
        row -> {
          double extreme = Double.NaN;
          String at = "";
          double worstStep = 0;
          Map<String, String> worstRow = row;
          String words = "";
          String expected = "";
          String got = "";
          for (String value : asked.values()) {
            Map<String, String> changed = new HashMap<>(row);
            set(changed, asked.input(), Optional.of(value));
            predict(changed);
            double now = out[place];
            double step = sign * (now - extreme);
            if (!at.isEmpty() && !(step <= asked.tolerance()) && !(step <= worstStep)) {
              worstStep = step;
              worstRow = changed;
              words = asked.input() + " = " + shown(asked.input(), value);
              expected =
                  "%s%s %s, since %s = %s gives %s"
                      .formatted(
                          of(place),
                          sign > 0 ? "at most" : "at least",
                          text(extreme + sign * asked.tolerance()),
                          asked.input(),
                          shown(asked.input(), at),
                          text(extreme));
              got = figure(now, place) + ", " + text(step) + (sign > 0 ? " more" : " less");
            }
            if (!(sign * (now - extreme) >= 0)) {
              extreme = now;
              at = value;
            }
          }
          if (!words.isEmpty()) {
            fail(row, worstRow, words, expected, got, worstStep - asked.tolerance());
          }
        });
    return this;
  }

  /** A probability's class: the second of two, or that which is named. */
  private int place(Optional<String> of) {
    return of.map(name -> Math.max(0, manifest.classes().indexOf(name)))
        .orElse(manifest.classes().size() == 2 ? 1 : 0);
  }

  private void predict(Map<String, String> row) {
    scorer.predict(scorer.encode(row), out);
  }

  private Optional<String> decided() {
    return manifest.task().isClassification()
        ? Optional.of(
            manifest.classes().get(Scorer.decide(out, scorer.threshold().orElse(Double.NaN))))
        : Optional.empty();
  }

  private static void set(Map<String, String> row, String column, Optional<String> value) {
    value.ifPresentOrElse(text -> row.put(column, text), () -> row.remove(column));
  }

  private void fail(
      Map<String, String> row,
      Map<String, String> changed,
      String change,
      String expected,
      String got,
      double excess) {
    failures++;
    // The rows stand in the suite's order, and the first of equals stays.
    double size = Double.isNaN(excess) ? Double.POSITIVE_INFINITY : excess;
    if (worst.size() == CaseResult.MOST_SHOWN && !(size > worst.get(worst.size() - 1).excess())) {
      return;
    }
    worst.add(
        new Found(
            size,
            new Failure(
                shown(row),
                change.isEmpty() ? Optional.empty() : Optional.of(change),
                expected,
                got,
                outside(changed))));
    worst.sort(Comparator.comparingDouble(Found::excess).reversed());
    if (worst.size() > CaseResult.MOST_SHOWN) {
      worst.remove(worst.size() - 1);
    }
  }

  private boolean readsPersonal() {
    return manifest.inputs().stream()
        .anyMatch(it -> it.columns().stream().anyMatch(personal::contains));
  }

  private List<String> outside(Map<String, String> row) {
    try {
      return readsPersonal() ? List.of() : scorer.outside(row);
    } catch (ReforestException e) {
      return List.of();
    }
  }

  /** Inputs first, in the bundle's order. */
  private Map<String, String> shown(Map<String, String> row) {
    Map<String, String> ordered = new LinkedHashMap<>();
    for (Manifest.Input input : manifest.inputs()) {
      String value = row.get(input.reads());
      if (value != null) {
        ordered.put(input.reads(), shown(input.reads(), value));
      }
    }
    new TreeMap<>(row)
        .forEach((column, value) -> ordered.putIfAbsent(column, shown(column, value)));
    return ordered;
  }

  private String shown(String column, String value) {
    return personal.contains(column) ? PERSONAL : value;
  }

  private static String give(double tolerance) {
    return tolerance > 0 ? ", give or take " + text(tolerance) : "";
  }

  private String of(int place) {
    return manifest.task().isClassification()
        ? "probability of " + manifest.classes().get(place) + " "
        : "";
  }

  private String figure(double value, int place) {
    return of(place) + text(value);
  }

  private static String text(double value) {
    if (!Double.isFinite(value)) {
      return String.valueOf(value);
    }
    BigDecimal rounded = new BigDecimal(value).round(DIGITS);
    return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
  }
}
