package reforest.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * First ingests of many narrow rows and of wide ones, beside Spark that reads the same file and
 * writes the same Delta table; and the memory that three times the rows take.
 */
record Ingests() implements Case {

  private static final Target CPU = Target.atMost(3);
  private static final Target MEMORY = Target.atMost(1.25);
  private static final int TIMES = 3;
  private static final String HEAP = "1g";
  private static final int WIDE = 500;

  @Override
  public String name() {
    return "ingest";
  }

  @Override
  public List<Ratio> run(Lab lab) {
    List<Ratio> ratios = new ArrayList<>();
    ratios.addAll(ingested(lab, "narrow", narrow(), lab.isQuick() ? 1_000_000 : 3_000_000));
    ratios.addAll(ingested(lab, "wide", wide(), lab.isQuick() ? 5_000 : 20_000));
    return ratios;
  }

  private List<Ratio> ingested(Lab lab, String shape, Map<String, String> columns, int rows) {
    Jvm jvm = Jvm.large(HEAP).sharing(lab.archive());
    Measured us = ours(lab, jvm, shape, columns, rows);
    Measured more = ours(lab, jvm, shape, columns, TIMES * rows);
    Pair pair =
        new Pair(
            name(),
            String.format(Locale.ROOT, "Spark alone, %,d rows of %d columns", rows, columns.size()),
            us,
            spark(lab, jvm, shape, columns, rows),
            Map.of("rows", rows, "columns", columns.size(), "jvm", Map.of("ours", jvm.flags())));
    return List.of(
        pair.cpu(CPU),
        pair.wall(),
        pair.memory(Target.none()),
        Ratio.ofPeer(
            name(),
            String.format(Locale.ROOT, "%d times the %s rows / ours, peak MB", TIMES, shape),
            more.peakMegabytes(),
            us.peakMegabytes(),
            // A heap that is not full yet grows without need.
            lab.isQuick() ? Target.none() : MEMORY));
  }

  private Measured ours(Lab lab, Jvm jvm, String shape, Map<String, String> columns, int rows) {
    String label = name() + "-" + shape + "-" + rows;
    Path home = lab.work().resolve(label);
    lab.clear(home);
    Path configuration = lab.file(label, "conf");
    try {
      Files.writeString(configuration, configuration(columns));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<String> command = new ArrayList<>();
    command.add(lab.java().toString());
    command.addAll(jvm.options(lab.cores()));
    command.addAll(List.of("-cp", lab.classPath(), "reforest.cli.Reforest", "ingest"));
    command.addAll(List.of("--conf", configuration.toString(), "--home", home.toString()));
    command.addAll(List.of("--source", source(lab, shape, rows)));
    Measured measured = lab.command(label, command, Map.of());
    lab.clear(home);
    return measured;
  }

  private Measured spark(Lab lab, Jvm jvm, String shape, Map<String, String> columns, int rows) {
    String label = name() + "-" + shape + "-spark";
    Path table = lab.work().resolve(label);
    lab.clear(table);
    String declared =
        columns.entrySet().stream()
            .map(column -> column.getKey() + " " + column.getValue())
            .collect(Collectors.joining(", "));
    String file = source(lab, shape, rows);
    Measured measured = lab.java(label, jvm, SparkIngest.class, declared, file, table.toString());
    lab.clear(table);
    return measured;
  }

  private static String source(Lab lab, String shape, int rows) {
    return Path.of(lab.data("rows", shape + "-" + rows), "rows.csv").toString();
  }

  /** Names and types of six columns. */
  static Map<String, String> narrow() {
    Map<String, String> columns = new LinkedHashMap<>();
    columns.put("id", "bigint");
    columns.put("at", "timestamp");
    columns.put("place", "string");
    columns.put("count", "int");
    columns.put("x", "double");
    columns.put("y", "double");
    return columns;
  }

  /** Names and types of a key and 499 numbers. */
  static Map<String, String> wide() {
    Map<String, String> columns = new LinkedHashMap<>();
    columns.put("id", "bigint");
    for (int i = 0; i < WIDE - 1; i++) {
      columns.put("x" + i, "double");
    }
    return columns;
  }

  /** The configuration of a model with these columns, whose label is the last. */
  static String configuration(Map<String, String> columns) {
    List<String> names = List.copyOf(columns.keySet());
    StringBuilder text = new StringBuilder("model = bench\ntask = regression\ndata {\n");
    text.append("  source.options.header = true\n  columns = [\n");
    columns.forEach(
        (name, type) ->
            text.append("    { name = ")
                .append(name)
                .append(", type = ")
                .append(type)
                .append(" }\n"));
    text.append("  ]\n  key = [id]\n  label = ").append(names.get(names.size() - 1));
    text.append("\n}\nfeatures.numeric = [").append(names.get(names.size() - 2));
    return text.append("]\ngate.worthwhile-gain = 1\n").toString();
  }
}
