package reforest.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import reforest.config.FeatureConfig.Derived;
import reforest.config.FeatureConfig.Operation;
import reforest.export.Logarithms.Cut;

class LogarithmsTest {

  private static final double FLOOR = 0.25;

  private static final List<Derived> DERIVED =
      List.of(
          new Derived("log", Operation.LOG, List.of("x"), FLOOR, List.of()),
          new Derived("twice", Operation.LOG, List.of("log"), FLOOR, List.of()),
          new Derived("small", Operation.MINIMUM, List.of("x", "log"), 0, List.of()));

  private final Logarithms logarithms = new Logarithms(DERIVED, false);
  private final Logarithms highest = new Logarithms(DERIVED, true);

  private static double log(double x) {
    return StrictMath.log(Math.max(x, FLOOR));
  }

  @Test
  void splitsTheOperandWhereTheLogarithmWasSplitToTheLastDigit() {
    Random random = new Random(3);
    for (int i = 0; i < 10_000; i++) {
      double x = Math.exp(random.nextDouble() * 20 - 1);
      // On a value's own logarithm, where the last digit decides, and beside it.
      double at = i % 2 == 0 ? log(x) : Math.nextDown(log(x));

      Cut cut = logarithms.resolve(new Cut("log", at));

      assertThat(cut.field()).isEqualTo("x");
      for (double near : new double[] {Math.nextDown(x), x, Math.nextUp(x)}) {
        assertThat(near <= cut.at()).as("%s of %s at %s", near, x, at).isEqualTo(log(near) <= at);
      }
    }
  }

  @Test
  void resolvesALogarithmOfALogarithm() {
    Cut cut = logarithms.resolve(new Cut("twice", 0.5));

    assertThat(cut.field()).isEqualTo("x");
    assertThat(log(log(cut.at()))).isLessThanOrEqualTo(0.5);
    assertThat(log(log(Math.nextUp(cut.at())))).isGreaterThan(0.5);
  }

  @Test
  void leavesOtherColumnsAndWhatNoOperandReaches() {
    for (Cut cut : List.of(new Cut("x", 3), new Cut("small", 3), new Cut("log", -2))) {
      assertThat(logarithms.resolve(cut)).isEqualTo(cut);
    }
  }

  @Test
  void sendsMissingValuesToTheRightWhereTheyCountAsHighest() {
    double afterAllNumbers = 800;

    assertThat(highest.resolve(new Cut("log", afterAllNumbers)))
        .isEqualTo(new Cut("x", Math.nextDown(Double.MAX_VALUE)));
    assertThat(logarithms.resolve(new Cut("log", afterAllNumbers)))
        .isEqualTo(new Cut("x", Double.MAX_VALUE));
  }
}
