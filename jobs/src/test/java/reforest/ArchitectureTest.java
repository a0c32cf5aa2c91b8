package reforest;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** Holds the code to the map that the README draws of it. */
class ArchitectureTest {

  /** The packages of the jobs in the order in which data flows. */
  private static final List<String> FLOW =
      List.of(
          "config",
          "statistics",
          "home",
          "table",
          "ingest",
          "split",
          "features",
          "quality",
          "train",
          "export",
          "evaluate",
          "diagnose",
          "explain",
          "behaviour",
          "gate",
          "simulate",
          "publish",
          "registry",
          "page",
          "report",
          "score",
          "job",
          "cli");

  private static final Pattern BETWEEN_WORDS = Pattern.compile("[^A-Za-z]+|(?<=[a-z])(?=[A-Z])");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("reforest");

  @Test
  void namesEveryPackageOfTheFlow() {
    List<String> known = new ArrayList<>(FLOW);
    known.add("bundle");

    assertThat(CLASSES.getPackage("reforest").getSubpackages())
        .extracting(JavaPackage::getRelativeName)
        .containsExactlyInAnyOrderElementsOf(known);
  }

  @Test
  void importsPointUpTheFlow() {
    for (int stage = 0; stage < FLOW.size() - 1; stage++) {
      noClasses()
          .that()
          .resideInAPackage(inside(FLOW.get(stage)))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              FLOW.stream().skip(stage + 1L).map(ArchitectureTest::inside).toArray(String[]::new))
          .because("data flows from " + String.join(" to ", FLOW))
          .check(CLASSES);
    }
  }

  @Test
  void keepsTheJobsOutOfWhatServicesLoad() {
    noClasses()
        .that()
        .resideInAPackage(inside("bundle"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            Stream.concat(
                    FLOW.stream().map(ArchitectureTest::inside),
                    Stream.of("org.apache..", "scala..", "io.delta..", "org.slf4j.."))
                .toArray(String[]::new))
        .because("services load the bundle module without the jobs or a cluster")
        .check(CLASSES);
  }

  @Test
  void judgesBytesAndNeverSparkModels() {
    noClasses()
        .that()
        .resideInAnyPackage(inside("evaluate"), inside("gate"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.spark.ml..", inside("train"), inside("export"))
        .because("the gate judges the bytes that will ship")
        .check(CLASSES);
  }

  @Test
  void decidesWithoutSpark() {
    noClasses()
        .that()
        .resideInAPackage(inside("gate"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.spark..", "org.apache.hadoop..", "scala..", "io.delta..")
        .because("a verdict is computed from figures alone, so that it can be simulated")
        .check(CLASSES);
  }

  @Test
  void opensSparkPrintsAndExitsInTheCommandLineOnly() {
    noClasses()
        .that()
        .resideOutsideOfPackage(inside("cli"))
        .should()
        .callMethod(SparkSession.class, "builder")
        .orShould()
        .callMethod(System.class, "exit", int.class)
        .orShould()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(PrintStream.class)
        .because("everything else is a library")
        .check(CLASSES);
  }

  @Test
  void marksEveryPackageSoThatNullIsTheException() {
    for (JavaPackage each : CLASSES.getPackage("reforest").getSubpackagesInTree()) {
      if (!each.getClasses().isEmpty()) {
        assertThat(each.isAnnotatedWith(NullMarked.class)).as(each.getName()).isTrue();
      }
    }
  }

  @Test
  void namesClassesForWhatTheyAre() {
    noClasses()
        .should()
        .haveNameMatching(".*(Manager|Utils?|Helper|Impl)")
        .because("such a name says nothing")
        .check(CLASSES);
  }

  @Test
  void leavesNoClassOpenToInheritance() {
    classes()
        .that()
        .doNotHaveModifier(JavaModifier.ABSTRACT)
        .and()
        .areNotAnonymousClasses()
        .should()
        .haveModifier(JavaModifier.FINAL)
        .because("what nobody extends can be changed")
        .check(CLASSES);
  }

  @Test
  void sharesNoMutableState() {
    noFields()
        .that()
        .areStatic()
        .and()
        .doNotHaveModifier(JavaModifier.SYNTHETIC)
        .should()
        .notBeFinal()
        .because("a clock, a seed or a setting is passed in")
        .check(CLASSES);
  }

  @Test
  void drawsPagesWithoutAWordOfWhatTheyAreAbout() {
    noClasses()
        .that()
        .resideInAPackage(inside("page"))
        .should()
        .dependOnClassesThat(isOurs().and(not(resideInAPackage(inside("page")))))
        .because("a page is drawn of numbers and texts")
        .check(CLASSES);
    assertThat(words("page"))
        .doesNotContain("model", "challenger", "champion", "slice", "gate", "verdict", "gain");
  }

  @Test
  void estimatesWithoutAWordOfModels() {
    noClasses()
        .that()
        .resideInAPackage(inside("statistics"))
        .should()
        .dependOnClassesThat(isOurs().and(not(resideInAPackage(inside("statistics")))))
        .because("a statistic is the same whatever it is about")
        .check(CLASSES);
    assertThat(words("statistics"))
        .doesNotContain("model", "challenger", "champion", "slice", "gate", "verdict", "gain");
  }

  /** A place below a home is named in {@code Home}, and nowhere else. */
  @Test
  void knowsPlacesInOneClass() {
    Pattern place =
        Pattern.compile(
            "\"(models|runs|bundles|ledger|registry|data)/|_delta_log|run\\.json\""
                + "|report\\.html\"|[.]list[(]\"");
    for (Path source : sources(".")) {
      if (!source.endsWith(Path.of("home", "Home.java"))) {
        assertThat(place.matcher(text(source)).results().map(MatchResult::group))
            .as(source.toString())
            .isEmpty();
      }
    }
  }

  /** Java compiles a switch over metrics to an array with a name of its own. */
  @Test
  void asksAMetricAndNeverTellsMetricsApart() {
    noFields()
        .should()
        .haveName("$SwitchMap$reforest$config$Metric")
        .because("a new metric shall be one entry in Metric")
        .check(CLASSES);
  }

  private static DescribedPredicate<JavaClass> isOurs() {
    return resideInAPackage("reforest..");
  }

  private static List<Path> sources(String folder) {
    Path root = Path.of("src", "main", "java", "reforest").resolve(folder);
    try (Stream<Path> files = Files.walk(root)) {
      return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All words in the sources of a package, also those within names. */
  private static Set<String> words(String folder) {
    Set<String> words = new TreeSet<>();
    for (Path source : sources(folder)) {
      BETWEEN_WORDS
          .splitAsStream(text(source))
          .forEach(word -> words.add(word.toLowerCase(Locale.ROOT)));
    }
    return words;
  }

  private static String inside(String name) {
    return "reforest." + name + "..";
  }
}
