package reforest.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DecimalTextTest {

  @ParameterizedTest
  @CsvSource({
    "0,0",
    "-0.5,-0.5",
    "+.5,0.5",
    "7.,7",
    "1e3,1000",
    "1.5E-2,0.015",
    "4.9e-324,4.9e-324"
  })
  void readsDecimalNumbers(String text, double number) {
    assertThat(DecimalText.parse(text)).isEqualTo(number);
    assertThat(DecimalText.isNumber(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-",
        ".",
        "+.",
        "e5",
        "1e",
        "1e+",
        "1e5.",
        "1.2.3",
        "--1",
        "1 ",
        " 1",
        "NaN",
        "Infinity",
        "0x1p3",
        "1d",
        "1f",
        "1,5",
        "1e999",
        "\u0661"
      })
  void refusesEverythingElse(String text) {
    assertThat(DecimalText.parse(text)).isNaN();
    assertThat(DecimalText.isNumber(text)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {1_001, 1_000_000})
  void refusesNumbersOfAThousandDigits(int digits) {
    assertThat(DecimalText.isNumber("0".repeat(digits))).isFalse();
  }
}
