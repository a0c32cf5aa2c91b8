package reforest.export;

import jakarta.xml.bind.JAXBException;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.dmg.pmml.PMML;
import org.jpmml.model.metro.MetroJAXBSerializer;
import reforest.bundle.Background;
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
    Exported exported = exported(trained, provenance, Map.of(Bundle.MODEL, pmml(trained)));
    requireSmall(bytes(exported));
    return exported;
  }

  /**
   * The model as PMML, with the manifest that describes it and with rows to explain by, where the
   * configuration wants some, no input is personal, and they fit.
   *
   * @param rows the training rows
   * @throws ReforestException when the bundle is larger than {@code train.limits.bundle-bytes}
   */
  public Exported write(Trained trained, Dataset<Row> rows, Provenance provenance) {
    Exported plain = write(trained, provenance);
    Optional<Background> background =
        new BackgroundRows(config).of(rows, trained.recipe(), plain.manifest().inputs());
    if (background.isEmpty()) {
      return plain;
    }
    Map<String, byte[]> files = new HashMap<>(plain.files());
    files.put(Bundle.BACKGROUND, background.get().toJson());
    Exported full = exported(trained, provenance, files);
    OptionalLong limit = config.train().search().limits().bundleBytes();
    return limit.isPresent() && bytes(full) > limit.getAsLong() ? plain : full;
  }

  private Exported exported(Trained trained, Provenance provenance, Map<String, byte[]> files) {
    Manifest manifest =
        new Manifest(
            config.model(),
            trained.task(),
            config.data().label(),
            trained.classes(),
            inputs(trained),
            new TreeMap<>(files)
                .entrySet().stream()
                    .map(file -> FileEntry.of(file.getKey(), file.getValue()))
                    .toList(),
            provenance,
            config.about());
    return new Exported(manifest, files);
  }

  private static long bytes(Exported exported) {
    long bytes = exported.manifest().toJson().length;
    for (FileEntry file : exported.manifest().files()) {
      bytes += file.sizeBytes();
    }
    return bytes;
  }

  /** The search excludes by an estimate; what ships is held to the limit itself. */
  private void requireSmall(long bytes) {
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
