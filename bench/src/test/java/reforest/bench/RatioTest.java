package reforest.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RatioTest {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  @Test
  void dividesInTheDirectionOfItsTarget() {
    Ratio cheaper = Ratio.ofOurs("search", "CPU s", 2, 60, Target.atLeast(30));
    Ratio dearer = Ratio.ofPeer("fit", "CPU s", 3, 2, Target.atMost(1.5));

    assertThat(cheaper.ratio()).isEqualTo(30);
    assertThat(cheaper.target().holds(cheaper.ratio())).isTrue();
    assertThat(dearer.ratio()).isEqualTo(1.5);
    assertThat(dearer.target().holds(dearer.ratio())).isTrue();
    assertThat(Target.atLeast(30).holds(29.99)).isFalse();
    assertThat(Target.atMost(1.5).holds(1.51)).isFalse();
  }

  @Test
  void neverHoldsWhatWasNotMeasured() {
    assertThat(Target.atLeast(1).holds(Double.NaN)).isFalse();
    assertThat(Target.atMost(1).holds(Double.NaN)).isFalse();
  }

  @Test
  void writesOneLineWithWhatStandsBehindIt() throws Exception {
    String line =
        Ratio.ofPeer("fit", "CPU s", 3, 2, Target.atMost(1.5))
            .with(Map.of("rows", 1000, "jvm", Map.of("ours", "-Xmx1g")))
            .json();

    assertThat(line).doesNotContain("\n");
    JsonNode read = JSON.readTree(line);
    assertThat(read.get("case").asText()).isEqualTo("fit");
    assertThat(read.get("measure").asText()).isEqualTo("CPU s");
    assertThat(read.get("ours").asDouble()).isEqualTo(3);
    assertThat(read.get("peer").asDouble()).isEqualTo(2);
    assertThat(read.get("ratio").asDouble()).isEqualTo(1.5);
    assertThat(read.get("target").asText()).isEqualTo("<= 1.5");
    assertThat(read.get("holds").asBoolean()).isTrue();
    assertThat(read.get("rows").asInt()).isEqualTo(1000);
    assertThat(read.get("jvm").get("ours").asText()).isEqualTo("-Xmx1g");
  }

  @Test
  void writesNothingForWhatIsNoNumberOrHasNoTarget() throws Exception {
    JsonNode read =
        JSON.readTree(Ratio.ofPeer("fit", "CPU s", 3, Double.NaN, Target.none()).json());

    assertThat(read.get("ratio").isNull()).isTrue();
    assertThat(read.get("target").isNull()).isTrue();
    assertThat(read.get("holds").isNull()).isTrue();
  }

  @Test
  void showsARowWithTheMultipleOfTheMachinesLimit() {
    Ratio ratio =
        Ratio.ofPeer("fit", "CPU s", 3, 2, Target.atMost(1.25)).with("oursTimesLimit", 1.5);

    assertThat(ratio.row())
        .isEqualTo("| fit | CPU s | 3 (1.50 x limit) | 2 | 1.50 | <= 1.25 | **no** |");
  }
}
