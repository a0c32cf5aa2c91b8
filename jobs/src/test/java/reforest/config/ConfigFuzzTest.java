package reforest.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reforest.bundle.ReforestException;

class ConfigFuzzTest {

  private static final List<String> PIECES =
      List.of(
          "{",
          "}",
          "[",
          "]",
          "=",
          "\"",
          "\"\"\"",
          "${",
          "}",
          "${?model}",
          "null",
          "-1",
          "1e999",
          "NaN",
          ".",
          "..",
          ",",
          "\n",
          "#",
          "include \"x\"",
          "`",
          "🚲",
          "\u0000",
          "\\u12",
          ": ",
          "+=",
          "true",
          "99999999999999999999",
          "0.5",
          "28d",
          "[[]]",
          "{}",
          " ",
          "//");

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void readsOrRefusesWhateverTheFileHolds(long seed, @TempDir Path folder) throws IOException {
    String sample = Files.readString(Path.of("..", "conf", "bikeshare.conf"));
    Random random = new Random(seed);
    int refused = 0;
    for (int i = 0; i < 250; i++) {
      String mutant = mutated(sample, random);
      Path file = folder.resolve("mutant.conf");
      Files.write(file, mutant.getBytes(StandardCharsets.UTF_8));
      try {
        Configuration read = ConfigReader.read(List.of(file), List.of(), Map.of());
        assertThat(read.model().digest()).hasSize(64);
      } catch (ReforestException e) {
        assertThat(e.kind()).isEqualTo(ReforestException.Kind.ARGUMENTS);
        assertThat(e.getMessage()).contains("configuration problem");
        refused++;
      }
    }
    assertThat(refused).isBetween(100, 249);
  }

  private static String mutated(String sample, Random random) {
    StringBuilder text = new StringBuilder(sample);
    int edits = 1 + random.nextInt(3);
    for (int i = 0; i < edits; i++) {
      int at = random.nextInt(text.length());
      int end = Math.min(text.length(), at + random.nextInt(12));
      switch (random.nextInt(4)) {
        case 0 -> text.delete(at, end);
        case 1 -> text.insert(at, PIECES.get(random.nextInt(PIECES.size())));
        case 2 -> text.replace(at, end, PIECES.get(random.nextInt(PIECES.size())));
        default -> text.insert(at, text.substring(at, end));
      }
    }
    return text.toString();
  }
}
