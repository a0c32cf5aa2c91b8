package reforest.bundle;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a bundle holds and where it comes from; its JSON's SHA-256 names the bundle.
 *
 * <p>Says nothing about the verdict, nor when it was written: the same data and configuration give
 * the same manifest.
 *
 * @param model name of the model, {@code [a-z0-9][a-z0-9_-]{0,63}}
 * @param task what it predicts
 * @param label name of the label's column
 * @param classes the label's classes as text, in the order of the probabilities; for a binary task
 *     the second is the positive one; empty for a regression
 * @param inputs what the model reads, in the order of the scorer's vector
 * @param files every file of the bundle but the manifest, sorted by name
 * @param provenance how the model came to be
 * @param about goal, owner, decision served and limits, from the model's configuration
 */
public record Manifest(
    String model,
    Task task,
    String label,
    List<String> classes,
    List<Input> inputs,
    List<FileEntry> files,
    Provenance provenance,
    Map<String, String> about) {

  /** Version of the manifest's own layout. */
  public static final int SCHEMA = 1;

  public Manifest {
    classes = List.copyOf(classes);
    inputs = List.copyOf(inputs);
    files = List.copyOf(files);
    about = Map.copyOf(about);
  }

  /** Its JSON: the same bytes for the same manifest, maps sorted by key. */
  public byte[] toJson() {
    return ManifestJson.write(this);
  }

  /**
   * The manifest in {@code json}.
   *
   * @throws ReforestException of kind {@code DATA} when it is none, contradicts itself, has a field
   *     that this version does not know, or is of another schema version
   */
  public static Manifest parse(byte[] json) {
    return ManifestJson.read(json);
  }

  /**
   * One file of the bundle.
   *
   * @param name file name, without folders
   * @param sizeBytes its length
   * @param sha256 its digest, 64 lower-case hexadecimal digits
   */
  public record FileEntry(String name, long sizeBytes, String sha256) {

    /** The entry of a file with that content. */
    public static FileEntry of(String name, byte[] content) {
      return new FileEntry(name, content.length, Sha256.of(content));
    }
  }

  /** How an input's values are read. */
  public enum InputType {
    /** A number; missing and NaN values are replaced. */
    NUMBER,
    /** One of a set of texts; missing, rare and unseen values each have their own way. */
    CATEGORY
  }

  /**
   * One input column.
   *
   * @param name column name, as in the data
   * @param type how its values are read
   * @param declared the type of the column that it is read from, by which a text becomes a value;
   *     empty in bundles of before it was noted
   * @param calendar how it is read off the time in another column; empty where it is a column
   *     itself
   * @param series how it is taken from earlier rows: a {@link History} computes it, or the row
   *     holds the number under the input's name; empty where it is read off the row alone
   * @param madeBefore the expression by which an ingest makes its column of the source; a service
   *     must make it, too; empty where the source has the column
   * @param unit unit of a number, if declared
   * @param categories the categories that the model tells apart, sorted; empty for a number
   * @param missing what stands in for a missing value: a number, or the category of missing values;
   *     the largest finite {@code double} where a missing number counts as higher than every value
   * @param min smallest training value; empty for a category
   * @param max largest training value; empty for a category
   */
  public record Input(
      String name,
      InputType type,
      Optional<ColumnType> declared,
      Optional<CalendarField> calendar,
      Optional<SeriesField> series,
      Optional<String> madeBefore,
      Optional<String> unit,
      List<String> categories,
      String missing,
      Optional<Double> min,
      Optional<Double> max) {
    public Input {
      categories = List.copyOf(categories);
    }

    /** The column of a row that it is read from. */
    public String reads() {
      return calendar.map(CalendarField::of).orElse(name);
    }

    /**
     * All columns that its values tell of: the one that it is read from, or those of its series.
     */
    public Set<String> columns() {
      if (series.isEmpty()) {
        return Set.of(reads());
      }
      SeriesField looked = series.get();
      Set<String> all = new TreeSet<>(List.of(looked.of().name(), looked.time().name()));
      looked.by().forEach(column -> all.add(column.name()));
      return Collections.unmodifiableSet(all);
    }
  }

  /**
   * How the model came to be.
   *
   * @param run key of the run that trained it
   * @param table location of the Delta table
   * @param dataVersion version of that table
   * @param dataDigest digest of that version's rows
   * @param split how rows were divided into training and windows, in words that compare equal when
   *     the division is the same
   * @param trainedBefore exclusive end of the event times trained on; empty without event time
   * @param family {@code random-forest} or {@code gradient-boosting}
   * @param parameters the winner's settings
   * @param seed seed of the training
   * @param codeRevision revision of the code that trained it
   * @param configuration SHA-256 of the configuration that can change the verdict
   * @param versions library, Java and operating system versions
   */
  public record Provenance(
      String run,
      String table,
      long dataVersion,
      String dataDigest,
      String split,
      Optional<Instant> trainedBefore,
      String family,
      Map<String, String> parameters,
      long seed,
      String codeRevision,
      String configuration,
      Map<String, String> versions) {
    public Provenance {
      parameters = Map.copyOf(parameters);
      versions = Map.copyOf(versions);
    }
  }
}
