package reforest.report;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reforest.evaluate.Role;
import reforest.page.Html;
import reforest.page.LineChart;
import reforest.page.NumberText;
import reforest.page.XyChart;
import reforest.registry.Curves;
import reforest.registry.Curves.Model;

/** Predicted against observed, residuals, calibration, ROC and precision-recall. */
final class CurvesSection {

  private CurvesSection() {}

  static boolean applies(RunView view) {
    Curves curves = view.run().curves();
    return curves != null
        && models(view).stream().anyMatch(m -> !m.deciles().isEmpty() || !m.roc().isEmpty());
  }

  static void write(Html html, RunView view) {
    List<Model> models = models(view);
    html.in(
        "div",
        () -> {
          predicted(html, view, models);
          models.stream()
              .findFirst()
              .filter(m -> !m.deciles().isEmpty())
              .ifPresent(m -> residuals(html, view, m));
          String positive = models.get(0).positive();
          String what = positive == null ? "" : " of " + positive;
          curves(
              html,
              models,
              new XyChart(
                      "Calibration" + what,
                      "On the dashed line a probability is what happens; below it the model promises too"
                          + " much. Whiskers are 95 % intervals by cluster.",
                      "predicted probability",
                      "observed share")
                  .diagonal(),
              m ->
                  m.reliability().stream()
                      .map(b -> XyChart.Point.of(b.predicted(), b.observed(), b.lower(), b.upper()))
                      .toList());
          curves(
              html,
              models,
              new XyChart(
                      "ROC" + what,
                      "The further up to the left, the better; the dashed line is guessing.",
                      "false positive rate",
                      "true positive rate")
                  .unit()
                  .diagonal(),
              m ->
                  m.roc().stream()
                      .map(p -> XyChart.Point.of(p.falsePositiveRate(), p.truePositiveRate()))
                      .toList());
          curves(
              html,
              models,
              new XyChart(
                      "Precision and recall" + what,
                      "The further up to the right, the better: more is found, and fewer alarms are false.",
                      "recall",
                      "precision")
                  .unit(),
              m ->
                  m.precisionRecall().stream()
                      .map(p -> XyChart.Point.of(p.recall(), p.precision()))
                      .toList());
        },
        "class",
        "charts");
  }

  private static void predicted(Html html, RunView view, List<Model> models) {
    String unit = unit(view);
    curves(
        html,
        models,
        new XyChart(
                "Predicted against observed",
                "Each dot is about a tenth of the rows. Below the dashed line the model predicts too much,"
                    + " above it too little. Whiskers are 95 % intervals by cluster.",
                "mean prediction" + unit,
                "mean observed" + unit)
            .diagonal(),
        m ->
            m.deciles().stream()
                .map(d -> XyChart.Point.of(d.predicted(), d.observed(), d.lower(), d.upper()))
                .toList());
  }

  private static void residuals(Html html, RunView view, Model model) {
    LineChart chart =
        new LineChart(
                "Residuals of the challenger",
                "The line is the median error by the size of the prediction, above 0 where it predicts too"
                    + " much. The dark band holds half of the errors, the wide one nine tenths.",
                "mean prediction" + unit(view),
                "prediction less observed" + unit(view))
            .zero();
    chart.line(
        "nine tenths", points(model, r -> null, Curves.Residuals::q05, Curves.Residuals::q95));
    chart.line(
        "half",
        points(model, Curves.Residuals::median, Curves.Residuals::q25, Curves.Residuals::q75));
    chart.write(html);
  }

  private static List<LineChart.Point> points(
      Model model,
      Function<Curves.Residuals, @Nullable Double> value,
      Function<Curves.Residuals, Double> lower,
      Function<Curves.Residuals, Double> upper) {
    return model.deciles().stream()
        .map(
            d ->
                new LineChart.Point(
                    NumberText.plain(d.predicted()),
                    value.apply(d.residuals()),
                    lower.apply(d.residuals()),
                    upper.apply(d.residuals())))
        .toList();
  }

  private static void curves(
      Html html, List<Model> models, XyChart chart, Function<Model, List<XyChart.Point>> points) {
    List<Model> those = models.stream().filter(m -> !points.apply(m).isEmpty()).toList();
    if (those.isEmpty()) {
      return;
    }
    those.forEach(m -> chart.curve(MetricsSection.title(m.role()), points.apply(m)));
    chart.write(html);
  }

  /** The two that matter; a constant has no curve, and the rule's would hide theirs. */
  private static List<Model> models(RunView view) {
    Curves curves = view.run().curves();
    return curves == null
        ? List.of()
        : List.of(Role.CHALLENGER, Role.CHAMPION).stream()
            .flatMap(
                role -> curves.models().stream().filter(m -> m.role().equals(role.key())).limit(1))
            .toList();
  }

  private static String unit(RunView view) {
    return view.setting("data.label")
        .flatMap(view::columnUnit)
        .map(unit -> " (" + unit + ")")
        .orElse("");
  }
}
