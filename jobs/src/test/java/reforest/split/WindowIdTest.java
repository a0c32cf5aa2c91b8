package reforest.split;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class WindowIdTest {

  @Test
  void tellsAPersonTheBordersThatWereMeantAndKeepsThoseThatAre() {
    double start = 1 - 0.2 - 0.2;
    WindowId id =
        WindowId.ofShare(
            WindowId.Kind.DEVELOPMENT,
            new WindowId.Share("hash of id", start, 1 - 0.2),
            OptionalLong.empty());

    assertThat(id.words()).isEqualTo("development [0.6, 0.8) of hash of id");
    assertThat(id.text()).isEqualTo("development [0.6000000000000001, 0.8) of hash of id");
  }

  @Test
  void tellsOfTimesAsTheyAre() {
    var march = java.time.Instant.parse("2011-03-01T00:00:00Z");
    WindowId id =
        WindowId.ofTime(WindowId.Kind.PROTECTED, "ts", march, march.plusSeconds(3600), false);

    assertThat(id.words()).isEqualTo(id.text());
  }
}
