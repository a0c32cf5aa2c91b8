package reforest.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import reforest.bundle.Bundle;
import reforest.bundle.Explanation;
import reforest.bundle.LocalStore;
import reforest.bundle.Scorer;

/** Explains the rows that {@link MakeModels} wrote, by name as a service would. */
public final class ExplainRows {

  /** The first ones warm up. */
  private static final int ROUNDS = 8;

  private ExplainRows() {}

  /**
   * Called with the models' folder, the file to write rows and explanations to, and the file to
   * tell in. For each row it writes the values, the base and what each feature adds, as doubles.
   */
  public static void main(String[] args) throws IOException, ClassNotFoundException {
    Path folder = Path.of(args[0]);
    double[][] rows;
    try (InputStream in = Files.newInputStream(folder.resolve("rows.bin"));
        ObjectInputStream objects = new ObjectInputStream(in)) {
      rows = (double[][]) objects.readObject();
    }
    Scorer scorer = Scorer.of(Bundle.read(new LocalStore(folder), MakeModels.BUNDLE));
    List<Map<String, Object>> maps = Arrays.stream(rows).map(ExplainRows::named).toList();
    double least = Double.POSITIVE_INFINITY;
    double addsUp = 0;
    for (int round = 0; round < ROUNDS; round++) {
      double start = cpuSeconds();
      for (Map<String, Object> row : maps) {
        addsUp = Math.max(addsUp, lost(scorer.explain(row)));
      }
      least = Math.min(least, cpuSeconds() - start);
    }
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(Path.of(args[1]))))) {
      for (int row = 0; row < rows.length; row++) {
        Explanation explanation = scorer.explain(maps.get(row));
        for (double value : rows[row]) {
          out.writeDouble(value);
        }
        out.writeDouble(explanation.base());
        for (Explanation.Contribution each : explanation.contributions()) {
          out.writeDouble(each.amount());
        }
      }
    }
    Spark.tell(args[2], Map.of("microseconds", least / rows.length * 1e6, "lost", addsUp));
  }

  private static Map<String, Object> named(double[] row) {
    Map<String, Object> named = new HashMap<>();
    for (int i = 0; i < row.length; i++) {
      named.put("x" + i, row[i]);
    }
    return named;
  }

  /** How far the parts are from the whole, as a share of it. */
  private static double lost(Explanation explanation) {
    double sum = explanation.base();
    for (Explanation.Contribution each : explanation.contributions()) {
      sum += each.amount();
    }
    return Math.abs(sum - explanation.result()) / Math.max(1, Math.abs(explanation.result()));
  }

  private static double cpuSeconds() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
            .getProcessCpuTime()
        / 1e9;
  }
}
