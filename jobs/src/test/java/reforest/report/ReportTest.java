package reforest.report;

import static org.assertj.core.api.Assertions.assertThat;
import static reforest.report.Samples.check;
import static reforest.report.Samples.metric;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import reforest.registry.RunRecord;
import reforest.registry.RunRecord.WeakSlice;

final class ReportTest {

  private static final String NASTY =
      "</td><script>alert(\"1\")</script>&amp; 'x' \u0000\u202E\uD800";

  static List<Samples> everyKind() {
    Samples override = Samples.keep();
    override.kind = "promote";
    override.reason = "the champion is broken";
    override.promotion = 3L;
    return List.of(
        Samples.promote(),
        Samples.keep(),
        Samples.inconclusive(),
        Samples.first(),
        Samples.backtest(),
        Samples.binary(),
        override);
  }

  @ParameterizedTest
  @MethodSource("everyKind")
  void isWellFormedAndTellsEverySectionInOrder(Samples samples) {
    Document page = parse(samples.html());

    assertThat(texts(page, "//section/h2"))
        .containsExactly(
            "Verdict",
            "The rules and what was seen",
            "Everybody on the same rows",
            "Slices",
            "Weak slices that nobody declared",
            "Behaviour",
            "Fairness",
            "The search",
            "About the model",
            "Data and window",
            "Training rows",
            "Where it comes from");
    assertThat(texts(page, "//h1")).containsExactly("bikeshare");
    assertThat(texts(page, "/html/@lang")).containsExactly("en");
    assertThat(texts(page, "//section[not(*[position() > 1])]/h2")).as("empty").isEmpty();
  }

  @ParameterizedTest
  @MethodSource("everyKind")
  void canBeReadWithoutEyes(Samples samples) {
    Document page = parse(samples.html());

    assertThat(count(page, "//table")).isEqualTo(count(page, "//table[caption]"));
    assertThat(count(page, "//th")).isEqualTo(count(page, "//th[@scope]"));
    assertThat(count(page, "//*[local-name() = 'svg']"))
        .isEqualTo(
            count(page, "//*[local-name() = 'svg'][@aria-hidden or *[local-name() = 'title']]"));
    List<String> ids = texts(page, "//@id");
    assertThat(ids).doesNotHaveDuplicates();
    assertThat(texts(page, "//nav/a/@href"))
        .isEqualTo(texts(page, "//section/h2/@id").stream().map(id -> "#" + id).toList());
  }

  @ParameterizedTest
  @MethodSource("everyKind")
  void loadsNothingAndRunsNothing(Samples samples) {
    Document page = parse(samples.html());

    assertThat(count(page, "//script | //link | //img | //iframe | //object | //form")).isZero();
    assertThat(texts(page, "//@src | //@onclick | //@style")).isEmpty();
    assertThat(texts(page, "//@href")).allMatch(href -> href.startsWith("#"));
    assertThat(texts(page, "//style").get(0)).doesNotContain("url(").doesNotContain("@import");
  }

  @ParameterizedTest
  @MethodSource("everyKind")
  void isTheSameForTheRecordThatWasKeptAsJson(Samples samples) {
    RunRecord run = samples.record();

    assertThat(Report.html(RunRecord.parse(run.toJson(), "run.json"))).isEqualTo(samples.html());
  }

  @Test
  void staysSmallWhateverTheDataIsCalledAndHowMuchThereIsOfIt() {
    for (Samples samples : List.of(LargeRun.hostile(), LargeRun.charted(Samples.binary()))) {
      String page = samples.html();

      parse(page);
      assertThat(page.getBytes(StandardCharsets.UTF_8).length).isLessThan(Report.MOST_BYTES);
    }
    assertThat(verdict(LargeRun.hostile())).endsWith("KEEP").doesNotContain("…");
    assertThat(LargeRun.hostile().html()).contains(" more rows would make this page too large");
    assertThat(Samples.promote().html()).doesNotContain("too large");
  }

  @Test
  void saysWhatToTypeNext() {
    assertThat(next(Samples.promote())).isEqualTo("reforest pull bikeshare served");
    assertThat(next(Samples.keep())).isEqualTo("reforest retrain --conf conf/bikeshare.conf");
    assertThat(next(Samples.inconclusive()))
        .isEqualTo("reforest retrain --conf conf/bikeshare.conf --publish");
    assertThat(next(Samples.backtest())).isEqualTo("reforest models bikeshare");

    Samples develop = Samples.promote();
    develop.kind = "develop";
    develop.promotion = null;
    develop.configuration = Map.of("home", "\"/my models/it's\"");
    assertThat(next(develop))
        .isEqualTo(
            "reforest retrain --conf conf/bikeshare.conf --home '/my models/it'\\''s' --publish");
  }

  @Test
  void setsTheChallengerBesideEachOfTheOthers() {
    Samples samples = Samples.promote();
    samples.checks = new ArrayList<>(samples.checks);
    samples.checks.add(
        check("baseline", "overall", "rmse", 30.0, 19.0, 41.0, 0.0, 28, "passed", "rule"));
    Document page = parse(samples.html());

    assertThat(texts(page, "//section[h2/@id = 'metrics']//figure//tbody/tr"))
        .containsExactly(
            "Champion\n5.2 (2.3 to 8.1), mark at 0\nproven",
            "Rule: the baseline\n30.0 (19.0 to 41.0), mark at 0\nproven");
  }

  @Test
  void drawsCurvesWhereTheyApply() {
    assertThat(Samples.promote().html()).doesNotContain("Where predictions and truth part");
    assertThat(titles(LargeRun.charted(Samples.promote())))
        .containsExactly("Predicted against observed", "Residuals of the challenger");
    assertThat(titles(LargeRun.charted(Samples.binary())))
        .containsExactly(
            "Calibration of leaves <soon>",
            "ROC of leaves <soon>",
            "Precision and recall of leaves <soon>");
  }

  @Test
  void tellsWhatChangedInTheTrainingRows() {
    Document page = parse(LargeRun.charted(Samples.promote()).html());
    String section = "//section[h2/@id = 'drift']";

    assertThat(texts(page, section + "/p"))
        .containsExactly(
            "The champion learned from 3,704 rows, this model from 4,376 rows; many may be the same."
                + " 2 columns changed by 10 % or more.",
            "New columns: wind");
    assertThat(texts(page, section + "//tbody/tr"))
        .containsExactly(
            "season\n0.31\nrows with summer 10.0 % → 41.0 %",
            "temp\n0.14\nmean 0.44 → 0.49 (+0.35 deviations); missing +0.3 points",
            "hr\n0.001\nmean 11.5 → 11.5 (0.00 deviations)");
    assertThat(Samples.promote().html()).doesNotContain("What changed in the training rows");
  }

  @Test
  void isTheModelsCardToo() {
    Document page = parse(Samples.promote().html());

    assertThat(texts(page, "//section[h2/@id = 'card']//dt"))
        .containsExactly(
            "Goal",
            "Decision",
            "Owner",
            "Limits",
            "What it predicts",
            "What it is",
            "Tested on",
            "Trained on",
            "Not tested on");
    assertThat(texts(page, "//section[h2/@id = 'card']//dd"))
        .contains(
            "bikers, in rentals, as regression", "too few rows to judge: weathersit = light rain");
  }

  private static List<String> titles(Samples samples) {
    return texts(parse(samples.html()), "//section[h2/@id = 'fit']//figure/p[@class = 'title']");
  }

  private static String next(Samples samples) {
    return texts(parse(samples.html()), "//p[@class = 'next']/code").get(0);
  }

  @Test
  void isTheSameInEveryCountry() {
    Locale before = Locale.getDefault();
    String page = Samples.promote().html();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG"));
      assertThat(Samples.promote().html().lines()).containsExactlyElementsOf(page.lines().toList());
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void showsWhateverComesFromDataAsText() {
    Samples samples = Samples.promote();
    samples.verdict = NASTY;
    samples.reason = NASTY;
    samples.reasons = List.of(NASTY);
    samples.about = Map.of("goal", NASTY, NASTY, NASTY);
    samples.configuration = Map.of(NASTY, NASTY);
    samples.checks =
        List.of(check(NASTY, NASTY, NASTY, 1.0, 0.5, 1.5, 0.0, 3, NASTY), sliceCheck(NASTY));
    samples.metrics = List.of(metric(NASTY, NASTY, NASTY, null, null, null, NASTY));
    Document page = parse(samples.html());

    String shown = "</td><script>alert(\"1\")</script>&amp; 'x' \uFFFD\uFFFD\uFFFD";
    assertThat(count(page, "//script")).isZero();
    assertThat(texts(page, "//section[h2/@id = 'verdict']//ul/li")).containsExactly(shown);
    assertThat(texts(page, "//p[@class = 'goal']")).containsExactly(shown);
    assertThat(texts(page, "//section[h2/@id = 'slices']//tbody//th")).contains(shown);
  }

  @Test
  void countsDaysOnlyWhereDaysAloneAreClusters() {
    Samples samples = Samples.promote();
    String days = "evaluate.cluster.period";
    String columns = "evaluate.cluster.columns";

    samples.configuration = Map.of(days, "\"1d\"", columns, "[]");
    assertThat(new RunWords(samples.record()).rows()).containsPattern(" in [0-9]+ days;");
    // The fewer of days and customers are counted.
    samples.configuration = Map.of(days, "\"1d\"", columns, "[\"customer\"]");
    assertThat(new RunWords(samples.record()).rows()).containsPattern(" in [0-9]+ clusters;");
  }

  @Test
  void saysTheVerdictBeforeAnythingElse() {
    assertThat(verdict(Samples.promote()))
        .startsWith("Yes: the new model goes into production.")
        .endsWith("PROMOTE")
        .contains("RMSE is 45.2 rentals", "in production is 50.5 rentals, 10.4 % lower (better)")
        .contains("better than the champion");
    assertThat(verdict(Samples.keep()))
        .startsWith("No: the model in production stays.")
        .contains("worse than allowed on slice night");
    assertThat(verdict(Samples.inconclusive()))
        .startsWith("Not yet: nothing changes in production.")
        .contains("a fresh window of about 68 clusters would probably decide");
    Samples open = Samples.inconclusive();
    open.champion = null;
    assertThat(verdict(open))
        .contains("good enough to beat the baselines; a fresh window of about 68");
    assertThat(verdict(Samples.first())).contains("better than the baselines");
    assertThat(verdict(Samples.backtest())).contains("figures only");
  }

  @Test
  void doesNotClaimThatARefreshedModelIsBetter() {
    Samples samples = Samples.promote();
    samples.checks =
        List.of(check("primary", "overall", "rmse", 0.1, -1.0, 1.2, -2.0, 28, "passed"));

    assertThat(verdict(samples)).contains("as good, within the margin, as the champion");
  }

  @Test
  void saysThatAModelThatIsNotBetterIsNotBetter() {
    Samples samples = Samples.keep();
    samples.checks =
        List.of(check("primary", "overall", "rmse", -3.0, -4.0, -2.0, 0.0, 28, "failed"));

    assertThat(verdict(samples)).contains("it is not better than the champion");
  }

  @Test
  void saysThatAModelThatTheRuleBeatsIsNotBetterWhereThatBlocks() {
    Samples samples = Samples.keep();
    samples.checks =
        List.of(
            check("primary", "overall", "rmse", 3.0, 2.0, 4.0, 0.0, 28, "passed"),
            check("baseline", "overall", "rmse", -3.0, -4.0, -2.0, 0.0, 28, "failed", "rule"));

    assertThat(verdict(samples))
        .contains("The challenger does not win: it is not better than the rule.");
  }

  @Test
  void tellsWhatTheChallengerMustKeepTo() {
    Samples samples = Samples.keep();
    samples.limits =
        List.of(
            new RunRecord.Limit("floor r2", 0.4, 0.5, false, "r2 is not shown to be 0.5"),
            new RunRecord.Limit("churn", 0.1, 0.2, true, "10 % of the predictions change"),
            new RunRecord.Limit("size", 2000.0, null, true, "the model takes 2,000 bytes"));
    Document page = parse(samples.html());

    assertThat(texts(page, "//section[h2/@id = 'gate']//ul/li"))
        .containsExactly(
            "r2 is not shown to be 0.5, not held, blocks",
            "10 % of the predictions change, held",
            "the model takes 2,000 bytes");
    assertThat(Samples.keep().html()).doesNotContain("what it must keep to");
  }

  @Test
  void saysWhatChangesInProduction() {
    assertThat(production(Samples.promote())).contains("becomes the champion with promotion 2");
    assertThat(production(Samples.keep())).contains("goes on with its champion");
    assertThat(production(Samples.inconclusive())).contains("goes on with its champion");
    assertThat(production(Samples.backtest())).contains("never moves the champion");

    Samples none = Samples.keep();
    none.champion = null;
    assertThat(production(none)).contains("still has no champion");

    Samples develop = Samples.promote();
    develop.kind = "develop";
    develop.promotion = null;
    assertThat(production(develop)).contains("Nothing changed").contains("--publish");
  }

  @Test
  void namesAnOverrideAndItsReason() {
    Samples samples = Samples.keep();
    samples.kind = "promote";
    samples.reason = "the champion is broken";
    samples.promotion = 3L;

    assertThat(production(samples))
        .contains("with promotion 3, although the gate did not let it pass")
        .contains("the champion is broken")
        .doesNotContain("Nothing changed");
  }

  @Test
  void putsTheRulesThatStandInTheWayFirst() {
    Samples samples = Samples.keep();
    samples.checks = new ArrayList<>(samples.checks);
    samples.checks.add(check("slice", "gone", "rmse", null, null, null, -10.0, 0, "undefined"));
    Document page = parse(samples.html());

    assertThat(texts(page, "//section[h2/@id = 'gate']//tbody//td/strong"))
        .containsExactly(
            "shown harmful",
            "undefined",
            "too little data",
            "proven",
            "shown harmless",
            "shown harmless");
    assertThat(texts(page, "//section[h2/@id = 'gate']//tr[@class = 'explanation muted']"))
        .hasSize(3);
  }

  @Test
  void showsTheHardestBaselineAsTheGainOfAFirstModel() {
    Samples samples = Samples.first();
    samples.checks = new ArrayList<>(samples.checks);
    samples.checks.set(
        1, check("primary", "overall", "rmse", 3.0, -2.0, 8.0, 0.0, 28, "unproven", "rule"));
    Document page = parse(samples.html());

    assertThat(texts(page, "//section[h2/@id = 'slices']//figure//tr[th = 'overall']/td"))
        .containsExactly("3.0 (−2.0 to 8.0), mark at 0", "not decided, blocks, against the rule");
  }

  @Test
  void countsATryOnAProtectedWindowOnly() {
    assertThat(facts(Samples.inconclusive()))
        .containsEntry("Try on this window", "number 3")
        .containsEntry("Chance of a wrong promotion it spends", "0.08333 %")
        .containsEntry(
            "Power",
            "a challenger that is truly better by 3 rentals, the gain worth having, would be promoted"
                + " on such rows with a probability of 21 %; for the primary metric alone, a window of"
                + " about 20 clusters would show it with a probability of 80 %");

    Samples develop = Samples.inconclusive();
    develop.windowKind = "development";
    assertThat(facts(develop).get("Try on this window")).startsWith("not counted");
  }

  @Test
  void tellsAFirstModelThePowerForWhatItIsLikelyToGain() {
    assertThat(facts(Samples.first()).get("Power"))
        .startsWith(
            "a first model as much better than the baselines as this one is likely to be would be"
                + " promoted on such rows with a probability of ");
  }

  @Test
  void showsWeakSlicesWithThePredicateThatDeclaresThem() {
    Samples samples = Samples.promote();
    samples.weakSlices =
        List.of(
            weak("harmed", "`hr` < 6 AND `season` = 'winter'", true), weak("weak", null, false));
    Document page = parse(samples.html());

    String section = "//section[h2/@id = 'weak-slices']";
    assertThat(texts(page, section + "//caption"))
        .containsExactly("Worse than the champion", "Worse than on other rows");
    assertThat(texts(page, section + "//tr/th[@scope = 'row']"))
        .containsExactly("hr < 6 and season = winter", "hr < 6 and season = winter");
    assertThat(texts(page, section + "//td/strong")).containsExactly("confirmed", "not confirmed");
    assertThat(texts(page, section + "//code")).containsExactly("`hr` < 6 AND `season` = 'winter'");
    assertThat(texts(page, section + "//tbody[1]/tr[1]/td").subList(0, 4))
        .containsExactly("120 (17.9 %)", "61", "48", "below 0.0001");
  }

  private static WeakSlice weak(String kind, @Nullable String predicate, boolean confirmed) {
    return new WeakSlice(
        kind,
        List.of("hr < 6", "season = winter"),
        predicate,
        120,
        120 / 672.0,
        "rmse",
        61.0,
        50.0,
        48.0,
        1_417.0,
        300.0,
        0.00001,
        confirmed);
  }

  @Test
  void showsOfEachFailedCaseTheRowWhatWasExpectedAndWhatCame() {
    Samples samples = Samples.promote();
    samples.behaviour =
        List.of(
            new RunRecord.Behaviour("held", "must-hold", 1, null, true, true, 1, 0, List.of()),
            new RunRecord.Behaviour(
                "rain <b>",
                "direction",
                1,
                "OPS-7",
                true,
                false,
                11,
                1,
                List.of(
                    new RunRecord.BehaviourFailure(
                        List.of("hr = 3", "hum = 0.4"),
                        "hum = 0.9",
                        "at most 5, since hum = 0.2 gives 4",
                        "6, 2 more",
                        List.of("hr is missing.", "hum is high.")))));
    Document page = parse(samples.html());

    String section = "//section[h2/@id = 'behaviour']";
    assertThat(texts(page, section + "//tr/th[@scope = 'row']"))
        .containsExactly("rain <b>OPS-7", "held");
    assertThat(texts(page, section + "//td/strong")).containsExactly("failed", "held");
    assertThat(texts(page, section + "//td/span"))
        .containsExactly(
            "Row hr = 3, hum = 0.4 with hum = 0.9: expected at most 5, since hum = 0.2 gives 4; got"
                + " 6, 2 more. Unlike the training: hr is missing. hum is high.");
    assertThat(texts(page, section + "/p").get(0))
        .startsWith("1 of 2 cases held, in 12 predictions");
  }

  @Test
  void showsTheGapsBetweenGroupsAndWhatIsKnownOfEach() {
    Samples samples = Samples.promote();
    samples.fairness =
        List.of(
            fairness("a", "selection-rate", 0.25, null, null),
            fairness("b", "selection-rate", null, null, "it has 12 rows"),
            fairness(null, "demographic-parity", 0.25, 0.2, null));
    Document page = parse(samples.html());

    String section = "//section[h2/@id = 'fairness']";
    assertThat(texts(page, section + "//caption"))
        .containsExactly("Largest gaps between groups of sex", "Groups of sex, by the challenger");
    assertThat(texts(page, section + "//tr/th[@scope = 'row']"))
        .containsExactly("Demographic parity", "a", "b");
    assertThat(texts(page, section + "//td/span")).containsExactly("Undefined: it has 12 rows.");
    assertThat(texts(page, section + "//div[1]//tbody/tr/td"))
        .containsExactly("0.250", "0.150 to 0.350", "", "< 0.2", "not shown, blocks");
  }

  private static RunRecord.Fairness fairness(
      @Nullable String group,
      String measure,
      @Nullable Double value,
      @Nullable Double limit,
      @Nullable String undefined) {
    return new RunRecord.Fairness(
        "challenger",
        "sex",
        group,
        measure,
        value,
        value == null ? null : (Double) (value - 0.1),
        value == null ? null : (Double) (value + 0.1),
        500,
        20,
        limit,
        undefined);
  }

  @Test
  void showsHowOftenOneClassWasTakenForAnother() {
    Document page = parse(Samples.binary().html());
    String table = "//table[starts-with(caption, 'Challenger: rows by true class')]";

    assertThat(texts(page, table + "//th"))
        .containsExactly(
            "True class", "Predicted stays", "Predicted leaves <soon>", "stays", "leaves <soon>");
    assertThat(texts(page, table + "//td")).containsExactly("412", "31", "57", "172");
    assertThat(count(page, "//table[contains(caption, 'by true class')]")).isEqualTo(2);
    assertThat(count(parse(Samples.keep().html()), "//table[contains(caption, 'true class')]"))
        .isZero();
  }

  @Test
  void saysWhyAFigureIsUndefined() {
    Document page = parse(Samples.binary().html());

    List<String> cells = texts(page, "//section[h2/@id = 'slices']//td[@class = 'n']");
    assertThat(cells)
        .contains("undefinedall rows are negative")
        .contains("0.3interval undefined: there is one group")
        .contains("not measured");
  }

  @Test
  void countsTheCategoriesThatItDoesNotList() {
    Samples samples = Samples.promote();
    Map<String, Long> listed = new LinkedHashMap<>();
    for (int i = 0; i < 50; i++) {
      listed.put("origin " + i, 1000L - i);
    }
    RunRecord.Column origins =
        new RunRecord.Column("origin", 0, null, null, Map.of(), listed, 223L);
    samples.profile = List.of(origins);
    assertThat(samples.html()).contains("origin 11 989 · and 211 more<");

    samples.profile =
        List.of(new RunRecord.Column("origin", 0, null, null, Map.of(), listed, null));

    assertThat(samples.html()).contains("origin 11 989 · and at least 38 more<");
  }

  @Test
  void keepsIntervalsWithinWhatAMetricCanBe() {
    Samples samples = Samples.promote();
    samples.metrics =
        List.of(
            new RunRecord.Metric(
                "challenger", "overall", "accuracy", 0.97, 0.911, 1.029, 40, 12, null),
            new RunRecord.Metric("challenger", "overall", "rmse", 1.0, -0.4, 2.4, 40, 12, null),
            new RunRecord.Metric("challenger", "overall", "bias", 1.0, -0.4, 2.4, 40, 12, null));

    List<String> cells =
        texts(parse(samples.html()), "//section[h2/@id = 'metrics']//td[@class = 'n']");

    assertThat(cells)
        .containsExactly("0.9700.911 to 1.000", "1.000.00 to 2.40", "1.00−0.40 to 2.40");
  }

  @Test
  void drawsTheGainOfASliceWithItsText() {
    Document page = parse(Samples.promote().html());

    assertThat(texts(page, "//section[h2/@id = 'slices']//figure//tr[th = 'night']/td"))
        .containsExactly("−0.41 (−1.33 to 0.51), mark at −10", "shown harmless");
    assertThat(texts(page, "//*[local-name() = 'svg']//@*").toString()).doesNotContain("NaN");
  }

  @Test
  void marksTheWinnerAndSetsItsTestScoreBesideTheSearch() {
    Document page = parse(Samples.promote().html());

    assertThat(texts(page, "//tr[@class = 'winner']/*"))
        .containsExactly(
            "gradient-boostingwinner",
            "depth 6, iterations 40, step-size 0.2",
            "55.5",
            "52.25",
            "66.13",
            "57.96\u00A0\u00B1\u00A04.189",
            "0\u00A0\u00B1\u00A00",
            "160.0",
            "412",
            "41.90");
    assertThat(texts(page, "//section[h2/@id = 'search']/p").get(0))
        .contains("only ranks")
        .contains("the winner has RMSE 45.2 rentals")
        .contains(
            "The winner is the best mean score. The first candidate has the champion's settings.");
  }

  @Test
  void saysWhatExcludedACandidateAndLeavesOutWhatAnEarlierReleaseDidNotRecord() {
    Samples samples = Samples.promote();
    samples.search = null;

    Document page = parse(samples.html());

    assertThat(texts(page, "//section[h2/@id = 'search']//tr[@class = 'candidate'][2]/*"))
        .containsExactly(
            "gradient-boostingexcluded: its score is undefined on a fold",
            "depth 5, iterations 40, step-size 0.2",
            "56.5",
            "undefined",
            "67.13",
            "undefined",
            "undefined",
            "not recorded",
            "not recorded",
            "38.20");
    assertThat(texts(page, "//section[h2/@id = 'search']/p").get(0)).doesNotContain("null");
  }

  @Test
  void hasRoomForAFigureThatThisReleaseDoesNotKnow() {
    Samples samples = Samples.promote();
    samples.metrics = List.of(metric("oracle", "overall", "pinball", 1.0, 0.5, 1.5, null));
    Document page = parse(samples.html());

    Set<String> heads = new HashSet<>(texts(page, "//section[h2/@id = 'metrics']//th"));
    assertThat(heads).contains("oracle", "pinball");
  }

  private static RunRecord.Check sliceCheck(String text) {
    return check("slice", text, text, 1.0, 0.5, 1.5, 0.0, 3, "failed");
  }

  private static String verdict(Samples samples) {
    return texts(parse(samples.html()), "//section[1]/p").get(0);
  }

  private static String production(Samples samples) {
    return texts(parse(samples.html()), "//section[h2/@id = 'verdict']").get(0);
  }

  private static Map<String, String> facts(Samples samples) {
    Document page = parse(samples.html());
    List<String> names = texts(page, "//section[h2/@id = 'gate']//dt");
    List<String> values = texts(page, "//section[h2/@id = 'gate']//dd");
    Map<String, String> facts = new java.util.HashMap<>();
    for (int i = 0; i < names.size(); i++) {
      facts.put(names.get(i), values.get(i));
    }
    return facts;
  }

  private static Document parse(String html) {
    assertThat(html.getBytes(StandardCharsets.UTF_8))
        .asString(StandardCharsets.UTF_8)
        .isEqualTo(html);
    try {
      return DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .parse(new InputSource(new StringReader(html)));
    } catch (SAXException | IOException | ParserConfigurationException e) {
      throw new AssertionError("not well-formed: " + e.getMessage(), e);
    }
  }

  private static int count(Document page, String path) {
    return texts(page, path).size();
  }

  private static List<String> texts(Document page, String path) {
    try {
      NodeList found =
          (NodeList)
              XPathFactory.newInstance().newXPath().evaluate(path, page, XPathConstants.NODESET);
      List<String> texts = new ArrayList<>();
      for (int i = 0; i < found.getLength(); i++) {
        Node node = found.item(i);
        texts.add(node.getTextContent().strip());
      }
      return texts;
    } catch (XPathExpressionException e) {
      throw new IllegalArgumentException(path, e);
    }
  }
}
