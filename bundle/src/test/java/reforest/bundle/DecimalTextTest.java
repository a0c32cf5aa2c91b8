package reforest.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
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

  @Test
  void readsTheNearestDoubleOfAnyDigits() {
    Random random = new Random(5);
    for (int i = 0; i < 30_000; i++) {
      double any = Double.longBitsToDouble(random.nextLong());
      for (String text : List.of(Double.toString(any), midway(any), digits(random))) {
        double read = Double.parseDouble(text);
        if (Double.isFinite(read)) {
          assertThat(Double.doubleToRawLongBits(DecimalText.parse(text)))
              .as(text)
              .isEqualTo(Double.doubleToRawLongBits(read));
        }
      }
    }
  }

  /** All digits of what lies between two doubles, where rounding is hardest. */
  private static String midway(double any) {
    double plain = Double.isFinite(any) ? any % 1e40 : 1;
    return new BigDecimal(plain)
        .add(new BigDecimal(Math.nextUp(plain)))
        .divide(BigDecimal.valueOf(2))
        .round(new MathContext(900))
        .toString();
  }

  private static String digits(Random random) {
    StringBuilder text = new StringBuilder(random.nextBoolean() ? "-" : "");
    random.ints(1 + random.nextInt(40), 0, 10).forEach(text::append);
    text.insert(text.length() - random.nextInt(text.length()), '.');
    return text.append("e").append(random.nextInt(700) - 350).toString();
  }

  @ParameterizedTest
  @ValueSource(ints = {1_001, 1_000_000})
  void refusesNumbersOfAThousandDigits(int digits) {
    assertThat(DecimalText.isNumber("0".repeat(digits))).isFalse();
  }
}
