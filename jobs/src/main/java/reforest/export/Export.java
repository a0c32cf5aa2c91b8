package reforest.export;

import jakarta.xml.bind.JAXBException;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.spark.sql.SparkSession;
import org.dmg.pmml.PMML;
import org.jpmml.model.metro.MetroJAXBSerializer;
import reforest.bundle.Bundle;
import reforest.bundle.CalendarField;
import reforest.bundle.ColumnType;
import reforest.bundle.Manifest;
import reforest.bundle.Manifest.FileEntry;
import reforest.bundle.Manifest.Input;
import reforest.bundle.Manifest.InputType;
import reforest.bundle.Manifest.Provenance;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;
import reforest.bundle.Sha256;
import reforest.config.DataConfig.Column;
import reforest.config.ModelConfig;
import reforest.features.Recipe.CategoryInput;
import reforest.features.Recipe.NumberInput;
import reforest.train.Trained;

/** Turns a fitted model into the files of a bundle. */
public final class Export {

  private final SparkSession spark;
  private final ModelConfig config;

  /**
   * @param spark computes MLlib's answers to the verification rows
   * @param config names, units and the model's own description
   */
  public Export(SparkSession spark, ModelConfig config) {
    this.spark = spark;
    this.config = config;
  }

  /**
   * A bundle's content, not yet written anywhere.
   *
   * @param manifest what it holds
   * @param files content by file name, without the manifest
   */
  public record Exported(Manifest manifest, Map<String, byte[]> files) {
    public Exported {
      files = Map.copyOf(files);
    }
  }

  /**
   * The model as PMML, with the manifest that describes it.
   *
   * @throws ReforestException when the bundle is larger than {@code train.limits.bundle-bytes}
   */
  public Exported write(Trained trained, Provenance provenance) {
    byte[] pmml = pmml(trained);
    Manifest manifest =
        new Manifest(
            config.model(),
            trained.task(),
            config.data().label(),
            trained.classes(),
            inputs(trained),
            List.of(new FileEntry(Bundle.MODEL, pmml.length, Sha256.of(pmml))),
            provenance,
            config.about());
    requireSmall(pmml.length + manifest.toJson().length);
    return new Exported(manifest, Map.of(Bundle.MODEL, pmml));
  }

  /** The search excludes by an estimate; what ships is held to the limit itself. */
  private void requireSmall(int bytes) {
    OptionalLong limit = config.train().search().limits().bundleBytes();
    if (limit.isPresent() && bytes > limit.getAsLong()) {
      throw new ReforestException(
          Kind.DATA,
          "the winner's bundle takes "
              + bytes
              + " bytes, more than train.limits.bundle-bytes, "
              + limit.getAsLong()
              + ", although its folds' trees were estimated to stay below",
          "raise the limit, or search fewer or shallower trees");
    }
  }

  private byte[] pmml(Trained trained) {
    PMML pmml = new PmmlDocument(trained, config.data().label()).write(config.model());
    pmml.getModels()
        .get(0)
        .setModelVerification(VerificationRows.of(trained, config.data().label(), spark));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      new MetroJAXBSerializer().serialize(pmml, bytes);
    } catch (JAXBException e) {
      throw new IllegalStateException("PMML could not be written", e);
    }
    return bytes.toByteArray();
  }

  private List<Input> inputs(Trained trained) {
    List<Input> inputs = new ArrayList<>();
    for (NumberInput input : trained.recipe().numbers()) {
      inputs.add(
          new Input(
              input.name(),
              InputType.NUMBER,
              declared(input.name()),
              config.features().calendar(input.name()),
              config.features().series(input.name()),
              column(input.name()).flatMap(Column::from),
              unit(input.name()),
              List.of(),
              Double.toString(input.replacement()),
              finite(input.min()),
              finite(input.max())));
    }
    for (CategoryInput input : trained.recipe().categories()) {
      inputs.add(
          new Input(
              input.name(),
              InputType.CATEGORY,
              declared(input.name()),
              config.features().calendar(input.name()),
              Optional.empty(),
              column(input.name()).flatMap(Column::from),
              unit(input.name()),
              input.known(),
              PmmlNames.missing(input),
              Optional.empty(),
              Optional.empty()));
    }
    return inputs;
  }

  private Optional<ColumnType> declared(String input) {
    return config.features().series(input).isPresent()
        ? Optional.of(ColumnType.DOUBLE)
        : column(input).map(Column::type).flatMap(ColumnType::named);
  }

  /** A value of an earlier row has the unit of its column. */
  private Optional<String> unit(String input) {
    String of = config.features().series(input).map(it -> it.of().name()).orElse(input);
    return config.data().column(of).flatMap(Column::unit);
  }

  /** What an input is read from: itself, or the time that it is read off. */
  private Optional<Column> column(String input) {
    return config
        .data()
        .column(config.features().calendar(input).map(CalendarField::of).orElse(input));
  }

  private static Optional<Double> finite(double value) {
    return Double.isFinite(value) ? Optional.of(value) : Optional.empty();
  }
}
