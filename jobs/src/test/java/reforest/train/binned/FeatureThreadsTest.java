package reforest.train.binned;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FeatureThreadsTest {

  private static final int MANY = 1_000_000;

  @ParameterizedTest
  @CsvSource({"1, 9, 1", "2, 9, 2", "4, 9, 3", "4, 16, 4", "3, 17, 3", "8, 4, 1", "2, 1, 1"})
  void takesEachFeatureOnceOnAtMostOneThreadForFourOfThem(int threads, int features, int used) {
    AtomicIntegerArray taken = new AtomicIntegerArray(features);
    Set<Thread> by = ConcurrentHashMap.newKeySet();
    int[] all = IntStream.range(0, features).toArray();
    try (FeatureThreads crew = new FeatureThreads(threads)) {
      crew.share(
          all,
          MANY,
          some -> {
            by.add(Thread.currentThread());
            Arrays.stream(some).forEach(taken::incrementAndGet);
          });
    }

    assertThat(Arrays.stream(all).map(taken::get)).containsOnly(1);
    assertThat(by).hasSize(used).contains(Thread.currentThread());
  }

  @Test
  void wakesNobodyForAFewRows() {
    try (FeatureThreads crew = new FeatureThreads(4)) {
      Thread caller = Thread.currentThread();

      crew.share(new int[40], 100, some -> assertThat(Thread.currentThread()).isSameAs(caller));
    }
  }

  @Test
  void tellsOfAnotherThreadsFailure() {
    try (FeatureThreads crew = new FeatureThreads(2)) {
      assertThatThrownBy(
              () ->
                  crew.share(
                      IntStream.range(0, 8).toArray(),
                      MANY,
                      some -> {
                        if (some[0] == 4) {
                          throw new ArithmeticException("of the second part");
                        }
                      }))
          .hasRootCauseInstanceOf(ArithmeticException.class);
    }
  }
}
