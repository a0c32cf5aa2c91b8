package reforest.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reforest.gate.AlphaSpending.Budget;
import reforest.gate.AlphaSpending.Wish;
import reforest.gate.Ledger.Window;

class AlphaSpendingTest {

  private static final Instant START = Instant.parse("2011-01-01T00:00:00Z");
  private static final Budget FOUR_WEEKS = new Budget(Duration.ofDays(28), Duration.ofDays(14));

  /** A window of four weeks that ends on a day. */
  private static Window ending(int day) {
    return Window.of(START.plus(Duration.ofDays(day - 28)), START.plus(Duration.ofDays(day)));
  }

  private static Wish scheduled(int day) {
    return new Wish(ending(day), Optional.of(FOUR_WEEKS), false, false, true, "run " + day);
  }

  private static Wish first(int day) {
    return new Wish(ending(day), Optional.of(FOUR_WEEKS), true, false, true, "run " + day);
  }

  @Test
  void needsSoManyFreshPeriodsAndAQuarterOfTheLongestWindow() {
    Duration day = Duration.ofDays(1);

    assertThat(Budget.of(Duration.ofDays(28), Optional.of(day), 14).least())
        .isEqualTo(Duration.ofDays(14));
    assertThat(Budget.of(Duration.ofDays(100), Optional.of(day), 14).least())
        .isEqualTo(Duration.ofDays(25));
    assertThat(Budget.of(Duration.ofDays(10), Optional.of(day), 14).least())
        .isEqualTo(Duration.ofDays(10));
    assertThat(Budget.of(Duration.ofDays(28), Optional.empty(), 14).least())
        .isEqualTo(Duration.ofDays(7));
  }

  @Test
  void givesAWindowThatNobodyHasSeenNineTenths() {
    assertThat(new AlphaSpending().spend(scheduled(28))).isEqualTo(Allowance.of(1, 0.9));
  }

  @Test
  void decidesEveryOtherWeekAfterAFirstModelThoughItRunsEveryDay() {
    AlphaSpending spending = new AlphaSpending();
    List<Integer> decided = new ArrayList<>();
    assertThat(spending.spend(first(28)).share()).isEqualTo(0.45);
    for (int day = 29; day <= 84; day++) {
      Allowance allowance = spending.spend(scheduled(day));
      if (allowance.share() > 0) {
        assertThat(allowance.share()).isCloseTo(0.45, within(1e-9));
        decided.add(day);
      }
    }
    assertThat(decided).containsExactly(42, 56, 70, 84);
  }

  @Test
  void givesMonthlyRunsTheWholeEachTime() {
    AlphaSpending spending = new AlphaSpending();
    for (int day = 28; day < 365; day += 28) {
      assertThat(spending.spend(scheduled(day)).share()).isEqualTo(0.9);
    }
  }

  @Test
  void saysWhenThereIsEnoughToJudge() {
    AlphaSpending spending = new AlphaSpending();
    spending.spend(first(28));

    assertThat(spending.allowed(scheduled(29)).nothing())
        .hasValue(
            "nothing new to judge yet: rows before 2011-01-29T00:00:00Z have been judged, and a"
                + " window that ends at 2011-02-12T00:00:00Z or later has enough others");
  }

  @Test
  void letsAPersonRepeatATryOnTheVerySameWindowForLittle() {
    AlphaSpending spending = new AlphaSpending();
    spending.spend(scheduled(28));
    Wish again = new Wish(ending(28), Optional.of(FOUR_WEEKS), false, false, false, "by hand");
    Wish tomorrow = new Wish(ending(29), Optional.of(FOUR_WEEKS), false, false, false, "by hand");
    Wish forced = new Wish(ending(29), Optional.of(FOUR_WEEKS), false, true, false, "forced");

    assertThat(spending.spend(again)).isEqualTo(Allowance.of(2, 0.05));
    assertThat(spending.spend(again).share()).isCloseTo(0.1 / 6, within(1e-12));
    assertThat(spending.spend(tomorrow).share()).isZero();
    assertThat(spending.spend(forced).share()).isCloseTo(0.1 / 12, within(1e-12));
  }

  @Test
  void letsARunJudgeAgainAfterALostRace() {
    AlphaSpending spending = new AlphaSpending();
    spending.spend(scheduled(28));

    assertThat(spending.spend(scheduled(28)).share()).isEqualTo(0.05);
  }

  @Test
  void spendsNothingOfTheMainPartWhileAnEntryIsUnknown() {
    AlphaSpending spending = new AlphaSpending();
    spending.spendUnknown("ledger/7.json, which cannot be read,");

    assertThat(spending.allowed(scheduled(28)).nothing().orElseThrow())
        .startsWith("nothing can be spent: ledger/7.json, which cannot be read, may have spent");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void neverLetsTriesThatTouchARowSpendMoreThanAllTogether(long seed) {
    Random random = new Random(seed);
    AlphaSpending spending = new AlphaSpending();
    double[] spent = new double[800];
    int day = 30;
    for (int i = 0; i < 150 && day < 790; i++) {
      day += random.nextInt(4) == 0 ? random.nextInt(25) : random.nextInt(3);
      int length = random.nextInt(5) == 0 ? 7 + random.nextInt(21) : 28;
      Window window =
          Window.of(START.plus(Duration.ofDays(day - length)), START.plus(Duration.ofDays(day)));
      Budget budget = new Budget(Duration.ofDays(28), Duration.ofDays(1 + random.nextInt(28)));
      Allowance allowance =
          spending.spend(
              new Wish(
                  window,
                  random.nextInt(30) == 0 ? Optional.empty() : Optional.of(budget),
                  random.nextInt(10) == 0,
                  random.nextInt(20) == 0,
                  random.nextBoolean(),
                  "run " + random.nextInt(5)));
      for (int row = Math.max(0, day - length); row < Math.min(800, day); row++) {
        spent[row] += allowance.share();
      }
    }
    assertThat(Arrays.stream(spent).max().orElseThrow()).isBetween(0.85, 1 + 1e-9);
  }
}
