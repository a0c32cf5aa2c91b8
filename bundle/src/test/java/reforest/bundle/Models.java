package reforest.bundle;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import reforest.bundle.Manifest.FileEntry;
import reforest.bundle.Manifest.Input;
import reforest.bundle.Manifest.InputType;
import reforest.bundle.Manifest.Provenance;

/** Small models written by hand, one for each form of the dialect. */
public final class Models {

  private Models() {}

  /** The mean of two trees over a number, a category and derived fields. */
  public static final String AVERAGE =
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <PMML version="4.4" xmlns="http://www.dmg.org/PMML-4_4">
        <Header description="bikes"><Application name="Reforest" version="0.1.0"/></Header>
        <DataDictionary numberOfFields="4">
          <DataField name="temp" optype="continuous" dataType="double"/>
          <DataField name="wind" optype="continuous" dataType="double"/>
          <DataField name="season" optype="categorical" dataType="string"/>
          <DataField name="cnt" optype="continuous" dataType="double"/>
        </DataDictionary>
        <MiningModel functionName="regression" modelName="bikes" algorithmName="random-forest">
          <MiningSchema>
            <MiningField name="cnt" usageType="target"/>
            <MiningField name="temp" usageType="active" invalidValueTreatment="asIs"
                missingValueReplacement="0.5" missingValueTreatment="asMedian"/>
            <MiningField name="wind" invalidValueTreatment="asIs" missingValueReplacement="2"/>
            <MiningField name="season" invalidValueTreatment="asIs"
                missingValueReplacement="(missing)" missingValueTreatment="asValue"/>
          </MiningSchema>
          <Output>
            <OutputField name="predicted" feature="predictedValue" optype="continuous" dataType="double"/>
          </Output>
          <LocalTransformations>
            <DerivedField name="ratio" optype="continuous" dataType="double">
              <Apply function="if">
                <Apply function="equal"><FieldRef field="wind"/><Constant dataType="double">0</Constant></Apply>
                <Constant dataType="double">-1.0</Constant>
                <Apply function="/"><FieldRef field="temp"/><FieldRef field="wind"/></Apply>
              </Apply>
            </DerivedField>
            <DerivedField name="band" optype="continuous" dataType="double">
              <Discretize field="ratio">
                <DiscretizeBin binValue="0"><Interval closure="openOpen" rightMargin="0.25"/></DiscretizeBin>
                <DiscretizeBin binValue="1"><Interval closure="closedOpen" leftMargin="0.25" rightMargin="1"/></DiscretizeBin>
                <DiscretizeBin binValue="2"><Interval closure="closedOpen" leftMargin="1"/></DiscretizeBin>
              </Discretize>
            </DerivedField>
          </LocalTransformations>
          <Segmentation multipleModelMethod="average">
            <Segment id="1"><True/>
              <TreeModel functionName="regression" missingValueStrategy="defaultChild" splitCharacteristic="binarySplit">
                <MiningSchema>
                  <MiningField name="cnt" usageType="target"/>
                  <MiningField name="temp" invalidValueTreatment="asIs"/>
                  <MiningField name="season" invalidValueTreatment="asIs"/>
                </MiningSchema>
                <Node id="1" recordCount="10" defaultChild="3"><True/>
                  <Node id="2" score="10.0" recordCount="4">
                    <SimplePredicate field="temp" operator="lessOrEqual" value="0.4"/>
                  </Node>
                  <Node id="3" recordCount="6" defaultChild="5">
                    <SimplePredicate field="temp" operator="greaterThan" value="0.4"/>
                    <Node id="4" score="20.0" recordCount="3">
                      <SimpleSetPredicate field="season" booleanOperator="isIn"><Array type="string" n="2">summer "(missing)"</Array></SimpleSetPredicate>
                    </Node>
                    <Node id="5" score="30.0" recordCount="3">
                      <SimpleSetPredicate field="season" booleanOperator="isNotIn"><Array type="string" n="2">"(missing)" "summer"</Array></SimpleSetPredicate>
                    </Node>
                  </Node>
                </Node>
              </TreeModel>
            </Segment>
            <Segment id="2"><True/>
              <TreeModel functionName="regression" missingValueStrategy="none">
                <MiningSchema><MiningField name="band"/></MiningSchema>
                <Node recordCount="10"><True/>
                  <Node score="1.5" recordCount="7.5"><SimplePredicate field="band" operator="lessOrEqual" value="0.5"/></Node>
                  <Node score="2.5" recordCount="2.5"><True/></Node>
                </Node>
              </TreeModel>
            </Segment>
          </Segmentation>
          <ModelVerification recordCount="3" fieldCount="4">
            <VerificationFields>
              <VerificationField field="temp" column="data:c0"/>
              <VerificationField field="wind" column="data:c1"/>
              <VerificationField field="season" column="data:c2"/>
              <VerificationField field="cnt" column="data:y" precision="1e-9" zeroThreshold="1e-12"/>
            </VerificationFields>
            <InlineTable xmlns:data="http://jpmml.org/jpmml-model/InlineTable">
              <row><data:c0>0.1</data:c0><data:c1>4</data:c1><data:c2>winter</data:c2><data:y>5.75</data:y></row>
              <row><data:c0>0.9</data:c0><data:c1>1</data:c1><data:c2>summer</data:c2><data:y>11.25</data:y></row>
              <row><data:y>11.25</data:y></row>
            </InlineTable>
          </ModelVerification>
        </MiningModel>
      </PMML>
      """;

  /** The sum of two leaves and a tree. */
  public static final String SUM =
      AVERAGE
          .replace("multipleModelMethod=\"average\"", "multipleModelMethod=\"sum\"")
          .replace("<data:y>5.75<", "<data:y>11.5<")
          .replace("<data:y>11.25<", "<data:y>22.5<");

  /** The mean of two trees' probabilities of three classes; its nodes have no counts. */
  public static final String CLASSES =
      """
      <PMML version="4.4" xmlns="http://www.dmg.org/PMML-4_4">
        <Header/>
        <DataDictionary>
          <DataField name="x" optype="continuous" dataType="double"/>
          <DataField name="kind" optype="categorical" dataType="string"><Value value="a"/><Value value="b"/><Value value="c d"/></DataField>
        </DataDictionary>
        <MiningModel functionName="classification">
          <MiningSchema>
            <MiningField name="x" missingValueReplacement="0.0"/>
            <MiningField name="kind" usageType="target"/>
          </MiningSchema>
          <Output>
            <OutputField name="label" feature="predictedValue" optype="categorical" dataType="string"/>
            <OutputField name="p(a)" feature="probability" value="a" optype="continuous" dataType="double"/>
            <OutputField name="p(b)" feature="probability" value="b" optype="continuous" dataType="double"/>
            <OutputField name="p(c d)" feature="probability" value="c d" optype="continuous" dataType="double"/>
            <OutputField name="a or b" feature="transformedValue" optype="continuous" dataType="double">
              <Apply function="+"><FieldRef field="p(a)"/><FieldRef field="p(b)"/></Apply>
            </OutputField>
          </Output>
          <Segmentation multipleModelMethod="average">
            <Segment><True/>
              <TreeModel functionName="classification" noTrueChildStrategy="returnLastPrediction">
                <MiningSchema><MiningField name="x"/></MiningSchema>
                <Node><True/>
                  <Node score="a"><SimplePredicate field="x" operator="lessOrEqual" value="1"/>
                    <ScoreDistribution value="a" recordCount="3" probability="0.75"/>
                    <ScoreDistribution value="b" recordCount="1" probability="0.25"/>
                    <ScoreDistribution value="c d" recordCount="0" probability="0"/>
                  </Node>
                  <Node score="c d"><SimplePredicate field="x" operator="greaterThan" value="1"/>
                    <ScoreDistribution value="a" recordCount="0" probability="0"/>
                    <ScoreDistribution value="b" recordCount="1" probability="0.25"/>
                    <ScoreDistribution value="c d" recordCount="3" probability="0.75"/>
                  </Node>
                </Node>
              </TreeModel>
            </Segment>
            <Segment><True/>
              <TreeModel functionName="classification">
                <MiningSchema/>
                <Node score="b"><True/>
                  <ScoreDistribution value="a" recordCount="1" probability="0.25"/>
                  <ScoreDistribution value="b" recordCount="2" probability="0.5"/>
                  <ScoreDistribution value="c d" recordCount="1" probability="0.25"/>
                </Node>
              </TreeModel>
            </Segment>
          </Segmentation>
          <ModelVerification recordCount="2" fieldCount="5">
            <VerificationFields>
              <VerificationField field="x"/>
              <VerificationField field="p(a)" column="pa"/>
              <VerificationField field="p(c d)" column="pc"/>
              <VerificationField field="a or b" column="ab"/>
              <VerificationField field="kind" column="kind"/>
            </VerificationFields>
            <InlineTable>
              <row><x>0</x><pa>0.5</pa><pc>0.125</pc><ab>0.875</ab><kind>a</kind></row>
              <row><x>2</x><pa>0.125</pa><pc>0.5</pc><ab>0.5</ab><kind>c d</kind></row>
            </InlineTable>
          </ModelVerification>
        </MiningModel>
      </PMML>
      """;

  /** The same with the rows that came to each node. */
  public static final String COUNTED =
      CLASSES
          .replace("<Node><True/>", "<Node recordCount=\"8\"><True/>")
          .replace("<Node score=", "<Node recordCount=\"4\" score=");

  /** Boosted trees whose sum becomes the probability of the second class. */
  public static final String CHAIN =
      """
      <PMML version="4.4" xmlns="http://www.dmg.org/PMML-4_4">
        <Header/>
        <DataDictionary numberOfFields="2">
          <DataField name="x" optype="continuous" dataType="double"/>
          <DataField name="late" optype="categorical" dataType="string"><Value value="no"/><Value value="yes"/></DataField>
        </DataDictionary>
        <MiningModel functionName="classification">
          <MiningSchema>
            <MiningField name="late" usageType="target"/>
            <MiningField name="x" missingValueReplacement="3"/>
          </MiningSchema>
          <Segmentation multipleModelMethod="modelChain">
            <Segment id="1"><True/>
              <MiningModel functionName="regression">
                <MiningSchema><MiningField name="x"/></MiningSchema>
                <Output><OutputField name="margin" optype="continuous" dataType="double" feature="predictedValue"/></Output>
                <Segmentation multipleModelMethod="sum">
                  <Segment id="1"><True/>
                    <TreeModel functionName="regression" missingValueStrategy="none" splitCharacteristic="binarySplit">
                      <MiningSchema><MiningField name="x"/></MiningSchema>
                      <Node><True/>
                        <Node score="-0.5"><SimplePredicate field="x" operator="lessOrEqual" value="2"/></Node>
                        <Node score="1"><SimplePredicate field="x" operator="greaterThan" value="2.0"/></Node>
                      </Node>
                    </TreeModel>
                  </Segment>
                  <Segment id="2"><True/>
                    <TreeModel functionName="regression"><MiningSchema/><Node score="0.25"><True/></Node></TreeModel>
                  </Segment>
                </Segmentation>
              </MiningModel>
            </Segment>
            <Segment id="2"><True/>
              <RegressionModel functionName="classification" normalizationMethod="logit">
                <MiningSchema><MiningField name="late" usageType="target"/><MiningField name="margin"/></MiningSchema>
                <Output>
                  <OutputField name="p(no)" optype="continuous" dataType="double" feature="probability" value="no"/>
                  <OutputField name="p(yes)" optype="continuous" dataType="double" feature="probability" value="yes"/>
                </Output>
                <RegressionTable intercept="0.5" targetCategory="yes"><NumericPredictor name="margin" coefficient="2"/></RegressionTable>
                <RegressionTable intercept="0" targetCategory="no"/>
              </RegressionModel>
            </Segment>
          </Segmentation>
          <ModelVerification recordCount="2" fieldCount="3">
            <VerificationFields>
              <VerificationField field="x" column="x"/>
              <VerificationField field="p(yes)" column="y1"/>
              <VerificationField field="p(no)" column="y0"/>
            </VerificationFields>
            <InlineTable>
              <row><x>2</x><y1>0.5</y1><y0>0.5</y0></row>
              <row><y1>0.9525741268224334</y1><y0>0.0474258731775666</y0></row>
            </InlineTable>
          </ModelVerification>
        </MiningModel>
      </PMML>
      """;

  /** The same, which decides for the second class from a probability of 0.3 on. */
  public static final String DECIDED =
      CHAIN.replace(
          "feature=\"probability\" value=\"yes\"/>",
          """
          feature="probability" value="yes"/>
          <OutputField name="decision" optype="categorical" dataType="string" feature="transformedValue">
            <Apply function="if">
              <Apply function="greaterOrEqual"><FieldRef field="p(yes)"/><Constant dataType="double">0.3</Constant></Apply>
              <Constant dataType="string">yes</Constant>
              <Constant dataType="string">no</Constant>
            </Apply>
          </OutputField>
          """);

  /** The manifest of {@link #AVERAGE} and {@link #SUM}. */
  public static Manifest bikes(String pmml) {
    return manifest(
        Task.REGRESSION,
        "cnt",
        List.of(),
        List.of(
            number("temp", "0.5", 0.02, 0.98),
            number("wind", "2.0", 0, 50),
            category("season", "(missing)", "summer", "winter")),
        pmml);
  }

  /** The manifest of {@link #CLASSES} and {@link #COUNTED}. */
  public static Manifest kinds(String pmml) {
    return manifest(
        Task.MULTICLASS, "kind", List.of("a", "b", "c d"), List.of(number("x", "0", -1, 3)), pmml);
  }

  /** The manifest of {@link #CHAIN} and {@link #DECIDED}. */
  public static Manifest lateness(String pmml) {
    return manifest(
        Task.BINARY, "late", List.of("no", "yes"), List.of(number("x", "3", 0, 9)), pmml);
  }

  /** A numeric input. */
  public static Input number(String name, String missing, double min, double max) {
    return new Input(
        name,
        InputType.NUMBER,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of("1"),
        List.of(),
        missing,
        Optional.of(min),
        Optional.of(max));
  }

  /** A categorical input. */
  public static Input category(String name, String missing, String... categories) {
    return new Input(
        name,
        InputType.CATEGORY,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(categories),
        missing,
        Optional.empty(),
        Optional.empty());
  }

  /** A manifest of a bundle with that model. */
  public static Manifest manifest(
      Task task, String label, List<String> classes, List<Input> inputs, String pmml) {
    return new Manifest(
        "bikes",
        task,
        label,
        classes,
        inputs,
        List.of(FileEntry.of(Bundle.MODEL, bytes(pmml))),
        new Provenance(
            "run-1",
            "file:/data/bikes/table",
            12,
            "d1",
            "time",
            Optional.of(Instant.parse("2011-11-01T00:00:00Z")),
            "random-forest",
            Map.of("trees", "2", "depth", "2"),
            7,
            "0123abc",
            Sha256.of(new byte[0]),
            Map.of("java", "17", "spark", "4.1.0")),
        Map.of("owner", "bikes team", "goal", "plan the vans"));
  }

  /** UTF-8. */
  public static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Writes a bundle with that model and gives its digest. */
  public static String write(Store store, String folder, Manifest manifest, String pmml) {
    return Bundle.write(store, folder, manifest, Map.of(Bundle.MODEL, bytes(pmml)));
  }
}
