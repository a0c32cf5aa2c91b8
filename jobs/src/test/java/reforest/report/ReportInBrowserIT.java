package reforest.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reforest.testing.Chromium;

/**
 * The report in a real browser. Pages stay in {@code target/report-pages}, where the build also
 * asks the HTML validator, and pictures beside them, in {@code target/report-pictures}.
 */
final class ReportInBrowserIT {

  private static final String AXE = "/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js";

  /** Names of the pages. */
  private static final String PROMOTE = "promote";

  private static final String BINARY = "binary";
  private static final String HOSTILE = "hostile";
  private static final String MODELS = "models";

  private static final Path PAGES = Path.of("target", "report-pages").toAbsolutePath();

  private static final Path PICTURES = PAGES.resolveSibling("report-pictures");

  @TempDir private static Path folder;
  private static Chromium browser;

  @BeforeAll
  static void open() throws IOException, InterruptedException {
    Files.createDirectories(PAGES);
    Files.createDirectories(PICTURES);
    Samples promote = LargeRun.charted(Samples.promote());
    write(PROMOTE, promote.html());
    write(BINARY, LargeRun.charted(Samples.binary()).html());
    write(HOSTILE, LargeRun.hostile().html());
    write(
        MODELS,
        Index.html(
            "Models",
            List.of(
                new Index.Model(
                    "bikeshare", List.of(), List.of(promote.record(), Samples.keep().record()))),
            report -> "models/x/report.html"));
    browser = Chromium.start(Files.createDirectory(folder.resolve("profile")));
  }

  @AfterAll
  static void close() throws InterruptedException {
    browser.close();
  }

  private static void write(String name, String html) throws IOException {
    Files.writeString(PAGES.resolve(name + ".html"), html, StandardCharsets.UTF_8);
  }

  private static void look(String name) {
    browser.open(PAGES.resolve(name + ".html"));
  }

  @ParameterizedTest
  @ValueSource(strings = {PROMOTE, BINARY, HOSTILE, MODELS})
  void saysNothingOnTheConsoleAndAsksForNothing(String name) {
    look(name);

    assertThat(browser.messages()).isEmpty();
    assertThat(browser.requests())
        .containsExactly(PAGES.resolve(name + ".html").toUri().toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {PROMOTE, BINARY, MODELS})
  void canBeUsedByEverybodyInLightAndDark(String name) throws IOException {
    for (boolean dark : List.of(false, true)) {
      browser.size(1280, 900);
      browser.media(dark, false);
      look(name);
      unfold();
      browser.evaluate(Chromium.resource(AXE) + "; 1");
      JsonNode found =
          browser.evaluate(
              "axe.run().then(r => r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html).slice(0, 3)))");
      Files.write(PICTURES.resolve(name + (dark ? "-dark.png" : "-light.png")), browser.picture());

      assertThat(found).as(dark ? "dark" : "light").isEmpty();
    }
    browser.media(false, false);
  }

  @ParameterizedTest
  @ValueSource(strings = {PROMOTE, BINARY, HOSTILE, MODELS})
  void doesNotScrollSidewaysOnATelephone(String name) throws IOException {
    browser.size(360, 740);
    look(name);
    unfold();
    Files.write(PICTURES.resolve(name + "-360.png"), browser.picture());

    assertThat(browser.evaluate("document.documentElement.scrollWidth").asInt()).isEqualTo(360);
  }

  @ParameterizedTest
  @ValueSource(strings = {PROMOTE, BINARY, MODELS})
  void printsOnA4WithoutCutTables(String name) throws IOException {
    // The width of A4 between margins of 1.5 cm, in points of the screen.
    browser.size(680, 960);
    browser.media(false, true);
    look(name);
    JsonNode cut =
        browser.evaluate(
            "[...document.querySelectorAll('table, svg.chart')].filter(t =>"
                + " t.getBoundingClientRect().width > 0"
                + " && t.getBoundingClientRect().right > innerWidth + 1)"
                + ".map(t => t.innerText)");
    byte[] pdf = browser.pdf();
    browser.media(false, false);
    Files.write(PICTURES.resolve(name + ".pdf"), pdf);

    assertThat(cut).isEmpty();
    assertThat(new String(pdf, 0, 5, StandardCharsets.US_ASCII)).isEqualTo("%PDF-");
  }

  @Test
  void showsThreeHundredHostileTextsAsText() {
    browser.size(1280, 900);
    look(HOSTILE);

    assertThat(browser.evaluate("window.broken === undefined").asBoolean()).isTrue();
    assertThat(
            browser
                .evaluate(
                    "document.querySelectorAll('script, img, iframe, object, form, link, base').length")
                .asInt())
        .isZero();
    List<String> handlers = new ArrayList<>();
    browser
        .evaluate(
            "[...document.querySelectorAll('*')].flatMap(e => [...e.attributes])"
                + ".filter(a => /^(on|src|style)/.test(a.name)).map(a => a.name)")
        .forEach(name -> handlers.add(name.asText()));
    assertThat(handlers).isEmpty();
    String shown = browser.evaluate("document.body.textContent").asText();
    assertThat(shown).contains("<img src=x onerror=broken=1>0", "<script>broken=1</script>1");
  }

  /** Opens what is folded, so that it is looked at, too. */
  private static void unfold() {
    browser.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; }); 1");
  }
}
