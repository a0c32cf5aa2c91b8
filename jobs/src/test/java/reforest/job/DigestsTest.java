package reforest.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;

class DigestsTest {

  private static final List<String> KNOWN = List.of("3f9a", "3f02", "81cc");

  @Test
  void findsTheOneThatBeginsWithWhatWasTyped() {
    assertThat(Digests.matching("8", KNOWN, "bundle")).isEqualTo("81cc");
    assertThat(Digests.matching("3f0", KNOWN, "bundle")).isEqualTo("3f02");
  }

  @Test
  void refusesWhatBeginsSeveral() {
    assertThatThrownBy(() -> Digests.matching("3f", KNOWN, "bundle"))
        .hasMessage("more than one bundle begins with '3f': 3f9a, 3f02")
        .isInstanceOfSatisfying(
            ReforestException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DATA));
  }

  @Test
  void refusesWhatBeginsNoneAndNamesSome() {
    List<String> many = IntStream.range(10, 22).mapToObj(String::valueOf).toList();

    assertThatThrownBy(() -> Digests.matching("../x", many, "bundle"))
        .hasMessage("there is no bundle '../x'")
        .isInstanceOfSatisfying(
            ReforestException.class,
            e -> assertThat(e.hint()).endsWith("18, 19 and 2 more").contains("10, 11"));
  }

  @Test
  void refusesNothingAtAllThoughItBeginsEveryDigest() {
    assertThatThrownBy(() -> Digests.matching(" ", List.of("3f9a"), "bundle"))
        .isInstanceOfSatisfying(
            ReforestException.class, e -> assertThat(e.kind()).isEqualTo(Kind.ARGUMENTS));
  }
}
