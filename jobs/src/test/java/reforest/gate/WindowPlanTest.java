package reforest.gate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import reforest.statistics.StudentT;

class WindowPlanTest {

  @Test
  void fourTimesTheClustersShowHalfTheGain() {
    WindowPlan plan = new WindowPlan(2.0, 101, 101);

    long whole = plan.clusters(0.05, 0, 5.0).orElseThrow();
    long half = plan.clusters(0.05, 0, 2.5).orElseThrow();

    // (1.660 + 0.845) standard errors of 2 in 101 clusters.
    assertThat(whole).isEqualTo(102);
    assertThat(half).isEqualTo(406);
  }

  @Test
  void readsTheErrorBackFromABound() {
    double error = 1.7;
    double lower = 3 + StudentT.quantile(0.045, 27) * error;

    assertThat(WindowPlan.of(3, lower, 0.045, 28, 40).standardError())
        .isCloseTo(error, org.assertj.core.api.Assertions.within(1e-9));
  }

  @Test
  void saysNothingWhereNoWindowWouldDo() {
    assertThat(new WindowPlan(2.0, 20, 20).clusters(0.05, 5, 5)).isEmpty();
    assertThat(new WindowPlan(Double.NaN, 20, 20).clusters(0.05, 0, 5)).isEmpty();
    assertThat(new WindowPlan(2.0, 1, 1).clusters(0.05, 0, 5)).isEmpty();
    assertThat(new WindowPlan(0, 20, 20).clusters(0.05, 0, 5)).isEmpty();
  }
}
