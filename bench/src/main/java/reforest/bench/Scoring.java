package reforest.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Scoring one row and many, and loading a model, beside whatever else reads the same trees. */
record Scoring() implements Case {

  private static final int ROWS = 20_000;
  private static final List<Integer> DEPTHS = List.of(8, 5);

  /** The last one is for comparison only. */
  private static final List<String> PEERS = List.of("mllib", "jpmml", "onnx");

  private static final Target FASTER = Target.atLeast(1);

  @Override
  public String name() {
    return "scoring";
  }

  @Override
  public List<Ratio> run(Lab lab) {
    List<Ratio> ratios = new ArrayList<>();
    for (int depth : DEPTHS) {
      Plan plan = Plans.scored(lab, ROWS, depth);
      String label = "scoring-" + depth;
      String plans = lab.plan(label, plan);
      Path folder = lab.work().resolve("models").resolve("depth-" + depth);
      Measured made =
          lab.java(label + "-models", Jvm.plain(), MakeModels.class, plans, folder.toString());
      List<String> peers = lab.isQuick() ? PEERS.subList(0, 2) : PEERS;
      String engines = "engine=array,named," + String.join(",", peers);
      JsonNode results =
          lab.jmh(label, "ScoringBenchmark", "-p", "folder=" + folder, "-p", engines);
      Map<String, Object> facts = new HashMap<>();
      facts.put("plan", plan.json());
      facts.put("jvm", Map.of("ours", Jvm.plain().flags(), "peer", Jvm.plain().flags()));
      facts.put("pmmlBytes", made.told().path("pmmlBytes").asLong());
      ratios.addAll(rows(results, depth, peers, facts));
      if (depth == DEPTHS.get(0)) {
        ratios.addAll(
            loading(lab.jmh("loading", "LoadingBenchmark", "-p", "folder=" + folder), facts));
      }
    }
    return ratios;
  }

  private List<Ratio> rows(
      JsonNode results, int depth, List<String> peers, Map<String, Object> facts) {
    String what = "depth " + depth + ", ";
    Target jpmml = Target.atLeast(10);
    List<Ratio> ratios = new ArrayList<>();
    for (String at : List.of("50.0", "99.0")) {
      String p = "one row, us, p" + at.substring(0, 2);
      double array = percentile(results, "array", at);
      double named = percentile(results, "named", at);
      boolean isMedian = at.equals("50.0");
      ratios.add(
          Ratio.ofOurs(
              name(),
              what + "MLlib / ours, " + p,
              array,
              percentile(results, "mllib", at),
              FASTER));
      ratios.add(
          Ratio.ofOurs(
              name(), what + "JPMML / ours, " + p, named, percentile(results, "jpmml", at), jpmml));
      if (peers.contains("onnx")) {
        ratios.add(
            Ratio.ofOurs(
                name(),
                what + "ONNX Runtime / ours, " + p,
                array,
                percentile(results, "onnx", at),
                Target.none()));
      }
      if (isMedian) {
        for (String peer : peers) {
          ratios.add(
              Ratio.ofPeer(
                  name(),
                  what + "ours / " + peer + ", rows a second",
                  perSecond(results, peer.equals("jpmml") ? "named" : "array"),
                  perSecond(results, peer),
                  Target.none()));
        }
      }
    }
    return ratios.stream().map(ratio -> ratio.with(facts)).toList();
  }

  private List<Ratio> loading(JsonNode results, Map<String, Object> facts) {
    List<Ratio> ratios = new ArrayList<>();
    for (String mode : List.of("avgt", "ss")) {
      String first = mode.equals("ss") ? "First" : "";
      ratios.add(
          Ratio.ofPeer(
                  name(),
                  (mode.equals("ss") ? "a process's first load" : "loading") + ", ours / JPMML, ms",
                  score(results, "LoadingBenchmark.ours" + first, mode),
                  score(results, "LoadingBenchmark.jpmml" + first, mode),
                  Target.atMost(0.1))
              .with(facts));
    }
    return ratios;
  }

  private static double percentile(JsonNode results, String engine, String percentile) {
    return metric(results, "ScoringBenchmark.oneRow", "sample", engine)
        .path("scorePercentiles")
        .path(percentile)
        .asDouble(Double.NaN);
  }

  private static double perSecond(JsonNode results, String engine) {
    return metric(results, "ScoringBenchmark.manyRows", "thrpt", engine)
        .path("score")
        .asDouble(Double.NaN);
  }

  private static double score(JsonNode results, String benchmark, String mode) {
    return metric(results, benchmark, mode, "").path("score").asDouble(Double.NaN);
  }

  private static JsonNode metric(JsonNode results, String benchmark, String mode, String engine) {
    for (JsonNode result : results) {
      if (result.path("benchmark").asText().endsWith(benchmark)
          && result.path("mode").asText().equals(mode)
          && result.path("params").path("engine").asText().equals(engine)) {
        return result.path("primaryMetric");
      }
    }
    throw new IllegalStateException("JMH gave no result for " + benchmark + " " + engine);
  }
}
