package reforest.evaluate;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import reforest.bundle.Bundle;
import reforest.bundle.LocalStore;
import reforest.bundle.Manifest;
import reforest.bundle.Manifest.FileEntry;
import reforest.bundle.Manifest.Input;
import reforest.bundle.Manifest.InputType;
import reforest.bundle.Manifest.Provenance;
import reforest.bundle.Task;

/** Writes bundles of one tree with one split, by hand. */
public final class Stumps {

  private Stumps() {}

  /** A regression that predicts {@code left} where the input is at most 10, else {@code right}. */
  public static Bundle regression(Path folder, String input, double left, double right) {
    String name = input.replace("\"", "&quot;");
    String pmml =
        """
        <PMML version="4.4" xmlns="http://www.dmg.org/PMML-4_4">
          <Header/>
          <DataDictionary>
            <DataField name="%1$s" optype="continuous" dataType="double"/>
            <DataField name="y" optype="continuous" dataType="double"/>
          </DataDictionary>
          <MiningModel functionName="regression">
            <MiningSchema>
              <MiningField name="y" usageType="target"/>
              <MiningField name="%1$s" missingValueReplacement="0.0"/>
            </MiningSchema>
            <Segmentation multipleModelMethod="average">
              <Segment><True/>
                <TreeModel functionName="regression">
                  <MiningSchema><MiningField name="%1$s"/></MiningSchema>
                  <Node><True/>
                    <Node score="%2$s">
                      <SimplePredicate field="%1$s" operator="lessOrEqual" value="10.0"/>
                    </Node>
                    <Node score="%3$s"><True/></Node>
                  </Node>
                </TreeModel>
              </Segment>
            </Segmentation>
            <ModelVerification recordCount="1" fieldCount="2">
              <VerificationFields>
                <VerificationField field="%1$s" column="data:c0"/>
                <VerificationField field="y" column="data:y" precision="1e-9" zeroThreshold="1e-9"/>
              </VerificationFields>
              <InlineTable xmlns:data="http://jpmml.org/jpmml-model/InlineTable">
                <row><data:c0>1</data:c0><data:y>%2$s</data:y></row>
              </InlineTable>
            </ModelVerification>
          </MiningModel>
        </PMML>
        """
            .formatted(name, left, right);
    return write(folder, Task.REGRESSION, List.of(), input, pmml);
  }

  /** A binary task: the probability of "yes" where the input is at most 10, and else. */
  public static Bundle binary(Path folder, double left, double right) {
    return binary(folder, List.of("no", "yes"), left, right, "");
  }

  /** A binary task that ships the probability from which on it decides for the second class. */
  public static Bundle deciding(
      Path folder, List<String> classes, double left, double right, double threshold) {
    String decision =
        """
        <OutputField name="decision" feature="transformedValue" optype="categorical" dataType="string">
          <Apply function="if">
            <Apply function="greaterOrEqual">
              <FieldRef field="p(%2$s)"/><Constant dataType="double">%3$s</Constant>
            </Apply>
            <Constant dataType="string">%2$s</Constant><Constant dataType="string">%1$s</Constant>
          </Apply>
        </OutputField>
        """
            .formatted(classes.get(0), classes.get(1), threshold);
    return binary(folder, classes, left, right, decision);
  }

  private static Bundle binary(
      Path folder, List<String> classes, double left, double right, String decision) {
    String pmml =
        """
        <PMML version="4.4" xmlns="http://www.dmg.org/PMML-4_4">
          <Header/>
          <DataDictionary>
            <DataField name="x" optype="continuous" dataType="double"/>
            <DataField name="y" optype="categorical" dataType="string"><Value value="%1$s"/><Value value="%2$s"/></DataField>
          </DataDictionary>
          <MiningModel functionName="classification">
            <MiningSchema>
              <MiningField name="x" missingValueReplacement="0.0"/>
              <MiningField name="y" usageType="target"/>
            </MiningSchema>
            <Output>
              <OutputField name="p(%1$s)" feature="probability" value="%1$s" optype="continuous" dataType="double"/>
              <OutputField name="p(%2$s)" feature="probability" value="%2$s" optype="continuous" dataType="double"/>
              %7$s
            </Output>
            <Segmentation multipleModelMethod="average">
              <Segment><True/>
                <TreeModel functionName="classification">
                  <MiningSchema><MiningField name="x"/></MiningSchema>
                  <Node><True/>
                    <Node>
                      <SimplePredicate field="x" operator="lessOrEqual" value="10.0"/>
                      %3$s
                    </Node>
                    <Node><True/>
                      %4$s
                    </Node>
                  </Node>
                </TreeModel>
              </Segment>
            </Segmentation>
            <ModelVerification recordCount="1" fieldCount="3">
              <VerificationFields>
                <VerificationField field="x" column="data:c0"/>
                <VerificationField field="p(%1$s)" column="data:n" precision="1e-9" zeroThreshold="1e-9"/>
                <VerificationField field="p(%2$s)" column="data:y" precision="1e-9" zeroThreshold="1e-9"/>
              </VerificationFields>
              <InlineTable xmlns:data="http://jpmml.org/jpmml-model/InlineTable">
                <row><data:c0>1</data:c0><data:n>%5$s</data:n><data:y>%6$s</data:y></row>
              </InlineTable>
            </ModelVerification>
          </MiningModel>
        </PMML>
        """
            .formatted(
                classes.get(0),
                classes.get(1),
                leaf(classes, left),
                leaf(classes, right),
                1 - left,
                left,
                decision);
    return write(folder, Task.BINARY, classes, "x", pmml);
  }

  private static String leaf(List<String> classes, double second) {
    return """
        <ScoreDistribution value="%s" recordCount="1" probability="%s"/>
        <ScoreDistribution value="%s" recordCount="1" probability="%s"/>
        """
        .formatted(classes.get(0), 1 - second, classes.get(1), second);
  }

  private static Bundle write(
      Path folder, Task task, List<String> classes, String input, String pmml) {
    byte[] model = pmml.getBytes(UTF_8);
    Manifest manifest =
        new Manifest(
            "stump",
            task,
            "y",
            classes,
            List.of(
                new Input(
                    input,
                    InputType.NUMBER,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    List.of(),
                    "0.0",
                    Optional.of(0.0),
                    Optional.of(100.0))),
            List.of(FileEntry.of(Bundle.MODEL, model)),
            new Provenance(
                "run",
                "file:/table",
                1,
                "digest",
                "split",
                Optional.of(Instant.EPOCH),
                "random-forest",
                Map.of(),
                1,
                "revision",
                "configuration",
                Map.of()),
            Map.of());
    LocalStore store = new LocalStore(folder);
    Bundle.write(store, "bundle", manifest, Map.of(Bundle.MODEL, model));
    return Bundle.read(store, "bundle");
  }
}
