package reforest.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import reforest.registry.ExplainedRecord;
import reforest.registry.RunRecords;

/** What a reader sees of why. */
final class ExplainedSectionsTest {

  private static String page(ExplainedRecord explained) {
    Samples samples = Samples.keep();
    samples.explained = explained;
    return samples.html();
  }

  private static Document parse(String page) {
    try {
      return DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .parse(new InputSource(new StringReader(page.replaceFirst("<!DOCTYPE html>", ""))));
    } catch (SAXException | IOException | ParserConfigurationException e) {
      throw new AssertionError(e);
    }
  }

  /** The same with every text replaced, names and values alike. */
  private static ExplainedRecord renamed(String from, String to) {
    JsonMapper json = new JsonMapper();
    try {
      String text = json.writeValueAsString(RunRecords.EXPLAINED);
      return json.readValue(
          text.replace("\"" + from + "\"", json.writeValueAsString(to)), ExplainedRecord.class);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void tellsErrorsWorthAndDifferenceInThatOrder() {
    String page = page(RunRecords.EXPLAINED);

    assertThat(page)
        .containsSubsequence(
            ">Where it errs<", ">What the features are worth<", ">What moved the difference<");
    assertThat(page).contains("Of 40 of the window&#39;s 4,000 rows.");
    parse(page);
  }

  @Test
  void putsWhatMakesFiguresDoubtfulBeforeTheFigures() {
    String page = page(RunRecords.EXPLAINED);

    assertThat(page)
        .containsSubsequence(
            "One feature carries the model.",
            "Without x its Log-loss is 1",
            "Rows that the model remembers.",
            "A feature that comes too late.",
            "c is missing in 90 % of the rows from",
            "What each feature is worth");
  }

  @Test
  void leavesTheSectionsOutWhereNothingWasExplained() {
    String page = Samples.keep().html();

    assertThat(page).doesNotContain("Where it errs", "What moved the difference");
  }

  @Test
  void showsHostileNamesAndValuesAsText() {
    String hostile = "</td></details><script>alert(1)</script>&\" '";
    for (String name : new String[] {"x", "c", "night", "yes", "3", "08"}) {
      String page = page(renamed(name, hostile));

      assertThat(page).as(name).contains("&lt;script&gt;").doesNotContain("<script");
      parse(page);
    }
  }

  @Test
  void keepsAPageSmallWhoseFeaturesHaveLongNames() {
    String page = page(renamed("x", "x".repeat(5_000)));

    assertThat(page.getBytes(StandardCharsets.UTF_8).length).isLessThan(200_000);
    parse(page);
  }
}
