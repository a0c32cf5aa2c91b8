package reforest.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GroupSharesTest {

  private static long[] equal(int groups) {
    long[] rows = new long[groups];
    Arrays.fill(rows, 24);
    return rows;
  }

  @Test
  void leavesGroupsOfOneSizeAllDegreesOfFreedomButOne() {
    assertThat(GroupShares.of(equal(30), false).degrees()).isCloseTo(29, within(1e-9));
  }

  @Test
  void leavesFewDegreesOfFreedomWhereOneGroupHasManyRows() {
    long[] rows = new long[50];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = Math.round(1000 * Math.pow(i + 1, -1.5));
    }
    GroupShares shares = GroupShares.of(rows, false);

    assertThat(shares.largest()).isBetween(0.40, 0.45);
    assertThat(shares.degrees()).isBetween(2.5, 3.2);
  }

  @Test
  void doesNotCountGroupsWithoutRows() {
    long[] rows = equal(30);
    rows[3] = 0;
    rows[29] = 0;
    GroupShares shares = GroupShares.of(rows, false);

    assertThat(shares.present()).isEqualTo(28);
    assertThat(shares.has(3)).isFalse();
    assertThat(shares.degrees()).isCloseTo(27, within(1e-9));
  }

  @Test
  void hasNoDegreesOfFreedomWithOneGroupOrNone() {
    assertThat(GroupShares.of(new long[] {5, 0}, true).degrees()).isLessThan(1);
    assertThat(GroupShares.of(new long[2], true).degrees()).isLessThan(1);
  }

  @Test
  void looksAtNeighboursForAboutAWeekOrMore() {
    assertThat(GroupShares.of(equal(5), true).span()).isEqualTo(4);
    assertThat(GroupShares.of(equal(14), true).span()).isEqualTo(8);
    assertThat(GroupShares.of(equal(56), true).span()).isCloseTo(1.3 * Math.sqrt(56), within(1e-9));
    assertThat(GroupShares.of(equal(56), false).span()).isEqualTo(1);
  }

  /** By the definitions, with matrices: the mean and variance of a quadratic form. */
  @Test
  void knowsTheSerialErrorToFewerDegreesOfFreedom() {
    int n = 28;
    double span = 1.3 * Math.sqrt(n);
    double[][] product = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        for (int k = 0; k < n; k++) {
          double weight = Math.max(0, 1 - Math.abs(i - k) / span);
          product[i][j] += weight * ((k == j ? 1 : 0) - 1.0 / n);
        }
      }
    }
    double trace = 0;
    double squared = 0;
    for (int i = 0; i < n; i++) {
      trace += product[i][i];
      for (int j = 0; j < n; j++) {
        squared += product[i][j] * product[j][i];
      }
    }

    GroupShares shares = GroupShares.of(equal(n), true);

    assertThat(shares.serialDegrees()).isCloseTo(trace * trace / squared, within(1e-9));
    double[] parts = new double[n];
    parts[4] = 1;
    parts[5] = 2;
    double expected = (1 + 4 + 2 * 2 * (1 - 1 / span)) * (n - 1) / trace;
    assertThat(shares.serialVariance(parts)).isCloseTo(expected, within(1e-9));
  }

  @Test
  void isRightOnAverageWhereGroupsAreIndependent() {
    GroupShares shares = GroupShares.of(equal(28), true);
    Random random = new Random(5);
    double plain = 0;
    double serial = 0;
    for (int i = 0; i < 4_000; i++) {
      double[] parts = random.doubles(28).map(x -> x - 0.5).toArray();
      double mean = Arrays.stream(parts).average().orElseThrow();
      for (int g = 0; g < parts.length; g++) {
        parts[g] -= mean;
        plain += parts[g] * parts[g];
      }
      serial += shares.serialVariance(parts);
    }
    assertThat(serial / plain).isCloseTo(1, within(0.03));
  }

  @Test
  void takesTheWiderOfBothErrors() {
    Spread wider = new Spread(1, 20, 0.1, 5);
    Spread serial = new Spread(1, 20, 2, 5);

    assertThat(wider.width(0.05)).isEqualTo(-StudentT.quantile(0.05, 20));
    assertThat(serial.width(0.05)).isEqualTo(-2 * StudentT.quantile(0.05, 5));
    assertThat(serial.below(-3)).isEqualTo(StudentT.below(-1.5, 5));
  }

  @Test
  void drawsAFigureTowardsZeroByItsUncertainty() {
    double[] deviations = {1, -1};
    GroupShares shares = GroupShares.of(new long[] {1, 1}, false);

    assertThat(Estimate.of(4, 2, deviations, shares).shrunk()).isCloseTo(3.5, within(1e-12));
    assertThat(Estimate.of(-1, 2, deviations, shares).shrunk()).isZero();
    assertThat(Estimate.undefined(Double.NaN, 2, 2, "no rows").shrunk()).isNaN();
  }

  @Test
  void limitsDegreesOfFreedomByLargeGroupsAndByThoseThatCarryInformation() {
    GroupShares uneven = GroupShares.of(new long[] {60, 10, 10, 10, 10}, false);
    double[] deviations = {1, -1, 1, -1, 0};

    assertThat(Estimate.of(1, 5, deviations, uneven).degreesOfFreedom())
        .isEqualTo(uneven.degrees())
        .isLessThan(3);
    assertThat(Estimate.of(1, 2, deviations, uneven).degreesOfFreedom()).isEqualTo(1);
  }

  @Test
  void hasNoCovarianceWithWhatIsUndefined() {
    double[] deviations = {1, -1};
    Estimate known = Estimate.of(4, 2, deviations, GroupShares.of(equal(2), false));
    Estimate unknown = Estimate.undefined(3, 2, 2, "no error");

    assertThat(known.covariance(known)).isEqualTo(2);
    assertThat(known.covariance(unknown)).isNaN();
    assertThat(unknown.covariance(known)).isNaN();
    assertThat(unknown.inflation()).isEqualTo(1);
  }

  @Test
  void doesNotFollowNeighboursThatAreAlikeToNoEnd() {
    double[] deviations = {1, 1, 1, 1, 1, 1};
    Estimate days = Estimate.of(2, 6, deviations, GroupShares.of(equal(6), true));
    double[] alternating = {1, -1, 1, -1, 1, -1};
    Estimate others = Estimate.of(2, 6, alternating, GroupShares.of(equal(6), true));

    // 5 of 6 is seen, and (1 + 5/6) / (1 - 5/6) is 11.
    assertThat(days.inflation()).isCloseTo(Math.sqrt(11), within(1e-12));
    assertThat(others.inflation()).isEqualTo(1);
    double[] many = new double[60];
    Arrays.fill(many, 1);
    assertThat(Estimate.of(2, 60, many, GroupShares.of(equal(60), true)).inflation())
        .isCloseTo(Math.sqrt(19), within(1e-12));
  }

  @Test
  void tellsHowAlikeNeighboursAre() {
    double[] deviations = {1, 1, -1, -1, 1, 1};
    Estimate days = Estimate.of(2, 6, deviations, GroupShares.of(equal(6), true));
    Estimate customers = Estimate.of(2, 6, deviations, GroupShares.of(equal(6), false));

    assertThat(days.neighbours()).isCloseTo(1.0 / 6, within(1e-12));
    assertThat(days.undefined()).isEqualTo(Optional.empty());
    assertThat(customers.neighbours()).isNaN();
    assertThat(customers.spread().serialError()).isEqualTo(customers.standardError());
  }
}
