package reforest.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reforest.behaviour.CaseResult.Failure;
import reforest.bundle.Scorer;
import reforest.config.BehaviourCase;
import reforest.config.BehaviourCase.Direction;
import reforest.config.BehaviourCase.Head;
import reforest.config.BehaviourCase.Invariance;
import reforest.config.BehaviourCase.Kind;
import reforest.config.BehaviourCase.Never;
import reforest.config.BehaviourCase.Within;
import reforest.config.BehaviourConfig;
import reforest.evaluate.Stumps;

/** A suite asks a bundle of one split at 10: below it says one thing, above another. */
final class SuiteTest {

  @TempDir private Path folder;

  /** 5 where x is at most 10, else 20. */
  private Scorer rises() {
    return Scorer.of(Stumps.regression(folder.resolve("rises"), "x", 5, 20));
  }

  private Scorer falls() {
    return Scorer.of(Stumps.regression(folder.resolve("falls"), "x", 20, 5));
  }

  private static Head head(Kind kind) {
    return new Head("a case", kind, 1, Optional.empty());
  }

  private static List<Map<String, String>> rows(String... values) {
    List<Map<String, String>> rows = new ArrayList<>();
    for (String value : values) {
      rows.add(Map.of("x", value));
    }
    return rows;
  }

  private static CaseResult run(Scorer scorer, BehaviourCase asked, String... personal) {
    return new Suite(new BehaviourConfig(List.of(asked), 1), Set.of(personal))
        .run(scorer)
        .cases()
        .get(0);
  }

  private static Within within(
      Optional<Double> least, Optional<Double> most, Optional<String> decided, String... rows) {
    return new Within(head(Kind.MUST_HOLD), rows(rows), Optional.empty(), least, most, decided);
  }

  private static Direction direction(Never never, double tolerance, String... values) {
    return new Direction(
        head(Kind.DIRECTION), rows("1"), Optional.empty(), "x", List.of(values), never, tolerance);
  }

  @Test
  void holdsWhereEveryRowLiesInTheRangeItsEndsIncluded() {
    CaseResult result =
        run(rises(), within(Optional.of(5.0), Optional.of(20.0), none(), "3", "30"));

    assertThat(result.holds()).isTrue();
    assertThat(result.predictions()).isEqualTo(2);
    assertThat(result.shown()).isEmpty();
  }

  private static Optional<String> none() {
    return Optional.empty();
  }

  @Test
  void showsTheRowWhatWasExpectedAndWhatCameTheWorstFirst() {
    CaseResult result =
        run(rises(), within(Optional.of(6.0), Optional.of(7.0), none(), "3", "30", "4"));

    assertThat(result.failures()).isEqualTo(3);
    assertThat(result.shown())
        .extracting(Failure::row)
        .containsExactly(Map.of("x", "30"), Map.of("x", "3"), Map.of("x", "4"));
    assertThat(result.shown().get(0).sentence()).isEqualTo("expected from 6 to 7, got 20");
  }

  @Test
  void showsNoMoreFailuresThanSayAnything() {
    String[] many = new String[50];
    java.util.Arrays.fill(many, "3");

    CaseResult result = run(rises(), within(Optional.of(6.0), Optional.empty(), none(), many));

    assertThat(result.failures()).isEqualTo(50);
    assertThat(result.shown()).hasSize(CaseResult.MOST_SHOWN);
  }

  @Test
  void failsWhereARowCannotBeScored() {
    CaseResult result = run(rises(), within(Optional.of(0.0), Optional.empty(), none(), "many"));

    assertThat(result.failures()).isEqualTo(1);
    assertThat(result.shown().get(0).got()).startsWith("none: ").contains("x");
  }

  @Test
  void readsAMissingInputAsTheModelDoes() {
    Within missing =
        new Within(
            head(Kind.HARD_CASE),
            List.of(Map.of()),
            Optional.empty(),
            Optional.empty(),
            Optional.of(5.0),
            Optional.empty());

    assertThat(run(rises(), missing).holds()).isTrue();
    assertThat(run(falls(), missing).shown().get(0).outside()).isNotEmpty();
  }

  @Test
  void asksForTheClassThatTheBundleDecidesFor() {
    Scorer plain = Scorer.of(Stumps.binary(folder.resolve("plain"), 0.4, 0.9));
    Scorer careful =
        Scorer.of(Stumps.deciding(folder.resolve("careful"), List.of("no", "yes"), 0.4, 0.9, 0.3));
    Within yes = within(Optional.empty(), Optional.empty(), Optional.of("yes"), "3");

    assertThat(run(careful, yes).holds()).isTrue();
    assertThat(run(plain, yes).shown().get(0).sentence())
        .isEqualTo("expected class yes, got class no, probability of yes 0.4");
  }

  @Test
  void meansThePositiveClassOfTwoAndAnotherWhereItIsNamed() {
    Scorer scorer = Scorer.of(Stumps.binary(folder, 0.4, 0.9));
    Within no =
        new Within(
            head(Kind.INCIDENT),
            rows("3"),
            Optional.of("no"),
            Optional.of(0.6),
            Optional.of(0.6),
            Optional.empty());
    Within maybe =
        new Within(
            head(Kind.INCIDENT),
            rows("3"),
            Optional.of("maybe"),
            Optional.of(0.0),
            Optional.of(1.0),
            Optional.empty());

    assertThat(run(scorer, within(Optional.of(0.4), Optional.of(0.4), none(), "3")).holds())
        .isTrue();
    assertThat(run(scorer, no).holds()).isTrue();
    assertThat(run(scorer, maybe).shown().get(0).got())
        .isEqualTo("no such class: the model has no, yes");
  }

  @Test
  void findsAChangeThatMattersAndOneThatDoesNot() {
    Invariance small = invariance(0, "4", "9");
    Invariance large = invariance(14.9, "4", "11");
    Invariance given = invariance(15, "4", "11");

    assertThat(run(rises(), small).holds()).isTrue();
    assertThat(run(rises(), small).predictions()).isEqualTo(3);
    assertThat(run(rises(), given).holds()).isTrue();
    CaseResult failed = run(rises(), large);
    assertThat(failed.failures()).isEqualTo(1);
    assertThat(failed.shown().get(0).sentence())
        .isEqualTo("with x = 11 expected 5, give or take 14.9, got 20, 15 off");
  }

  private static Invariance invariance(double tolerance, String... values) {
    List<Optional<String>> choices = new ArrayList<>();
    for (String value : values) {
      choices.add(Optional.of(value));
    }
    return new Invariance(
        head(Kind.INVARIANCE), rows("1"), Optional.empty(), Map.of("x", choices), tolerance);
  }

  @Test
  void triesEveryCombinationOfChanges() {
    Invariance both =
        new Invariance(
            head(Kind.INVARIANCE),
            rows("1"),
            Optional.empty(),
            Map.of(
                "x",
                List.of(Optional.of("2"), Optional.of("11"), Optional.empty()),
                "unread",
                List.of(Optional.of("a"), Optional.of("b"))),
            0);

    CaseResult result = run(rises(), both);

    assertThat(result.predictions()).isEqualTo(7);
    assertThat(result.failures()).isEqualTo(2);
    assertThat(result.shown())
        .extracting(failure -> failure.change().orElseThrow())
        .containsExactlyInAnyOrder("unread = a, x = 11", "unread = b, x = 11");
  }

  @Test
  void findsAPredictionThatRisesWhereItMustNot() {
    assertThat(run(falls(), direction(Never.RISES, 0, "1", "5", "11", "90")).holds()).isTrue();
    assertThat(run(rises(), direction(Never.FALLS, 0, "1", "5", "11", "90")).holds()).isTrue();
    assertThat(run(rises(), direction(Never.RISES, 15, "1", "11")).holds()).isTrue();

    CaseResult rises = run(rises(), direction(Never.RISES, 1, "1", "5", "11", "90"));
    CaseResult falls = run(falls(), direction(Never.FALLS, 0, "1", "11"));

    assertThat(rises.failures()).isEqualTo(1);
    assertThat(rises.shown().get(0).sentence())
        .isEqualTo("with x = 11 expected at most 6, since x = 1 gives 5, got 20, 15 more");
    assertThat(falls.shown().get(0).sentence())
        .isEqualTo("with x = 11 expected at least 20, since x = 1 gives 20, got 5, 15 less");
  }

  @Test
  void holdsADirectionToAllEarlierValuesAndNotToTheLastOneAlone() {
    // Down and up again: each step alone is within the tolerance of 15, and so is the whole way.
    assertThat(run(rises(), direction(Never.RISES, 14.5, "11", "1", "12")).holds()).isFalse();
    assertThat(run(rises(), direction(Never.FALLS, 14.5, "11", "1", "12")).holds()).isFalse();
    assertThat(run(rises(), direction(Never.FALLS, 14.5, "1", "12", "13")).holds()).isTrue();
  }

  @Test
  void tellsNoValuesOfPersonalColumns() {
    CaseResult result = run(rises(), direction(Never.RISES, 0, "1", "11"), "x");

    Failure failure = result.shown().get(0);
    assertThat(failure.row()).isEqualTo(Map.of("x", "(personal)"));
    assertThat(failure.sentence()).doesNotContain("11");
    assertThat(failure.outside()).isEmpty();
  }

  @Test
  void blocksAsFarAsTheConfigurationSays() {
    Within grave = within(Optional.of(6.0), Optional.empty(), none(), "3");
    Within slight =
        new Within(
            new Head("slight", Kind.HARD_CASE, 2, Optional.of("OPS-7")),
            rows("3"),
            Optional.empty(),
            Optional.of(6.0),
            Optional.empty(),
            Optional.empty());

    Suite.Result first =
        new Suite(new BehaviourConfig(List.of(grave, slight), 1), Set.of()).run(rises());
    Suite.Result second =
        new Suite(new BehaviourConfig(List.of(grave, slight), 2), Set.of()).run(rises());

    assertThat(first.failed(true)).extracting(it -> it.head().name()).containsExactly("a case");
    assertThat(first.failed(false)).extracting(it -> it.head().name()).containsExactly("slight");
    assertThat(second.failed(true)).hasSize(2);
    assertThat(second.failed(false)).isEmpty();
  }
}
