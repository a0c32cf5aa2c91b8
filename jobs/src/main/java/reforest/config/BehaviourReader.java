package reforest.config;

import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import reforest.bundle.Task;
import reforest.config.BehaviourCase.Head;
import reforest.config.BehaviourCase.Kind;
import reforest.config.BehaviourCase.Never;

/** Reads {@code behaviour} and the file of {@code behaviour-file}: what a model must do. */
final class BehaviourReader {

  /** A grid of more points than this tells no more. */
  private static final int MOST_STEPS = 10_000;

  private static final MathContext DIGITS = new MathContext(12);

  private final BehaviourInputs inputs;
  private final Optional<Task> task;
  private final DataConfig data;
  private final int usualLevel;
  private final Set<String> names = new HashSet<>();
  private final List<BehaviourCase> cases = new ArrayList<>();

  private BehaviourReader(
      BehaviourInputs inputs, Optional<Task> task, DataConfig data, int usualLevel) {
    this.inputs = inputs;
    this.task = task;
    this.data = data;
    this.usualLevel = usualLevel;
  }

  /**
   * @param files those of the configuration, beside which the suite's file may lie
   */
  static BehaviourConfig read(
      Section root,
      DataConfig data,
      FeatureConfig features,
      Optional<Task> task,
      List<Path> files) {
    int usual = root.count("behaviour-level", 1, BehaviourConfig.MOST_LEVEL);
    int blocking = root.section("gate").count("behaviour-level", 1, BehaviourConfig.MOST_LEVEL);
    BehaviourReader reader =
        new BehaviourReader(new BehaviourInputs(data, features), task, data, usual);
    root.sections("behaviour").forEach(reader::read);
    root.text("behaviour-file")
        .ifPresent(
            file -> {
              List<Section> sections = new BehaviourFile(root, files).sections(file);
              sections.forEach(reader::read);
              sections.forEach(section -> section.refuseUnknownKeys(List.of()));
            });
    BehaviourConfig suite = new BehaviourConfig(reader.cases, blocking);
    if (suite.predictions() > BehaviourConfig.MOST_PREDICTIONS) {
      root.problem(
          "behaviour",
          "takes %d predictions, and at most %d are made; list fewer values or rows"
              .formatted(suite.predictions(), BehaviourConfig.MOST_PREDICTIONS));
    }
    return suite;
  }

  private void read(Section section) {
    String name = section.text("name", "what the case is called in verdicts and reports");
    if (!name.isEmpty() && !names.add(name)) {
      section.problem("name", "declares '" + name + "' twice");
    }
    Optional<Kind> kind = section.choice("kind", List.of(Kind.values()), Kind::key);
    if (kind.isEmpty() && !section.has("kind")) {
      section.missing("kind", Values.either(Arrays.stream(Kind.values()).map(Kind::key).toList()));
    }
    Optional<String> reference = section.text("reference");
    int level =
        section.has("level") ? section.count("level", 1, BehaviourConfig.MOST_LEVEL) : usualLevel;
    if (kind.filter(it -> it == Kind.INCIDENT).isPresent() && !section.has("reference")) {
      section.missing("reference", "where the incident is described, such as a ticket");
    }
    List<Map<String, String>> rows = rows(section);
    Optional<String> of = of(section);
    if (kind.isEmpty()) {
      ignored(section);
      return;
    }
    Head head = new Head(name, kind.get(), level, reference);
    cases.add(
        switch (kind.get()) {
          case MUST_HOLD, HARD_CASE, INCIDENT -> within(section, head, rows, of);
          case INVARIANCE -> invariance(section, head, rows, of);
          case DIRECTION -> direction(section, head, rows, of);
        });
  }

  /** What an unknown kind would read, so that its keys are not called unknown, too. */
  private static void ignored(Section section) {
    for (String key :
        List.of(
            "at-least",
            "at-most",
            "class",
            "tolerance",
            "input",
            "values",
            "from",
            "to",
            "steps",
            "never",
            "change")) {
      section.has(key);
    }
  }

  private List<Map<String, String>> rows(Section section) {
    List<Section> written = new ArrayList<>(section.sections("rows"));
    if (section.has("row")) {
      written.add(0, section.section("row"));
    }
    if (written.isEmpty() && !section.has("rows")) {
      section.missing("row", "the inputs that the model is asked about, { column = value ... }");
    } else if (section.isEmptyList("rows") && !section.has("row")) {
      section.problem("rows", "must hold a row { column = value ... }");
    }
    List<Map<String, String>> rows = new ArrayList<>();
    for (Section row : written) {
      Map<String, String> values = row.free();
      values.forEach((column, value) -> inputs.check(row, column, value));
      rows.add(values);
    }
    return rows;
  }

  private Optional<String> of(Section section) {
    Optional<String> of = section.text("of");
    of.ifPresent(name -> checkClass(section, "of", name));
    return of;
  }

  private void checkClass(Section section, String key, String name) {
    if (task.filter(it -> !it.isClassification()).isPresent()) {
      section.problem(key, "is for classes, but task is regression");
      return;
    }
    List<String> known = data.column(data.label()).map(DataConfig.Column::values).orElse(List.of());
    if (!known.isEmpty() && !known.contains(name)) {
      section.problem(
          key,
          "names the class '%s', and %s has %s"
              .formatted(name, data.label(), String.join(", ", known)));
    }
  }

  /** Of several classes a number is the probability of one, which must be named. */
  private void requireOf(Section section, Optional<String> of, String key) {
    if (of.isEmpty() && task.filter(it -> it == Task.MULTICLASS).isPresent()) {
      section.problem(key, "needs 'of', the class whose probability is meant");
    }
  }

  private BehaviourCase within(
      Section section, Head head, List<Map<String, String>> rows, Optional<String> of) {
    boolean classes = task.filter(Task::isClassification).isPresent();
    Range range = classes ? Range.of(0, 1) : Range.ANY;
    Optional<Double> least = section.number("at-least", range);
    Optional<Double> most = section.number("at-most", range);
    Optional<String> decided = section.text("class");
    decided.ifPresent(name -> checkClass(section, "class", name));
    if (!section.has("at-least") && !section.has("at-most") && !section.has("class")) {
      section.problem(
          "kind", "needs at-least, at-most or class, what is expected of the prediction");
    }
    if (least.isPresent() && most.isPresent() && least.get() > most.get()) {
      section.problem(
          "at-most",
          "must not be below at-least, since nothing lies in between, got %s and %s"
              .formatted(most.get(), least.get()));
    }
    if (least.isPresent() || most.isPresent()) {
      requireOf(section, of, least.isPresent() ? "at-least" : "at-most");
    }
    return new BehaviourCase.Within(head, rows, of, least, most, decided);
  }

  private BehaviourCase invariance(
      Section section, Head head, List<Map<String, String>> rows, Optional<String> of) {
    Map<String, List<Optional<String>>> changes = new TreeMap<>();
    if (!section.has("change")) {
      section.missing("change", "the inputs that must not matter, { column = [values] }");
    } else {
      Section change = section.section("change");
      changes.putAll(change.choices());
      changes.forEach(
          (column, values) -> {
            inputs.requireRead(change, column);
            values.forEach(value -> value.ifPresent(text -> inputs.check(change, column, text)));
            if (values.isEmpty()) {
              change.problem(column, "must hold a value to change to");
            }
          });
      if (changes.isEmpty()) {
        section.problem("change", "must name an input, { column = [values] }");
      }
    }
    return new BehaviourCase.Invariance(head, rows, of, changes, tolerance(section));
  }

  private BehaviourCase direction(
      Section section, Head head, List<Map<String, String>> rows, Optional<String> of) {
    String input = section.text("input", "the input that goes through its values");
    if (!input.isEmpty()) {
      inputs.requireRead(section, "input", input);
    }
    List<String> values = section.texts("values");
    boolean grid = section.has("from") || section.has("to") || section.has("steps");
    if (grid) {
      if (section.has("values")) {
        section.problem(
            "values", "and from, to and steps both say which values; write one of them");
      }
      values = grid(section);
    } else if (!section.has("values")) {
      section.missing("values", "the input's values in order; or from, to and steps");
    }
    if (!input.isEmpty()) {
      for (String value : values) {
        inputs.check(section, grid ? "from" : "values", input, value);
      }
    }
    if (section.has("values") && values.size() < 2) {
      section.problem("values", "must hold two or more, between which the prediction can move");
    }
    Optional<Never> never = section.choice("never", List.of(Never.values()), Never::key);
    if (!section.has("never")) {
      section.missing("never", "what the prediction does not do: rises or falls");
    }
    requireOf(section, of, "kind");
    return new BehaviourCase.Direction(
        head, rows, of, input, values, never.orElse(Never.RISES), tolerance(section));
  }

  private static List<String> grid(Section section) {
    double from = section.number("from", Range.ANY, "the first of the input's values");
    double to = section.number("to", Range.ANY, "the last of the input's values");
    int steps = section.count("steps", 2, MOST_STEPS);
    if (Double.isNaN(from) || Double.isNaN(to)) {
      return List.of();
    }
    if (!(to > from)) {
      section.problem("to", "must be above from, got " + to + " and " + from);
      return List.of();
    }
    List<String> values = new ArrayList<>();
    for (int i = 0; i < steps; i++) {
      double value = i == steps - 1 ? to : from + (to - from) * i / (steps - 1);
      BigDecimal rounded = new BigDecimal(value).round(DIGITS);
      values.add(rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString());
    }
    return values;
  }

  private static double tolerance(Section section) {
    return section.number("tolerance", Range.atLeast(0)).orElse(0.0);
  }
}
