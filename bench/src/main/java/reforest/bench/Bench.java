package reforest.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Measures what was asked for, one process at a time, and prints a table.
 *
 * <p>Started by {@code ./reforest bench}, which says where everything lies in system properties.
 */
public final class Bench {

  private static final int CORES = 2;

  private Bench() {}

  /** Called with {@code [CASE...] [--quick] [--out FILE]}. */
  public static void main(String[] args) {
    System.exit(run(List.of(args)));
  }

  /**
   * What was asked for.
   *
   * @param names cases; empty for all
   * @param isQuick whether long ones are left out, and peers that nothing is held to
   * @param out where each ratio becomes a line of JSON
   */
  record Asked(List<String> names, boolean isQuick, Optional<Path> out) {

    Asked {
      names = List.copyOf(names);
    }

    /**
     * Reads arguments.
     *
     * @param known names of the cases that there are
     * @throws IllegalArgumentException when they say something else
     */
    static Asked of(List<String> args, List<String> known) {
      List<String> names = new ArrayList<>();
      boolean isQuick = false;
      Optional<Path> out = Optional.empty();
      for (int i = 0; i < args.size(); i++) {
        String arg = args.get(i);
        if (arg.equals("--quick")) {
          isQuick = true;
        } else if (arg.equals("--out") && i + 1 < args.size()) {
          out = Optional.of(Path.of(args.get(++i)));
        } else if (known.contains(arg)) {
          names.add(arg);
        } else {
          throw new IllegalArgumentException(
              "'" + arg + "' is no case; there are " + String.join(", ", known));
        }
      }
      return new Asked(names, isQuick, out);
    }

    boolean wants(Case each) {
      return names.isEmpty() ? !(isQuick && each.isLong()) : names.contains(each.name());
    }
  }

  private static int run(List<String> args) {
    List<Case> cases = cases(new Limit());
    Asked asked;
    try {
      asked = Asked.of(args, cases.stream().map(Case::name).toList());
    } catch (IllegalArgumentException e) {
      System.err.println("error: " + e.getMessage());
      System.err.println("hint: ./reforest bench [CASE...] [--quick] [--out FILE]");
      return 2;
    }
    Lab lab = lab(asked.isQuick());
    Map<String, Object> machine = Machine.facts(lab.cores());
    System.err.println("Logs and data are below " + lab.work());
    List<Ratio> ratios = new ArrayList<>();
    int failed = 0;
    for (Case each : cases) {
      if (!asked.wants(each)) {
        continue;
      }
      System.err.println("Measuring " + each.name());
      try {
        for (Ratio ratio : each.run(lab)) {
          Ratio placed = ratio.with("machine", machine);
          ratios.add(placed);
          asked.out().ifPresent(out -> append(out, placed.json()));
          System.err.println(placed.row());
        }
      } catch (IllegalStateException e) {
        // The others are still worth having.
        failed++;
        System.err.println("error: " + each.name() + ": " + e.getMessage());
      }
    }
    System.out.println(machine);
    System.out.println();
    System.out.println(Ratio.HEADER);
    ratios.forEach(ratio -> System.out.println(ratio.row()));
    return failed == 0 ? 0 : 1;
  }

  /** All cases, in the order in which they run. */
  static List<Case> cases(Limit limit) {
    Target ofLightgbm = Target.atMost(1.5);
    Target sameError = Target.atMost(1.01);
    List<String> boosters = List.of("lightgbm", "xgboost", "sklearn");
    return List.of(
        new Searches(
            "search-boosted",
            lab -> Plans.boosted(lab, 20_000),
            Jvm.small(),
            OptionalDouble.of(30),
            OptionalDouble.of(12),
            Target.none(),
            sameError,
            boosters),
        new Searches(
            "search-forests",
            lab -> Plans.forests(lab, 20_000),
            Jvm.small(),
            OptionalDouble.of(5),
            OptionalDouble.of(5),
            Target.none(),
            sameError,
            List.of("sklearn")),
        new Searches(
            "search-bikes",
            Plans::bikes,
            Jvm.small(),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            Target.none(),
            sameError,
            boosters),
        new Searches(
            "search-flights",
            Plans::flights,
            Jvm.large("2g"),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            ofLightgbm,
            sameError,
            List.of("lightgbm")),
        new Fits("fit-100k", 100_000, "1g", Target.none(), limit),
        new Fits("fit-1m", 1_000_000, "1g", Target.atMost(2), limit),
        new Ingests(),
        new RareClasses(),
        new Scoring(),
        new Explaining(),
        new Demo(),
        new Scaling(limit));
  }

  private static Lab lab(boolean isQuick) {
    Path work = Path.of(property("bench.work")).toAbsolutePath();
    try {
      Files.createDirectories(work);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Lab(
        Path.of(property("bench.project")),
        work,
        Path.of(property("bench.python")),
        Path.of(System.getProperty("java.home"), "bin", "java"),
        property("bench.classpath"),
        Path.of(property("bench.archive")),
        property("bench.classpath.test"),
        Math.min(CORES, Runtime.getRuntime().availableProcessors()),
        isQuick);
  }

  private static String property(String name) {
    String value = System.getProperty(name);
    if (value == null) {
      throw new IllegalArgumentException("-D" + name + " is missing; start ./reforest bench");
    }
    return value;
  }

  private static void append(Path out, String line) {
    try {
      Files.writeString(out, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
