package reforest.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import reforest.bundle.Task;
import reforest.config.Metric;
import reforest.evaluate.NamedSlice;
import reforest.evaluate.Role;
import reforest.gate.Decision;
import reforest.gate.Rule;
import reforest.gate.WindowPlan;
import reforest.page.NumberText;
import reforest.registry.RunRecord;
import reforest.registry.RunRecord.Check;

/** A run's record, and what the page's parts ask of it. */
final class RunView {
  /** A date starts like a number, and must not be cut down to one. */
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final RunRecord run;
  private final Map<List<String>, RunRecord.Metric> figures = new HashMap<>();
  private final Map<String, String> columnUnits = new HashMap<>();

  RunView(RunRecord run) {
    this.run = run;
    for (RunRecord.Metric m : run.metrics()) {
      figures.putIfAbsent(List.of(m.role(), m.slice(), m.metric()), withinRange(m));
    }
    run.configuration()
        .forEach(
            (key, value) -> {
              if (key.startsWith("data.columns[")) {
                JsonNode column = json(value);
                if (column.hasNonNull("unit")) {
                  columnUnits.put(column.path("name").asText(), column.path("unit").asText());
                }
              }
            });
  }

  /** Records of earlier releases hold intervals that reach beyond what a metric can be. */
  private static RunRecord.Metric withinRange(RunRecord.Metric m) {
    Optional<Metric> metric = Metric.of(m.metric());
    Double lower = m.lower();
    Double upper = m.upper();
    if (metric.isEmpty() || lower == null || upper == null) {
      return m;
    }
    return new RunRecord.Metric(
        m.role(),
        m.slice(),
        m.metric(),
        m.value(),
        Math.max(metric.get().least(), lower),
        Math.min(metric.get().greatest(), upper),
        m.rows(),
        m.groups(),
        m.undefined());
  }

  RunRecord run() {
    return run;
  }

  boolean decided(Decision decision) {
    return run.decision().filter(decision::equals).isPresent();
  }

  /** The metric that must gain; empty when nothing was judged and the settings name none. */
  Optional<String> primary() {
    return checks(Rule.Kind.PRIMARY).stream()
        .map(Check::metric)
        .findFirst()
        .or(() -> setting("gate.primary"))
        .or(() -> metrics().stream().findFirst());
  }

  List<Check> checks(Rule.Kind rule) {
    return run.gate().checks().stream().filter(c -> c.rule().equals(rule.key())).toList();
  }

  /** The worst of the rules that judge the primary metric on a slice, or on all rows. */
  Optional<Check> primaryCheck(String slice) {
    Rule.Kind rule = slice.equals(NamedSlice.OVERALL) ? Rule.Kind.PRIMARY : Rule.Kind.SLICE;
    return checks(rule).stream()
        .filter(c -> c.slice().equals(slice))
        .min(Comparator.comparingInt(GateSection::rank));
  }

  Optional<RunRecord.Metric> figure(String role, String slice, String metric) {
    return Optional.ofNullable(figures.get(List.of(role, slice, metric)));
  }

  /** Who was measured: the challenger first, then who it is compared with. */
  List<String> roles() {
    Set<String> roles = new LinkedHashSet<>();
    Arrays.stream(Role.values()).map(Role::key).forEach(roles::add);
    Set<String> seen = new LinkedHashSet<>();
    run.metrics().forEach(m -> seen.add(m.role()));
    roles.retainAll(seen);
    roles.addAll(seen);
    return List.copyOf(roles);
  }

  List<String> metrics() {
    return run.metrics().stream().map(RunRecord.Metric::metric).distinct().toList();
  }

  /** The slices that were measured or judged, without the whole. */
  List<String> slices() {
    Set<String> slices = new LinkedHashSet<>();
    run.metrics().forEach(m -> slices.add(m.slice()));
    checks(Rule.Kind.SLICE).forEach(c -> slices.add(c.slice()));
    slices.remove(NamedSlice.OVERALL);
    return new ArrayList<>(slices);
  }

  /** A setting's text or number, without the quotes of JSON. */
  Optional<String> setting(String key) {
    return Optional.ofNullable(run.configuration().get(key))
        .map(text -> json(text).isValueNode() ? json(text).asText() : text);
  }

  /** Clusters by what they are, where each is a day or a week: {@code 41 days}. */
  String clusters(long count) {
    return NumberText.count(
        count, setting("evaluate.cluster.period").flatMap(this::period).orElse("cluster"));
  }

  private Optional<String> period(String period) {
    Optional<String> columns = setting("evaluate.cluster.columns");
    if (columns.filter(names -> !names.equals("[]")).isPresent()) {
      // Where both are set, clusters are counted in whichever way has fewer.
      return Optional.empty();
    }
    boolean isDefault =
        period.equals("null")
            && setting("data.event-time").filter(time -> !time.equals("null")).isPresent()
            && columns.isPresent();
    return isDefault || period.equals("1d")
        ? Optional.of("day")
        : Optional.of("week").filter(week -> period.equals("7d"));
  }

  /** What the gain of the primary metric tells of a later window; empty when there is none. */
  Optional<WindowPlan> plan() {
    Double alpha = run.gate().alpha();
    Optional<Check> primary = primaryCheck(NamedSlice.OVERALL);
    if (alpha == null || primary.isEmpty()) {
      return Optional.empty();
    }
    Double gain = primary.get().gain();
    Double lower = primary.get().lower();
    return gain == null || lower == null
        ? Optional.empty()
        : Optional.of(
            WindowPlan.of(gain, lower, alpha, primary.get().groups(), run.window().clusters()));
  }

  /** The unit of a column of the data, if it was declared. */
  Optional<String> columnUnit(String column) {
    return Optional.ofNullable(columnUnits.get(column));
  }

  /** The unit of a metric, if it has one that is known. */
  Optional<String> unit(String metric) {
    return Metric.of(metric)
        .map(Metric::unit)
        .flatMap(
            unit ->
                switch (unit) {
                  case LABEL -> setting("data.label").flatMap(this::columnUnit);
                  case NATS -> Optional.of("nats");
                  case BUSINESS ->
                      setting("evaluate.business.unit").filter(it -> !it.equals("null"));
                  case COSTS, SHARE, RATIO, CORRELATION, NONE -> Optional.empty();
                });
  }

  /** The unit of a predicted number; empty for classes, and where none is declared. */
  Optional<String> labelUnit() {
    return isClassification() ? Optional.empty() : unit(Metric.RMSE.key());
  }

  /** Whether classes are predicted. */
  boolean isClassification() {
    return !run.task().equals(Task.REGRESSION.key());
  }

  /** A metric's name as it is printed: {@code RMSE}. */
  static String title(String metric) {
    return Metric.of(metric).map(Metric::title).orElse(metric);
  }

  /** A metric's name with its unit: {@code RMSE (rentals)}. */
  String titleAndUnit(String metric) {
    String title =
        Metric.of(metric)
            .filter(it -> it.unit() == Metric.Unit.BUSINESS)
            .flatMap(it -> setting("evaluate.business.name"))
            .orElse(title(metric));
    return title + unit(metric).map(unit -> " (" + unit + ")").orElse("");
  }

  /** Where a metric is best, in words; empty for one that this release does not know. */
  static String direction(String metric) {
    return Metric.of(metric).map(m -> m.direction().words()).orElse("");
  }

  private static JsonNode json(String text) {
    try {
      return Objects.requireNonNullElse(JSON.readTree(text), JSON.missingNode());
    } catch (JsonProcessingException e) {
      // A text without quotes stands for itself.
      return JSON.missingNode();
    }
  }
}
