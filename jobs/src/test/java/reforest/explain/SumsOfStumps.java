package reforest.explain;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
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
import reforest.bundle.Scorer;
import reforest.bundle.Task;

/** Models that add up what each feature gives where it is above a half, written by hand. */
final class SumsOfStumps {

  private final StringBuilder segments = new StringBuilder();
  private final List<String> inputs;

  private SumsOfStumps(List<String> inputs) {
    this.inputs = List.copyOf(inputs);
  }

  /** A model that reads these and gives 0. */
  static SumsOfStumps of(String... inputs) {
    return new SumsOfStumps(List.of(inputs));
  }

  /** Adds {@code amount} where the input is above a half, as half of the training rows were. */
  SumsOfStumps plus(String input, double amount) {
    segments.append(
        segment(
            stump(input, "<Node recordCount=\"5\" score=\"%s\"><True/></Node>".formatted(amount))));
    return this;
  }

  /** Adds {@code amount} where both are above a half. */
  SumsOfStumps plusBoth(String one, String other, double amount) {
    String inner =
        "<Node recordCount=\"5\"><True/>%s</Node>"
            .formatted(
                children(
                    other,
                    2.5,
                    "<Node recordCount=\"2.5\" score=\"%s\"><True/></Node>".formatted(amount)));
    segments.append(segment(stump(one, inner)));
    return this;
  }

  private static String stump(String input, String above) {
    return "<Node recordCount=\"10\"><True/>%s</Node>".formatted(children(input, 5, above));
  }

  private static String children(String input, double below, String above) {
    return """
        <Node recordCount="%s" score="0">
          <SimplePredicate field="%s" operator="lessOrEqual" value="0.5"/>
        </Node>
        %s
        """
        .formatted(below, input, above);
  }

  private String segment(String root) {
    StringBuilder fields = new StringBuilder();
    inputs.forEach(it -> fields.append("<MiningField name=\"%s\"/>".formatted(it)));
    return """
        <Segment><True/>
          <TreeModel functionName="regression">
            <MiningSchema>%s</MiningSchema>
            %s
          </TreeModel>
        </Segment>
        """
        .formatted(fields, root);
  }

  Scorer scorer(Path folder) {
    return Scorer.of(bundle(folder));
  }

  Bundle bundle(Path folder) {
    StringBuilder dictionary = new StringBuilder();
    StringBuilder fields = new StringBuilder();
    StringBuilder verified = new StringBuilder();
    List<Input> declared = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      String name = inputs.get(i);
      dictionary.append(
          "<DataField name=\"%s\" optype=\"continuous\" dataType=\"double\"/>".formatted(name));
      fields.append("<MiningField name=\"%s\" missingValueReplacement=\"0.0\"/>".formatted(name));
      verified.append("<VerificationField field=\"%s\" column=\"data:c%d\"/>".formatted(name, i));
      declared.add(
          new Input(
              name,
              InputType.NUMBER,
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              List.of(),
              "0.0",
              Optional.of(0.0),
              Optional.of(1.0)));
    }
    String pmml =
        """
        <PMML version="4.4" xmlns="http://www.dmg.org/PMML-4_4">
          <Header/>
          <DataDictionary>
            %s<DataField name="y" optype="continuous" dataType="double"/>
          </DataDictionary>
          <MiningModel functionName="regression">
            <MiningSchema><MiningField name="y" usageType="target"/>%s</MiningSchema>
            <Segmentation multipleModelMethod="sum">%s</Segmentation>
            <ModelVerification recordCount="1" fieldCount="%d">
              <VerificationFields>
                %s
                <VerificationField field="y" column="data:y" precision="1e-9" zeroThreshold="1e-9"/>
              </VerificationFields>
              <InlineTable xmlns:data="http://jpmml.org/jpmml-model/InlineTable">
                <row><data:y>0</data:y></row>
              </InlineTable>
            </ModelVerification>
          </MiningModel>
        </PMML>
        """
            .formatted(dictionary, fields, segments, inputs.size() + 1, verified);
    byte[] model = pmml.getBytes(UTF_8);
    Manifest manifest =
        new Manifest(
            "sum",
            Task.REGRESSION,
            "y",
            List.of(),
            declared,
            List.of(FileEntry.of(Bundle.MODEL, model)),
            new Provenance(
                "run",
                "table",
                1,
                "digest",
                "split",
                Optional.of(Instant.EPOCH),
                "gradient-boosting",
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
