package reforest;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
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
          "gate",
          "publish",
          "registry",
          "page",
          "report",
          "score",
          "job",
          "cli");

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

  /** Java compiles a switch over metrics to an array with a name of its own. */
  @Test
  void asksAMetricAndNeverTellsMetricsApart() {
    noFields()
        .should()
        .haveName("$SwitchMap$reforest$config$Metric")
        .because("a new metric shall be one entry in Metric")
        .check(CLASSES);
  }

  private static String inside(String name) {
    return "reforest." + name + "..";
  }
}
