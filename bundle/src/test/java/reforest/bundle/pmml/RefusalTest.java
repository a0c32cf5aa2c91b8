package reforest.bundle.pmml;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reforest.bundle.Manifest;
import reforest.bundle.Models;
import reforest.bundle.ReforestException;

class RefusalTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          PMML-4_4                                 | PMML-4_3                               | is not in the namespace
          version="4.4"                            | version="4.3"                          | unknown version '4.3'
          version="4.4"                            | ``                                     | needs the attribute version
          <Header description="bikes">             | <Header x-by="me">                     | unknown attribute x-by
          <Application name=                       | <Timestamp/><Application name=         | <Timestamp> is unknown or misplaced inside <Header>
          numberOfFields="4"                       | numberOfFields="5"                     | numberOfFields is 5.0, but there are 4
          <DataField name="wind"                   | <DataField name="wend"                 | knows no field 'wend'
          <DataField name="wind"                   | <DataField name="temp"                 | 'temp' stands twice
          optype="categorical"                     | optype="ordinal"                       | unknown optype 'ordinal'
          name="cnt" optype="continuous" dataType="double" | name="cnt" optype="continuous" dataType="float" | unknown dataType 'float'
          functionName="regression" modelName      | functionName="classification" modelName | unknown functionName 'classification'
          algorithmName=                           | isScorable=                            | unknown attribute isScorable
          usageType="active"                       | usageType="supplementary"              | unknown usageType 'supplementary'
          usageType="active"                       | outliers="asIs"                        | unknown attribute outliers
          asMedian                                 | returnInvalid                          | unknown missingValueTreatment
          missingValueReplacement="2"              | missingValueReplacement="2.1"          | but the manifest says '2.0'
          missingValueReplacement="2"              | ``                                     | needs the attribute missingValueReplacement
          missingValueReplacement="(missing)"      | missingValueReplacement="winter"       | but the manifest says '(missing)'
          <MiningField name="wind" invalidValueTreatment="asIs" missingValueReplacement="2"/> | `` | the manifest's field 'wind' is not there
          feature="predictedValue"                 | feature="standardDeviation"            | unknown feature
          <DerivedField name="band"                | <DerivedField name="ratio"             | the field 'ratio' is defined twice
          <Discretize field="ratio">               | <Discretize field="band">              | 'band' is no numeric field that is defined before
          <Discretize field="ratio">               | <Discretize field="season">            | 'season' is no numeric field
          <Apply function="/">                     | <Apply function="pow">                 | the function 'pow' is unknown where a number belongs
          <Apply function="/">                     | <Apply function="equal">               | the function 'equal' is unknown where a number belongs
          <Apply function="equal">                 | <Apply function="+">                   | the function '+' is unknown where a condition belongs
          <Apply function="/">                     | <Apply function="/" mapMissingTo="0">  | unknown attribute mapMissingTo
          <FieldRef field="temp"/>                 | ``                                     | expected <Apply>, found </Apply>
          <FieldRef field="temp"/>                 | <FieldRef field="temp"/><FieldRef field="temp"/> | <FieldRef> is unknown or misplaced inside <Apply>
          <Constant dataType="double">0<           | <Constant dataType="double">NaN<       | needs a finite number, got 'NaN'
          <Constant dataType="double">0<           | <Constant>0<                           | needs the attribute dataType
          closure="openOpen"                       | closure="open"                         | unknown closure 'open'
          closure="openOpen"                       | closure="openClosed"                   | bin 2 does not start where the one before it ends
          closure="closedOpen" leftMargin="1"      | closure="closedOpen" leftMargin="2"    | bin 3 does not start where the one before it ends
          closure="openOpen" rightMargin="0.25"    | closure="openOpen" leftMargin="0" rightMargin="0.25" | do not cover all numbers
          closure="openOpen" rightMargin="0.25"    | closure="openOpen" leftMargin="1" rightMargin="0.25" | before it begins
          multipleModelMethod="average"            | multipleModelMethod="median"           | unknown multipleModelMethod 'median'
          multipleModelMethod="average"            | multipleModelMethod="modelChain"       | unknown multipleModelMethod 'modelChain'
          <Segment id="1">                         | <Segment id="1" weight="2">            | unknown attribute weight
          <Segment id="1"><True/>                  | <Segment id="1"><False/>               | expected <True>, found <False>
          missingValueStrategy="none"              | missingValueStrategy="lastPrediction"  | unknown missingValueStrategy
          splitCharacteristic="binarySplit"        | splitCharacteristic="multiSplit"       | unknown splitCharacteristic
          <MiningField name="band"/>               | <MiningField name="bond"/>             | 'bond' is no field of the model
          <MiningField name="band"/>               | <MiningField name="wind"/>             | 'band' is not in the tree's MiningSchema
          defaultChild="5"                         | defaultChild="4"                       | the defaultChild '4' is not the right child '5'
          defaultChild="5"                         | ``                                     | needs the attribute defaultChild
          score="10.0"                             | score="ten"                            | needs a finite number as score
          score="10.0"                             | score="Infinity"                       | needs a finite number as score
          score="10.0"                             | score="10.0" defaultChild="1"          | a leaf has no defaultChild
          score="10.0"                             | ``                                     | a leaf needs a score
          score="10.0"                             | score="10.1"                           | verification row 1 gives 5.8
          score="10.0" recordCount="4"             | score="10.0" recordCount="-4"          | <Node> has a negative recordCount
          score="10.0" recordCount="4"             | score="10.0" recordCount="NaN"         | <Node> needs a finite number as recordCount, got 'NaN'
          score="10.0" recordCount="4"             | score="10.0" recordCount="Infinity"    | <Node> needs a finite number as recordCount, got 'Infinity'
          score="10.0" recordCount="4"             | score="10.0" recordCount="1e999"       | <Node> needs a finite number as recordCount, got '1e999'
          score="10.0" recordCount="4"             | score="10.0" recordCount=""            | <Node> needs a finite number as recordCount, got ''
          score="10.0" recordCount="4"             | score="10.0" recordCount="5"           | a node has the recordCount 10.0, but its children 5.0 and 6.0
          score="10.0" recordCount="4"             | score="10.0"                           | <Node> has no recordCount, where nodes before it have one
          <Node recordCount="10"><True/>           | <Node><True/>                          | <Node> has no recordCount, where nodes before it have one
          <Node id="1" recordCount="10"            | <Node id="1"                           | <Node> has a recordCount, where nodes before it have none
          operator="lessOrEqual" value="0.4"       | operator="lessThan" value="0.4"        | unknown operator 'lessThan'
          operator="greaterThan" value="0.4"       | operator="greaterThan" value="0.5"     | not the complement
          operator="greaterThan" value="0.4"       | operator="greaterOrEqual" value="0.4"  | unknown operator 'greaterOrEqual'
          <SimplePredicate field="temp" operator="greaterThan" value="0.4"/> | ``           | expected <SimpleSetPredicate>, found <Node>
          field="temp" operator="lessOrEqual"      | field="season" operator="lessOrEqual"  | is a category and has no threshold
          field="season" booleanOperator="isIn"    | field="temp" booleanOperator="isIn"    | is a number and has no categories
          booleanOperator="isNotIn"                | booleanOperator="isIn"                 | not the complement
          n="2">"(missing)" "summer"<              | n="2">"(missing)" "winter"<            | not the complement
          n="2">summer "(missing)"<                | n="3">summer "(missing)"<              | has 2 texts, but says n=3.0
          n="2">summer "(missing)"<                | n="2">summer "(missing)<               | has a stray quote
          n="2">summer "(missing)"<                | n="2">summer "monsoon"<                | has no category 'monsoon' of 'season'
          <Node score="2.5" recordCount="2.5"><True/></Node> | ``                           | one child where it needs two
          <Node score="2.5" recordCount="2.5"><True/></Node> | <Node score="2.5" recordCount="2.5"><True/></Node><Node score="2.5" recordCount="2.5"><True/></Node> | misplaced inside <Node>
          recordCount="3" fieldCount="4"           | recordCount="4" fieldCount="4"         | has 3 rows of 4 fields
          recordCount="3" fieldCount="4"           | recordCount="3" fieldCount="3"         | has 3 rows of 4 fields
          precision="1e-9"                         | precision="0.1"                        | precision and zeroThreshold must lie
          <VerificationField field="cnt"           | <VerificationField field="count"       | 'count' is neither an input nor a result
          <VerificationField field="cnt" column="data:y" precision="1e-9" zeroThreshold="1e-12"/> | `` | the verification names no result
          column="data:c1"                         | column="data:c0"                       | the column 'c0' stands twice
          <row><data:y>                            | <row><data:z>1</data:z><data:y>        | the cell <z> belongs to no column
          <row><data:y>                            | <row><data:y>1</data:y><data:y>        | the cell <y> stands twice
          <data:y>5.75</data:y>                    | ``                                     | gives 5.75 for 'cnt' where its writer saw null
          <data:c0>0.1<                            | <data:c0>cold<                         | temp takes a number
          </MiningModel>                           | <Targets/></MiningModel>               | <Targets> is unknown or misplaced
          <MiningModel functionName                | some text <MiningModel functionName    | there is text where none belongs
          <Header                                  | <Extension/><Header                    | expected <Header>, found <Extension>
          """)
  void refusesWhatItDoesNotFullyUnderstand(String text, String replacement, String message) {
    assertThat(Models.AVERAGE).contains(text);
    String altered = Models.AVERAGE.replace(text, replacement);
    assertRefused(altered, Models.bikes(altered), message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          <Value value="a"/><Value value="b"/> | <Value value="b"/><Value value="a"/> | unknown value 'b'
          <Value value="c d"/>                 | ``                                   | expected <Value>, found </DataField>
          <Value value="c d"/>                 | <Value value="c d"/><Value value="e"/> | misplaced inside <DataField>
          multipleModelMethod="average"        | multipleModelMethod="majorityVote"   | unknown multipleModelMethod
          score="a"                            | score="e"                            | unknown class 'e' as score
          value="a" recordCount="3" probability="0.75" | value="a" recordCount="3" probability="0.8" | sum up to 1.05
          value="a" recordCount="3" probability="0.75" | value="a" recordCount="3"    | needs the attribute probability
          value="a" recordCount="3"            | value="a" recordCount="-3"           | negative count or probability
          <ScoreDistribution value="a" recordCount="1" probability="0.25"/> | ``      | unknown value 'b'
          value="a" optype="continuous"        | value="e" optype="continuous"        | has no class 'e'
          name="p(b)"                          | name="p(a)"                          | the output 'p(a)' is defined twice
          <FieldRef field="p(b)"/>             | <FieldRef field="a or b"/>           | 'a or b' is no predicted value or probability that is defined before
          <kind>a</kind>                       | <kind>b</kind>                       | gives a for 'kind' where its writer saw b
          """)
  void refusesClassesThatItDoesNotFullyUnderstand(String text, String replacement, String message) {
    assertThat(Models.CLASSES).contains(text);
    String altered = Models.CLASSES.replace(text, replacement);
    assertRefused(altered, Models.kinds(altered), message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          normalizationMethod="logit"     | normalizationMethod="probit"    | unknown normalizationMethod
          <NumericPredictor name="margin" | <NumericPredictor name="x"      | unknown name 'x'
          <MiningField name="margin"/>    | <MiningField name="x"/>         | 'x' is not the margin 'margin'
          <MiningField name="margin"/>    | ``                              | the margin 'margin' is not among the fields
          intercept="0" targetCategory    | intercept="1" targetCategory    | the intercept of class 'no' is not 0
          targetCategory="yes"            | targetCategory="no"             | unknown targetCategory 'no'
          coefficient="2"                 | coefficient="2" exponent="2"    | unknown attribute exponent
          coefficient="2"                 | coefficient="1"                 | verification row 1 gives 0.5621765008857981
          multipleModelMethod="sum"       | multipleModelMethod="average"   | unknown multipleModelMethod
          """)
  void refusesChainsThatItDoesNotFullyUnderstand(String text, String replacement, String message) {
    assertThat(Models.CHAIN).contains(text);
    String altered = Models.CHAIN.replace(text, replacement);
    assertRefused(altered, Models.lateness(altered), message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          function="greaterOrEqual"            | function="greaterThan"               | unknown function 'greaterThan'
          <FieldRef field="p(yes)"/>           | <FieldRef field="p(no)"/>            | the decision is not by the probability of class 'yes'
          <FieldRef field="p(yes)"/>           | <FieldRef field="x"/>                | the decision is not by the probability of class 'yes'
          >0.3<                                | >0<                                  | the threshold must be above 0 and below 1, got '0'
          >0.3<                                | >1.0<                                | the threshold must be above 0 and below 1, got '1.0'
          >0.3<                                | >NaN<                                | the threshold must be above 0 and below 1, got 'NaN'
          <Constant dataType="string">yes<     | <Constant dataType="string">no<      | the decision must be for class 'yes' here, got 'no'
          <Constant dataType="string">no<      | <Constant dataType="string">maybe<   | the decision must be for class 'no' here, got 'maybe'
          name="decision"                      | name="p(yes)"                        | the output 'p(yes)' is defined twice
          <VerificationField field="p(no)"     | <VerificationField field="decision"  | 'decision' is neither an input nor a result
          """)
  void refusesDecisionsThatItDoesNotFullyUnderstand(
      String text, String replacement, String message) {
    assertThat(Models.DECIDED).contains(text);
    String altered = Models.DECIDED.replace(text, replacement);
    assertRefused(altered, Models.lateness(altered), message);
  }

  @Test
  void refusesADecisionThatComesTwiceOrHasMoreThanTwoClasses() {
    String decision =
        Models.DECIDED.substring(
            Models.DECIDED.indexOf("<OutputField name=\"decision\""),
            Models.DECIDED.indexOf("</OutputField>") + "</OutputField>".length());
    String twice =
        Models.DECIDED.replace(decision, decision + decision.replace("\"decision\"", "\"other\""));
    assertRefused(twice, Models.lateness(twice), "the output 'other' is a decision; only a model");

    String three = Models.CLASSES.replace("</Output>", decision + "</Output>");
    assertRefused(three, Models.kinds(three), "the output 'decision' is a decision; only a model");
  }

  @Test
  void namesTheLineOfWhatItRefuses() {
    String altered = Models.CHAIN.replace("coefficient=\"2\"", "coefficient=\"2\" exponent=\"2\"");
    long line = altered.substring(0, altered.indexOf("exponent")).lines().count();
    assertRefused(altered, Models.lateness(altered), "line " + line + ":");
  }

  @Test
  void refusesADoctype() {
    String altered =
        Models.AVERAGE.replace("?>", "?>\n<!DOCTYPE PMML SYSTEM \"http://localhost:1/pmml.dtd\">");
    assertRefused(altered, Models.bikes(altered), "a DOCTYPE is not allowed");
  }

  @Test
  void refusesEntities() {
    String declared =
        Models.AVERAGE
            .replace("?>", "?>\n<!DOCTYPE PMML [<!ENTITY e SYSTEM \"file:///etc/hostname\">]>")
            .replace(">summer ", ">&e; ");
    assertRefused(declared, Models.bikes(declared), "a DOCTYPE is not allowed");

    String undeclared = Models.AVERAGE.replace(">summer ", ">&e; ");
    assertRefused(undeclared, Models.bikes(undeclared), "the PMML is refused: line");
  }

  @Test
  void refusesOtherEncodingsThanUtf8() {
    byte[] latin = Models.AVERAGE.replace("bikes", "r\u00e4der").getBytes(ISO_8859_1);
    assertThatThrownBy(() -> PmmlModel.read(latin, Models.bikes(Models.AVERAGE)))
        .isInstanceOf(ReforestException.class)
        .hasMessageContaining("the document is not UTF-8");

    String declared = Models.AVERAGE.replace("encoding=\"UTF-8\"", "encoding=\"UTF-16\"");
    assertRefused(declared, Models.bikes(declared), "says that its encoding is UTF-16");
  }

  @Test
  void refusesElementsThatAreNestedTooDeep() {
    String before = "<FieldRef field=\"temp\"/>";
    String deep =
        Models.AVERAGE.replace(
            before, "<Apply function=\"max\">".repeat(600) + before + "</Apply>".repeat(600));
    assertRefused(deep, Models.bikes(deep), "nested deeper than 512");

    String shallow =
        Models.AVERAGE.replace(
            before, "<Apply function=\"max\">".repeat(400) + before + "</Apply>".repeat(400));
    assertThat(PmmlModel.read(Models.bytes(shallow), Models.bikes(shallow)).outputs()).isOne();
  }

  @Test
  void refusesADocumentThatIsTooLarge() {
    assertThatThrownBy(
            () -> PmmlModel.read(new byte[Xml.LARGEST_BYTES + 1], Models.bikes(Models.AVERAGE)))
        .isInstanceOf(ReforestException.class)
        .hasMessageContaining("the document has 268435457 bytes, more than 268435456");
  }

  @Test
  void refusesADocumentThatEndsEarlyWhereverItEnds() {
    byte[] whole = Models.bytes(Models.AVERAGE.stripTrailing());
    Manifest manifest = Models.bikes(Models.AVERAGE);
    for (int end = 0; end < whole.length; end += 7) {
      byte[] part = Arrays.copyOf(whole, end);
      assertThatThrownBy(() -> PmmlModel.read(part, manifest))
          .as("the first %s bytes", end)
          .isInstanceOf(ReforestException.class);
    }
  }

  @Test
  void takesTheLargestOfManyOperands() {
    String operand = "<FieldRef field=\"temp\"/>";
    String wide =
        Models.AVERAGE.replace(
            operand, "<Apply function=\"max\">" + operand.repeat(100_000) + "</Apply>");
    double[] out = new double[1];
    PmmlModel.read(Models.bytes(wide), Models.bikes(wide)).predict(new double[] {0.1, 4, 1}, out);
    assertThat(out).containsExactly(5.75);
  }

  @Test
  void refusesMoreVerificationRowsThanAnybodyWaitsFor() {
    String row = "<row><data:y>11.25</data:y></row>";
    String many = Models.AVERAGE.replace(row, row.repeat(10_001));
    assertRefused(many, Models.bikes(many), "more than 10000 rows");
  }

  @Test
  void readsALargeForestWithManyQuotedCategories() {
    String tree =
        Models.AVERAGE.substring(
            Models.AVERAGE.indexOf("<Segment id=\"1\">"),
            Models.AVERAGE.indexOf("<Segment id=\"2\">"));
    String escaped = tree.replace("\"summer\"", "&quot;summer&quot;");
    String large =
        Models.AVERAGE
            .replaceAll("(?s)<ModelVerification.*</ModelVerification>", "")
            .replace("<Segment id=\"2\">", escaped.repeat(30_000) + "<Segment id=\"2\">");

    PmmlModel model = PmmlModel.read(Models.bytes(large), Models.bikes(large));
    double[] out = new double[1];
    model.predict(new double[] {0.9, 1, 1}, out);
    assertThat(out[0]).isEqualTo((30_001 * 30.0 + 2.5) / 30_002);
  }

  @Test
  void readsArraysOfTexts() {
    assertThat(TextArray.parse(" a \"b c\"\n\"\" \"d\\\"e\" f\\g \"h\\i\" j\\\"k "))
        .hasValue(List.of("a", "b c", "", "d\"e", "f\\g", "h\\i", "j\"k"));
    assertThat(TextArray.parse("")).hasValue(List.of());
    for (String wrong : List.of("\"a", "\"a\"b", "a\"b\"", "\"a\\\"", "\"")) {
      assertThat(TextArray.parse(wrong)).as(wrong).isEmpty();
    }
  }

  private static void assertRefused(String pmml, Manifest manifest, String message) {
    assertThatThrownBy(() -> PmmlModel.read(Models.bytes(pmml), manifest))
        .isInstanceOfSatisfying(
            ReforestException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(ReforestException.Kind.DATA);
              assertThat(e.hint()).isNotBlank();
            })
        .hasMessageContaining(message);
  }
}
