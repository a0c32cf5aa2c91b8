package reforest.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ReferenceConfigTest {

  private static final Pattern KEY = Pattern.compile("^\\s*(# )?([a-z][a-z-]*) (=.*|\\{)$");

  private static List<String> lines() throws IOException {
    try (InputStream in =
        ReferenceConfigTest.class.getResourceAsStream("/reforest-reference.conf")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .toList();
    }
  }

  @Test
  void explainsEveryKey() throws IOException {
    List<String> lines = lines();
    int keys = 0;
    for (int i = 0; i < lines.size(); i++) {
      Matcher key = KEY.matcher(lines.get(i));
      boolean group = key.matches() && key.group(3).equals("{");
      if (key.matches() && !group) {
        assertThat(lines.get(i - 1)).as("above %s", lines.get(i)).matches("\\s*#.*");
        keys++;
      }
    }
    assertThat(keys).isGreaterThan(60);
  }

  @Test
  void namesEveryKeyThatIsRead() throws IOException {
    String reference = String.join("\n", lines());
    Configuration sample =
        ConfigReader.read(List.of(Path.of("..", "conf", "bikeshare.conf")), List.of(), Map.of());

    for (EffectiveConfig.Setting setting : sample.effective().settings()) {
      if (!setting.key().startsWith("data.source.options.")) {
        String leaf = setting.key().replaceAll("\\[\\d+\\]$", "").replaceAll(".*\\.", "");
        assertThat(reference).as(setting.key()).containsPattern("(?m)^\\s*(# )?" + leaf + " [={]");
      }
    }
  }
}
