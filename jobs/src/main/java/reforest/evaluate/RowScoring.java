package reforest.evaluate;

import java.io.Serializable;
import java.sql.Date;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.jspecify.annotations.Nullable;
import reforest.bundle.Scorer;
import reforest.bundle.Task;
import reforest.statistics.ClusterWays;
import reforest.statistics.CounterRandom;

/**
 * Scores rows and adds them up; runs in the executors.
 *
 * @param plan what is measured
 * @param ways which group a cluster belongs to, in each way in which rows depend on each other
 * @param positions where everything stands in a row
 * @param models the bundles that score, with the role of each
 * @param dummy the dummy's constant prediction; empty without a dummy
 * @param slices for each family the slice of each combination of values, then as many predicates'
 * @param scoredFrom where in a row that is scored already each role's outputs start, which what the
 *     predictions are worth follows; -1 where rows are still to be scored
 */
@SuppressWarnings("ArrayRecordComponent") // Only ever shipped, never compared.
record RowScoring(
    ComparisonPlan plan,
    ClusterWays ways,
    RowPositions positions,
    List<Model> models,
    double[] dummy,
    List<HashMap<List<String>, Integer>> slices,
    int scoredFrom)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  RowScoring {
    models = List.copyOf(models);
    slices = List.copyOf(slices);
  }

  /** The same of rows that are scored already. */
  RowScoring scored(int from) {
    return new RowScoring(plan, ways, positions, models, dummy, slices, from);
  }

  /**
   * A bundle and how its numbers are to be read.
   *
   * @param role the part it plays
   * @param bundle its bytes
   * @param places for each input the column's place in a row
   * @param classes for each class of the plan the place among its own probabilities, -1 for a class
   *     that it does not know; empty for a regression
   * @param threshold the probability from which on it decides for the second of two classes; NaN
   *     where it decides for the most probable one
   */
  @SuppressWarnings("ArrayRecordComponent") // Only ever shipped, never compared.
  record Model(Role role, ShippedBundle bundle, int[] places, int[] classes, double threshold)
      implements Serializable {
    private static final long serialVersionUID = 1L;
  }

  /** The model that plays a role, as it can score rows again. */
  Optional<WindowSample.Model> model(Role role) {
    return models.stream()
        .filter(model -> model.role() == role)
        .map(model -> new WindowSample.Model(model.bundle().scorer(), model.classes()))
        .findFirst();
  }

  Accumulator addUp(Iterator<Row> rows) {
    Accumulator accumulator = new Accumulator(plan, ways);
    ClassIndex classes = new ClassIndex(plan.classes());
    List<Scorer> scorers = models.stream().map(model -> model.bundle().scorer()).toList();
    double[][] predictions = new double[plan.roles().size()][plan.outputs()];
    double[] business = new double[scoredFrom < 0 ? 0 : predictions.length];
    while (rows.hasNext()) {
      Row row = rows.next();
      if (scoredFrom < 0) {
        for (int role = 0; role < predictions.length; role++) {
          predict(row, role, scorers, predictions[role]);
        }
      } else {
        read(row, predictions, business);
      }
      double label = label(row, classes);
      int[] groups = ways.groups(positions.clusters(row));
      accumulator.add(
          row.getLong(positions.key()), groups, slicesOf(row), label, predictions, business);
    }
    return accumulator;
  }

  private void read(Row row, double[][] predictions, double[] business) {
    int at = scoredFrom;
    for (double[] outputs : predictions) {
      for (int i = 0; i < outputs.length; i++) {
        outputs[i] = row.getDouble(at++);
      }
    }
    for (int role = 0; role < business.length; role++) {
      business[role] = row.isNullAt(at) ? Double.NaN : row.getDouble(at);
      at++;
    }
  }

  /**
   * The rows with each role's outputs, and then by role what it predicts and with which
   * probability: a number, or the name of the class that it decides for, whose probability that is,
   * but of two classes the positive one's. Both are null where an output is not usable.
   */
  Iterator<Row> predicted(Iterator<Row> rows) {
    List<Scorer> scorers = models.stream().map(model -> model.bundle().scorer()).toList();
    Function<Row, Row> more =
        row -> {
          int before = row.length();
          int roles = plan.roles().size();
          @Nullable Object[] values = new Object[before + roles * (plan.outputs() + 2)];
          for (int i = 0; i < before; i++) {
            values[i] = row.get(i);
          }
          for (int role = 0; role < roles; role++) {
            double[] outputs = new double[plan.outputs()];
            predict(row, role, scorers, outputs);
            for (int i = 0; i < outputs.length; i++) {
              values[before + role * outputs.length + i] = outputs[i];
            }
            int at = before + roles * outputs.length + 2 * role;
            if (!Predictions.isUsable(outputs, outputs.length, plan.task().isClassification())) {
              continue;
            }
            if (!plan.task().isClassification()) {
              values[at] = outputs[0];
              continue;
            }
            int decided = Scorer.decide(outputs, plan.decisions().thresholds().get(role));
            values[at] = plan.classes().get(decided);
            values[at + 1] = outputs[plan.task() == Task.BINARY ? 1 : decided];
          }
          return RowFactory.create(values);
        };
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return rows.hasNext();
      }

      @Override
      public Row next() {
        return more.apply(rows.next());
      }
    };
  }

  /**
   * The rows with what challenger and champion lose on each; those on which one of them has no
   * usable prediction are left out.
   *
   * @param inputs places of the challenger's inputs whose values are kept
   */
  Iterator<ScoredWindow.Scored> scored(Iterator<Row> rows, RowLoss loss, int[] inputs) {
    ClassIndex classes = new ClassIndex(plan.classes());
    List<Scorer> scorers = models.stream().map(model -> model.bundle().scorer()).toList();
    List<ScoredWindow.Scored> scored = new ArrayList<>();
    while (rows.hasNext()) {
      Row row = rows.next();
      double label = label(row, classes);
      double[] losses = {Double.NaN, Double.NaN};
      boolean isUsable = true;
      for (int m = 0; m < models.size(); m++) {
        Role role = models.get(m).role();
        if (role == Role.CHALLENGER || role == Role.CHAMPION) {
          double[] prediction = new double[plan.outputs()];
          score(row, models.get(m), scorers.get(m), prediction);
          isUsable &=
              Predictions.isUsable(prediction, plan.outputs(), plan.task().isClassification());
          losses[role == Role.CHALLENGER ? 0 : 1] =
              isUsable ? loss.of(label, prediction, plan.clip()) : Double.NaN;
        }
      }
      if (isUsable) {
        double[] values = new double[inputs.length];
        for (int i = 0; i < inputs.length; i++) {
          int place = models.get(0).places()[inputs[i]];
          values[i] = scorers.get(0).encode(inputs[i], value(row, place));
        }
        scored.add(
            new ScoredWindow.Scored(
                row.getLong(positions.key()),
                ways.groups(positions.clusters(row)),
                values,
                losses[0],
                losses[1]));
      }
    }
    return scored.iterator();
  }

  /**
   * Rows with the inputs of challenger and champion; those on which one of them has no usable
   * prediction are left out.
   *
   * @param share of the rows that are wanted, drawn by their keys
   */
  Iterator<WindowSample.Sent> sampled(Iterator<Row> rows, double share) {
    ClassIndex classes = new ClassIndex(plan.classes());
    List<Scorer> scorers = models.stream().map(model -> model.bundle().scorer()).toList();
    List<WindowSample.Sent> sampled = new ArrayList<>();
    while (rows.hasNext()) {
      Row row = rows.next();
      long key = row.getLong(positions.key());
      if (share < 1 && !(new CounterRandom(0, key).uniform(0) < share)) {
        continue;
      }
      double[][] inputs = {new double[0], new double[0]};
      boolean isUsable = true;
      for (int m = 0; m < models.size(); m++) {
        Role role = models.get(m).role();
        if (role == Role.CHALLENGER || role == Role.CHAMPION) {
          double[] prediction = new double[plan.outputs()];
          double[] encoded = encoded(row, models.get(m), scorers.get(m));
          score(encoded, models.get(m), scorers.get(m), prediction);
          isUsable &=
              Predictions.isUsable(prediction, plan.outputs(), plan.task().isClassification());
          inputs[role == Role.CHALLENGER ? 0 : 1] = encoded;
        }
      }
      if (isUsable) {
        double label = label(row, classes);
        sampled.add(
            new WindowSample.Sent(
                key,
                ways.groups(positions.clusters(row)),
                // Groups that are only told apart for fairness stand behind the slices.
                IntStream.of(slicesOf(row)).filter(it -> it < plan.slices().size()).toArray(),
                positions.micros(row).stream().toArray(),
                label,
                inputs[0],
                inputs[1]));
      }
    }
    return sampled.iterator();
  }

  private void predict(Row row, int place, List<Scorer> scorers, double[] prediction) {
    Role role = plan.roles().get(place);
    switch (role) {
      case DUMMY -> System.arraycopy(dummy, 0, prediction, 0, dummy.length);
      case RULE -> rule(row, prediction);
      case CHALLENGER, CHAMPION, ANCHOR -> {
        for (int m = 0; m < models.size(); m++) {
          if (models.get(m).role() == role) {
            score(row, models.get(m), scorers.get(m), prediction);
          }
        }
      }
    }
  }

  private static void score(Row row, Model model, Scorer scorer, double[] prediction) {
    score(encoded(row, model, scorer), model, scorer, prediction);
  }

  private static void score(double[] encoded, Model model, Scorer scorer, double[] prediction) {
    Predictions.of(scorer, model.classes(), encoded, prediction);
  }

  private double label(Row row, ClassIndex classes) {
    return plan.task().isClassification()
        ? classes.of(positions.labelText(row))
        : positions.labelNumber(row);
  }

  private static double[] encoded(Row row, Model model, Scorer scorer) {
    double[] encoded = new double[model.places().length];
    for (int input = 0; input < encoded.length; input++) {
      encoded[input] = scorer.encode(input, value(row, model.places()[input]));
    }
    return encoded;
  }

  /** What a service would hand over for what Spark's rows hold. */
  private static @Nullable Object value(Row row, int place) {
    Object value = row.isNullAt(place) ? null : row.get(place);
    if (value instanceof Timestamp time) {
      return time.toInstant();
    }
    return value instanceof Date day ? day.toLocalDate() : value;
  }

  /** The rule's answer, and the dummy's where the rule has none. */
  private void rule(Row row, double[] prediction) {
    double value = positions.ruleValue(row);
    if (Double.isNaN(value) && dummy.length > 0) {
      System.arraycopy(dummy, 0, prediction, 0, dummy.length);
    } else if (plan.task().isClassification()) {
      prediction[0] = 1 - value;
      prediction[1] = value;
    } else {
      prediction[0] = value;
    }
  }

  private int[] slicesOf(Row row) {
    List<Integer> in = new ArrayList<>();
    List<List<String>> values = positions.familyValues(row);
    for (int f = 0; f < values.size(); f++) {
      Map<List<String>, Integer> family = slices.get(f);
      Integer slice = family.get(values.get(f));
      if (slice != null) {
        in.add(slice);
      }
    }
    for (int p = 0; p < positions.predicates().size(); p++) {
      if (positions.isIn(row, p)) {
        in.add(p);
      }
    }
    int[] all = new int[in.size()];
    Arrays.setAll(all, in::get);
    return all;
  }
}
