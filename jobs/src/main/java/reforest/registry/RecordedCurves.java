package reforest.registry;

import static reforest.registry.RunRecord.finite;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reforest.config.Metric;
import reforest.evaluate.Comparison;
import reforest.evaluate.RoleCurves;
import reforest.statistics.Estimate;

/** Takes the curves of a comparison into the record. */
final class RecordedCurves {

  private RecordedCurves() {}

  /** The curves; null where there are none. */
  static @Nullable Curves of(Comparison comparison) {
    if (comparison.curves().isEmpty()) {
      return null;
    }
    List<Curves.Model> models = new ArrayList<>();
    comparison.curves().forEach((role, curves) -> models.add(model(role.key(), curves)));
    return new Curves(models);
  }

  private static Curves.Model model(String role, RoleCurves curves) {
    return new Curves.Model(
        role,
        curves.positive().orElse(null),
        curves.roc().stream()
            .map(it -> new Curves.RocPoint(it.x(), it.y(), finite(it.threshold())))
            .toList(),
        curves.precisionRecall().stream()
            .map(it -> new Curves.PrecisionPoint(it.x(), it.y(), it.threshold()))
            .toList(),
        curves.bins().stream().map(RecordedCurves::bin).toList(),
        curves.deciles().stream().map(RecordedCurves::decile).toList());
  }

  private static Curves.Bin bin(RoleCurves.Bin bin) {
    Estimate observed = bin.observed();
    // A share that no group differs in, such as 0, tells nothing of its uncertainty.
    double width = observed.standardError() > 0 ? width(observed) : Double.NaN;
    Metric.Interval interval = Metric.ACCURACY.interval(observed.value(), width);
    return new Curves.Bin(
        bin.rows(),
        bin.least(),
        bin.greatest(),
        bin.predicted(),
        observed.value(),
        finite(interval.lower()),
        finite(interval.upper()));
  }

  private static Curves.Decile decile(RoleCurves.Decile decile) {
    RoleCurves.Bin bin = decile.bin();
    double width = width(bin.observed());
    List<Double> residuals = decile.residuals();
    return new Curves.Decile(
        bin.rows(),
        bin.least(),
        bin.greatest(),
        bin.predicted(),
        bin.observed().value(),
        finite(bin.observed().value() - width),
        finite(bin.observed().value() + width),
        new Curves.Residuals(
            residuals.get(0),
            residuals.get(1),
            residuals.get(2),
            residuals.get(3),
            residuals.get(4)));
  }

  private static double width(Estimate estimate) {
    return estimate.interval(0.95).upper() - estimate.value();
  }
}
