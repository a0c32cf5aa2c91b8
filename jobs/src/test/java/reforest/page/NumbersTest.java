package reforest.page;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class NumbersTest {

  @Test
  void keepsFourSignificantDigits() {
    assertThat(Numbers.plain(45.23456)).isEqualTo("45.23");
    assertThat(Numbers.plain(3.0)).isEqualTo("3");
    assertThat(Numbers.plain(0.00123456)).isEqualTo("0.001235");
    assertThat(Numbers.plain(8_645.4)).isEqualTo("8,645");
    assertThat(Numbers.plain(123_456.7)).isEqualTo("123,457");
    assertThat(Numbers.plain(-0.5)).isEqualTo("\u22120.5");
    assertThat(Numbers.plain(-0.0)).isEqualTo("0");
  }

  @Test
  void writesVeryLargeAndVerySmallNumbersWithAnExponent() {
    assertThat(Numbers.plain(1.23456e-7)).isEqualTo("1.235e-07");
    assertThat(Numbers.plain(-9.87654e15)).isEqualTo("\u22129.877e+15");
  }

  @Test
  void callsWhatIsNoNumberUndefined() {
    assertThat(Numbers.plain(null)).isEqualTo("undefined");
    assertThat(Numbers.plain(Double.NaN)).isEqualTo("undefined");
    assertThat(Numbers.fixed(Double.POSITIVE_INFINITY, 2)).isEqualTo("undefined");
    assertThat(Numbers.signed(null, 2)).isEqualTo("undefined");
    assertThat(Numbers.share(null)).isEqualTo("undefined");
  }

  @Test
  void roundsAnIntervalToTwoDigitsOfItsStandardError() {
    assertThat(Numbers.decimals(43.12, 47.35)).isEqualTo(1);
    assertThat(Numbers.decimals(430.0, 470.0)).isZero();
    assertThat(Numbers.decimals(0.41021, 0.41382)).isEqualTo(5);
    assertThat(Numbers.decimals(1.0, 1.0)).isEqualTo(-1);
    assertThat(Numbers.decimals(null, 1.0)).isEqualTo(-1);
    assertThat(Numbers.decimals(Double.NaN, 1.0)).isEqualTo(-1);
  }

  @Test
  void neverRoundsABoundOntoWhatItMustExceed() {
    int decimals = Numbers.decimals(0.0004, 5.0, 0.0);

    assertThat(Numbers.signed(0.0004, decimals)).isEqualTo("+0.0004");
    assertThat(Numbers.decimals(0.0, 5.0, 0.0)).isEqualTo(1);
  }

  @Test
  void givesNoSignToWhatRoundsToZero() {
    assertThat(Numbers.fixed(-0.001, 1)).isEqualTo("0.0");
    assertThat(Numbers.signed(0.001, 1)).isEqualTo("0.0");
    assertThat(Numbers.signed(2.04, 1)).isEqualTo("+2.0");
    assertThat(Numbers.signed(-2.04, 1)).isEqualTo("\u22122.0");
  }

  @Test
  void writesInstantsToTheSecond() {
    assertThat(Numbers.time("2011-08-01T03:02:07.123456789Z")).isEqualTo("2011-08-01 03:02:07 UTC");
    assertThat(Numbers.time("2011-08-01T03:02:07Z")).isEqualTo("2011-08-01 03:02:07 UTC");
    assertThat(Numbers.time("yesterday")).isEqualTo("yesterday");
  }

  @Test
  void countsWithTheRightNoun() {
    assertThat(Numbers.count(1, "cluster")).isEqualTo("1 cluster");
    assertThat(Numbers.count(12_345, "cluster")).isEqualTo("12,345 clusters");
  }
}
