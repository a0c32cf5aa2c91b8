package reforest.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ExactSumTest {

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void isTheExactSumRoundedOnceInWhateverOrder(long seed) {
    Random random = new Random(seed);
    List<Double> terms = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      double term = random.nextGaussian() * Math.pow(10, random.nextInt(40) - 20);
      terms.add(term);
      if (i % 3 == 0) {
        terms.add(-term);
      }
    }
    double exact =
        terms.stream().map(BigDecimal::new).reduce(BigDecimal.ZERO, BigDecimal::add).doubleValue();

    for (int shuffle = 0; shuffle < 20; shuffle++) {
      Collections.shuffle(terms, random);
      ExactSum one = new ExactSum();
      ExactSum other = new ExactSum();
      terms.subList(0, 123).forEach(one::add);
      terms.subList(123, terms.size()).forEach(other::add);
      one.add(other);
      assertThat(one.value()).isEqualTo(exact);
    }
  }

  @Test
  void keepsWhatAPlainSumLoses() {
    ExactSum sum = new ExactSum();
    for (double term : new double[] {1e300, 1, -1e300}) {
      sum.add(term);
    }
    assertThat(sum.value()).isEqualTo(1);
  }

  @Test
  void isZeroWithoutTerms() {
    assertThat(new ExactSum().value()).isZero();
  }

  @Test
  void isNotFiniteOnceATermWas() {
    ExactSum sum = new ExactSum();
    sum.add(Double.NaN);
    sum.add(1);
    ExactSum merged = new ExactSum();
    merged.add(sum);
    assertThat(merged.value()).isNaN();
  }
}
