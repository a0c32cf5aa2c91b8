package reforest.page;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class NumberTextTest {

  @Test
  void keepsFourSignificantDigits() {
    assertThat(NumberText.plain(45.23456)).isEqualTo("45.23");
    assertThat(NumberText.plain(3.0)).isEqualTo("3");
    assertThat(NumberText.plain(0.00123456)).isEqualTo("0.001235");
    assertThat(NumberText.plain(8_645.4)).isEqualTo("8,645");
    assertThat(NumberText.plain(123_456.7)).isEqualTo("123,457");
    assertThat(NumberText.plain(-0.5)).isEqualTo("\u22120.5");
    assertThat(NumberText.plain(-0.0)).isEqualTo("0");
  }

  @Test
  void writesVeryLargeAndVerySmallNumbersWithAnExponent() {
    assertThat(NumberText.plain(1.23456e-7)).isEqualTo("1.235e-07");
    assertThat(NumberText.plain(-9.87654e15)).isEqualTo("\u22129.877e+15");
  }

  @Test
  void callsWhatIsNoNumberUndefined() {
    assertThat(NumberText.plain(null)).isEqualTo("undefined");
    assertThat(NumberText.plain(Double.NaN)).isEqualTo("undefined");
    assertThat(NumberText.fixed(Double.POSITIVE_INFINITY, 2)).isEqualTo("undefined");
    assertThat(NumberText.signed(null, 2)).isEqualTo("undefined");
    assertThat(NumberText.share(null)).isEqualTo("undefined");
  }

  @Test
  void roundsAnIntervalToTwoDigitsOfItsStandardError() {
    assertThat(NumberText.decimals(43.12, 47.35)).isEqualTo(1);
    assertThat(NumberText.decimals(430.0, 470.0)).isZero();
    assertThat(NumberText.decimals(0.41021, 0.41382)).isEqualTo(5);
    assertThat(NumberText.decimals(1.0, 1.0)).isEqualTo(-1);
    assertThat(NumberText.decimals(null, 1.0)).isEqualTo(-1);
    assertThat(NumberText.decimals(Double.NaN, 1.0)).isEqualTo(-1);
  }

  @Test
  void neverRoundsABoundOntoWhatItMustExceed() {
    int decimals = NumberText.decimals(0.0004, 5.0, 0.0);

    assertThat(NumberText.signed(0.0004, decimals)).isEqualTo("+0.0004");
    assertThat(NumberText.decimals(0.0, 5.0, 0.0)).isEqualTo(1);
  }

  @Test
  void givesNoSignToWhatRoundsToZero() {
    assertThat(NumberText.fixed(-0.001, 1)).isEqualTo("0.0");
    assertThat(NumberText.signed(0.001, 1)).isEqualTo("0.0");
    assertThat(NumberText.signed(2.04, 1)).isEqualTo("+2.0");
    assertThat(NumberText.signed(-2.04, 1)).isEqualTo("\u22122.0");
  }

  @Test
  void writesInstantsToTheSecond() {
    assertThat(NumberText.time("2011-08-01T03:02:07.123456789Z"))
        .isEqualTo("2011-08-01 03:02:07 UTC");
    assertThat(NumberText.time("2011-08-01T03:02:07Z")).isEqualTo("2011-08-01 03:02:07 UTC");
    assertThat(NumberText.time("yesterday")).isEqualTo("yesterday");
  }

  @Test
  void countsWithTheRightNoun() {
    assertThat(NumberText.count(1, "cluster")).isEqualTo("1 cluster");
    assertThat(NumberText.count(12_345, "cluster")).isEqualTo("12,345 clusters");
  }
}
