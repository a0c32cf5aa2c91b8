package reforest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import reforest.config.ConfigReader;

/** Holds the documentation to what there is: files, headings, packages and configuration keys. */
final class DocsTest {

  private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();
  private static final Path DOCS = PROJECT.resolve("docs");
  private static final Path README = PROJECT.resolve("README.md");
  private static final Path PACKAGES = Path.of("src", "main", "java", "reforest");

  private static final int MOST_LINES = 150;

  private static final Pattern FENCE = Pattern.compile("^ {0,3}(```+|~~~+)(.*)$");
  private static final Pattern HEADING = Pattern.compile("^(#{1,6}) +(.*?) *#*$");
  private static final Pattern CODE = Pattern.compile("(`+)(.+?)\\1", Pattern.DOTALL);

  /** In {@code [text](target)}, {@code ![text](target)}, {@code [name]: target} and HTML. */
  private static final List<Pattern> TARGETS =
      List.of(
          Pattern.compile("\\]\\(\\s*<?([^)\\s>]+)>?[^)]*\\)"),
          Pattern.compile("(?m)^ {0,3}\\[[^\\]]+\\]:\\s+<?([^\\s>]+)>?"),
          Pattern.compile("\\b(?:src|href)=\"([^\"]+)\""));

  private static final Pattern ELSEWHERE = Pattern.compile("[a-z][a-z0-9+.-]*:.*");

  /** The pages that are held to their links. */
  static List<Path> pages() {
    List<Path> pages = new ArrayList<>();
    for (String name :
        List.of(
            "README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "airflow/README.md")) {
      pages.add(PROJECT.resolve(name));
    }
    try (Stream<Path> below = Files.walk(DOCS)) {
      below.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return pages;
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyLinkLeadsToAFileAndAHeadingThatAreThere(Path page) {
    assertThat(brokenLinks(page)).as(PROJECT.relativize(page).toString()).isEmpty();
  }

  @Test
  void everyPageOfTheDocsIsReachedFromTheReadme() {
    Set<Path> reached = new TreeSet<>(Set.of(README));
    Deque<Path> left = new ArrayDeque<>(reached);
    while (!left.isEmpty()) {
      Path page = left.remove();
      for (String link : links(page)) {
        Path target = target(page, link);
        if (target.toString().endsWith(".md") && Files.exists(target) && reached.add(target)) {
          left.add(target);
        }
      }
    }

    assertThat(reached).containsAll(pages());
  }

  @Test
  void theReadmeIsShort() {
    assertThat(text(README).lines().count()).isLessThanOrEqualTo(MOST_LINES);
  }

  @Test
  void theMapHasAParagraphForEachPackageAndNoOther() {
    List<String> mapped = new ArrayList<>();
    boolean inside = false;
    for (Heading heading : headings(DOCS.resolve("architecture.md"))) {
      if (heading.level() == 2) {
        inside = heading.slug().startsWith("the-packages-of-jobs");
      } else if (heading.level() == 3 && inside) {
        mapped.add(heading.slug());
      }
    }

    assertThat(mapped).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(packages());
  }

  /** The block of the page that is a whole file, and the changes that the page shows to it. */
  @Test
  void theExampleOfAModelsFileIsAccepted(@TempDir Path folder) throws IOException {
    List<String> examples = blocks(DOCS.resolve("configuration.md"), "hocon");
    assertThat(examples).hasSizeGreaterThan(1);
    Path file = Files.writeString(folder.resolve("parcels.conf"), examples.get(0));

    for (int i = 0; i < examples.size(); i++) {
      Path changes = Files.writeString(folder.resolve("changes-" + i + ".conf"), examples.get(i));
      List<Path> layers = i == 0 ? List.of(file) : List.of(file, changes);

      assertThatCode(() -> ConfigReader.read(layers, List.of(), Map.of()))
          .as(examples.get(i))
          .doesNotThrowAnyException();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Two windows, and a ledger          | two-windows-and-a-ledger",
        "`repair` and a failed registry     | repair-and-a-failed-registry",
        "What it costs: 2.2 µs              | what-it-costs-22-µs",
        "run.json                           | runjson",
        "Log-loss, AUC & cost               | log-loss-auc--cost",
        "See [the map](architecture.md)     | see-the-map",
        "snake_case stays                   | snake_case-stays",
      })
  void slugsAreThoseOfGithub(String heading, String slug) {
    assertThat(slug(heading)).isEqualTo(slug);
  }

  @Test
  void tellsWhatIsWrongWithALink(@TempDir Path folder) throws IOException {
    Path other = Files.writeString(folder.resolve("other.md"), "# There\n\n## Twice\n\n## Twice\n");
    Path page = folder.resolve("page.md");
    Files.writeString(
        page,
        """
        # Here

        [good](other.md#there), [again](other.md#twice-1), [own](#here), [far](https://example.org)
        `[code](gone.md)` and [wrapped
        text](other.md)

        ```md
        [fenced](gone.md)
        # Not a heading
        ```

        [gone](gone.md) [less](other.md#nowhere) [none](#not-a-heading) ![picture](gone.png)
        <img src="gone.svg" alt="gone">
        """);

    assertThat(other).exists();
    assertThat(brokenLinks(page))
        .containsExactlyInAnyOrder(
            "gone.md: there is no such file",
            "other.md#nowhere: there is no such heading",
            "#not-a-heading: there is no such heading",
            "gone.png: there is no such file",
            "gone.svg: there is no such file");
  }

  /**
   * A heading.
   *
   * @param level from 1
   * @param slug the anchor that leads there
   */
  private record Heading(int level, String slug) {}

  private static List<String> brokenLinks(Path page) {
    List<String> broken = new ArrayList<>();
    for (String link : links(page)) {
      Path target = target(page, link);
      int mark = link.indexOf('#');
      if (!Files.exists(target)) {
        broken.add(link + ": there is no such file");
      } else if (mark >= 0
          && headings(target).stream().noneMatch(h -> h.slug().equals(link.substring(mark + 1)))) {
        broken.add(link + ": there is no such heading");
      }
    }
    return broken;
  }

  /** The links of a page but those to other places of the web. */
  private static List<String> links(Path page) {
    List<String> links = new ArrayList<>();
    // Words in code may look like links.
    String prose = CODE.matcher(prose(page)).replaceAll("code");
    for (Pattern pattern : TARGETS) {
      for (Matcher matcher = pattern.matcher(prose); matcher.find(); ) {
        if (!ELSEWHERE.matcher(matcher.group(1)).matches()) {
          links.add(matcher.group(1));
        }
      }
    }
    return links;
  }

  private static Path target(Path page, String link) {
    String path = link.replaceFirst("#.*$", "");
    return path.isEmpty() ? page : page.resolveSibling(path).normalize();
  }

  private static List<Heading> headings(Path page) {
    if (!page.toString().endsWith(".md")) {
      return List.of();
    }
    Map<String, Integer> seen = new HashMap<>();
    List<Heading> headings = new ArrayList<>();
    for (String line : prose(page).lines().toList()) {
      Matcher matcher = HEADING.matcher(line);
      if (matcher.matches()) {
        String slug = slug(matcher.group(2));
        int before = seen.merge(slug, 1, Integer::sum) - 1;
        headings.add(
            new Heading(matcher.group(1).length(), before == 0 ? slug : slug + "-" + before));
      }
    }
    return headings;
  }

  /** What GitHub makes of a heading's text. */
  private static String slug(String heading) {
    return heading
        .replaceAll("\\[([^\\]]*)\\]\\([^)]*\\)", "$1")
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^\\p{L}\\p{M}\\p{Nd}\\p{Pc} -]", "")
        .replace(' ', '-');
  }

  /** A page without its blocks of code, line for line. */
  private static String prose(Path page) {
    StringBuilder prose = new StringBuilder();
    String fence = "";
    for (String line : text(page).lines().toList()) {
      Matcher matcher = FENCE.matcher(line);
      boolean isFence = matcher.matches();
      if (fence.isEmpty() && isFence) {
        fence = matcher.group(1);
      } else if (isFence && matcher.group(1).startsWith(fence) && matcher.group(2).isBlank()) {
        fence = "";
      } else if (fence.isEmpty()) {
        prose.append(line);
      }
      prose.append('\n');
    }
    return prose.toString();
  }

  /** The contents of a page's blocks of code in one language. */
  private static List<String> blocks(Path page, String language) {
    List<String> blocks = new ArrayList<>();
    Matcher matcher = Pattern.compile("(?ms)^```" + language + "\\n(.*?)^```$").matcher(text(page));
    while (matcher.find()) {
      blocks.add(matcher.group(1));
    }
    return blocks;
  }

  private static List<String> packages() {
    try (Stream<Path> folders = Files.list(PACKAGES)) {
      return folders.filter(Files::isDirectory).map(f -> f.getFileName().toString()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
