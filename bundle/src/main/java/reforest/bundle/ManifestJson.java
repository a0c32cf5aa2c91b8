package reforest.bundle;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import reforest.bundle.Manifest.FileEntry;
import reforest.bundle.Manifest.Input;
import reforest.bundle.Manifest.InputType;
import reforest.bundle.Manifest.Provenance;

/** The manifest's JSON: one order of fields, sorted maps, absent values left out. */
final class ManifestJson {

  private ManifestJson() {}

  static byte[] write(Manifest manifest) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("schema", Manifest.SCHEMA);
    json.put("model", manifest.model());
    json.put("task", JsonFields.key(manifest.task()));
    json.put("label", manifest.label());
    json.put("classes", manifest.classes());
    json.put("inputs", manifest.inputs().stream().map(ManifestJson::input).toList());
    json.put("files", manifest.files().stream().map(ManifestJson::file).toList());
    json.put("provenance", provenance(manifest.provenance()));
    json.put("about", new TreeMap<>(manifest.about()));
    return JsonFields.bytes(json);
  }

  private static Map<String, Object> input(Input input) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", input.name());
    json.put("type", JsonFields.key(input.type()));
    input.declared().ifPresent(declared -> json.put("declared", declared.toString()));
    input.calendar().ifPresent(field -> json.put("calendar", calendar(field)));
    input.series().ifPresent(field -> json.put("series", series(field)));
    input.madeBefore().ifPresent(sql -> json.put("madeBefore", sql));
    input.unit().ifPresent(unit -> json.put("unit", unit));
    json.put("categories", input.categories());
    json.put("missing", input.missing());
    input.min().ifPresent(min -> json.put("min", min));
    input.max().ifPresent(max -> json.put("max", max));
    return json;
  }

  private static Map<String, Object> calendar(CalendarField field) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("of", field.of());
    json.put("part", JsonFields.key(field.part()));
    json.put("zone", field.zone().getId());
    field.since().ifPresent(day -> json.put("since", day.toString()));
    return json;
  }

  private static Map<String, Object> series(SeriesField field) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("take", JsonFields.key(field.take()));
    json.put("of", column(field.of()));
    json.put("time", column(field.time()));
    json.put("by", field.by().stream().map(ManifestJson::column).toList());
    json.put("key", field.key().stream().map(ManifestJson::column).toList());
    json.put("lag", field.lag().toString());
    field.window().ifPresent(window -> json.put("window", window.toString()));
    return json;
  }

  private static Map<String, Object> column(SeriesField.Column column) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", column.name());
    json.put("type", column.type().toString());
    column.madeBefore().ifPresent(sql -> json.put("madeBefore", sql));
    return json;
  }

  private static Map<String, Object> file(FileEntry file) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", file.name());
    json.put("sizeBytes", file.sizeBytes());
    json.put("sha256", file.sha256());
    return json;
  }

  private static Map<String, Object> provenance(Provenance provenance) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("run", provenance.run());
    json.put("table", provenance.table());
    json.put("dataVersion", provenance.dataVersion());
    json.put("dataDigest", provenance.dataDigest());
    json.put("split", provenance.split());
    provenance.trainedBefore().ifPresent(end -> json.put("trainedBefore", end.toString()));
    json.put("family", provenance.family());
    json.put("parameters", new TreeMap<>(provenance.parameters()));
    json.put("seed", provenance.seed());
    json.put("codeRevision", provenance.codeRevision());
    json.put("configuration", provenance.configuration());
    json.put("versions", new TreeMap<>(provenance.versions()));
    return json;
  }

  static Manifest read(byte[] bytes) {
    JsonFields json = JsonFields.parse(bytes, Bundle.MANIFEST);
    // First, so that a newer layout is named as such and not as a field that is not known.
    json.schema(Manifest.SCHEMA);
    String model = json.text("model");
    if (!StorePath.isModelName(model)) {
      throw json.problem("model", "is no model's name: '" + model + "'");
    }
    Task task = json.constant("task", Task.class);
    List<String> classes = classes(json, task);
    List<Input> inputs = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (JsonFields input : json.objects("inputs")) {
      inputs.add(input(input, names));
    }
    String label = json.text("label");
    if (names.contains(label)) {
      throw json.problem("label", "is an input too: '" + label + "'");
    }
    List<FileEntry> files = new ArrayList<>();
    for (JsonFields file : json.objects("files")) {
      files.add(file(file, files));
    }
    Manifest manifest =
        new Manifest(
            model,
            task,
            label,
            classes,
            inputs,
            files,
            provenance(json.object("provenance")),
            json.textMap("about"));
    json.end();
    return manifest;
  }

  private static List<String> classes(JsonFields json, Task task) {
    List<String> classes = json.texts("classes");
    boolean right =
        switch (task) {
          case REGRESSION -> classes.isEmpty();
          case BINARY -> classes.size() == 2;
          case MULTICLASS -> classes.size() >= 2;
        };
    if (!right) {
      throw json.problem("classes", "has " + classes.size() + " entries for task " + task.key());
    }
    if (Set.copyOf(classes).size() != classes.size()) {
      throw json.problem("classes", "names a class twice: " + classes);
    }
    return classes;
  }

  private static Input input(JsonFields json, Set<String> names) {
    String name = json.text("name");
    if (!names.add(name)) {
      throw json.problem("name", "stands twice: '" + name + "'");
    }
    InputType type = json.constant("type", InputType.class);
    Input input =
        new Input(
            name,
            type,
            json.optionalText("declared").map(of -> columnType(json, "declared", of)),
            json.optionalObject("calendar").map(ManifestJson::calendar),
            json.optionalObject("series").map(ManifestJson::series),
            json.optionalText("madeBefore"),
            json.optionalText("unit"),
            json.texts("categories"),
            json.text("missing"),
            json.optionalNumber("min"),
            json.optionalNumber("max"));
    json.end();
    if (Set.copyOf(input.categories()).size() != input.categories().size()) {
      throw json.problem("categories", "names a category twice");
    }
    checkType(json, input);
    if (type == InputType.NUMBER) {
      checkNumber(json, input);
    } else if (input.min().isPresent() || input.max().isPresent()) {
      throw json.problem("min", "and max have no meaning for a category");
    }
    return input;
  }

  private static ColumnType columnType(JsonFields json, String field, String name) {
    return ColumnType.named(name)
        .orElseThrow(() -> json.problem(field, "is no type of a column: '" + name + "'"));
  }

  private static CalendarField calendar(JsonFields json) {
    String of = json.text("of");
    CalendarField.Part part = json.constant("part", CalendarField.Part.class);
    String zone = json.text("zone");
    Optional<String> since = json.optionalText("since");
    json.end();
    try {
      return new CalendarField(of, part, ZoneId.of(zone), since.map(LocalDate::parse));
    } catch (DateTimeException e) {
      throw json.problem("zone", "or since is none that Java knows: " + e.getMessage());
    } catch (IllegalArgumentException e) {
      throw json.problem("since", String.valueOf(e.getMessage()));
    }
  }

  private static SeriesField series(JsonFields json) {
    SeriesField.Take take = json.constant("take", SeriesField.Take.class);
    SeriesField.Column of = column(json.object("of"));
    SeriesField.Column time = column(json.object("time"));
    List<SeriesField.Column> by = json.objects("by").stream().map(ManifestJson::column).toList();
    List<SeriesField.Column> key = json.objects("key").stream().map(ManifestJson::column).toList();
    String lag = json.text("lag");
    Optional<String> window = json.optionalText("window");
    json.end();
    try {
      return new SeriesField(
          take, of, time, by, key, Duration.parse(lag), window.map(Duration::parse));
    } catch (DateTimeException | IllegalArgumentException e) {
      throw json.problem("lag", "or another field of it is wrong: " + e.getMessage());
    }
  }

  private static SeriesField.Column column(JsonFields json) {
    SeriesField.Column column =
        new SeriesField.Column(
            json.text("name"),
            columnType(json, "type", json.text("type")),
            json.optionalText("madeBefore"));
    json.end();
    return column;
  }

  private static void checkType(JsonFields json, Input input) {
    Optional<ColumnType> declared = input.declared();
    if (input.series().isPresent()
        && (input.type() != InputType.NUMBER
            || input.calendar().isPresent()
            || !declared.equals(Optional.of(ColumnType.DOUBLE)))) {
      throw json.problem("series", "goes with a number that is declared as double");
    }
    boolean fits =
        input.calendar().isPresent()
            ? declared.filter(ColumnType::isTime).isPresent()
            : input.type() != InputType.NUMBER || declared.map(ColumnType::isNumber).orElse(true);
    if (!fits) {
      throw json.problem(
          "declared",
          "must be a type of %s, got %s"
              .formatted(
                  input.calendar().isPresent() ? "times" : "numbers",
                  declared.map(ColumnType::toString).orElse("none")));
    }
  }

  private static void checkNumber(JsonFields json, Input input) {
    if (!input.categories().isEmpty()) {
      throw json.problem("categories", "must be empty for a number");
    }
    if (!DecimalText.isNumber(input.missing())) {
      throw json.problem("missing", "must be a finite number, got '" + input.missing() + "'");
    }
    boolean ordered =
        input.min().isPresent() == input.max().isPresent()
            && (input.min().isEmpty() || input.min().get() <= input.max().get());
    if (!ordered) {
      throw json.problem("min", "and max must both be given, in order, or neither");
    }
  }

  private static FileEntry file(JsonFields json, List<FileEntry> before) {
    FileEntry file = new FileEntry(json.text("name"), json.whole("sizeBytes"), json.text("sha256"));
    json.end();
    if (!StorePath.isFileName(file.name()) || file.name().equals(Bundle.MANIFEST)) {
      throw json.problem("name", "is not allowed: '" + file.name() + "'");
    }
    Optional<String> last = before.isEmpty() ? Optional.empty() : Optional.of(last(before));
    if (last.isPresent() && last.get().compareTo(file.name()) >= 0) {
      throw json.problem("name", "'" + file.name() + "' must stand after '" + last.get() + "'");
    }
    if (file.sizeBytes() < 0) {
      throw json.problem("sizeBytes", "must be at least 0, got " + file.sizeBytes());
    }
    if (!Sha256.isDigest(file.sha256())) {
      throw json.problem("sha256", "must be 64 lower-case hexadecimal digits");
    }
    return file;
  }

  private static String last(List<FileEntry> files) {
    return files.get(files.size() - 1).name();
  }

  private static Provenance provenance(JsonFields json) {
    Provenance provenance =
        new Provenance(
            json.text("run"),
            json.text("table"),
            json.whole("dataVersion"),
            json.text("dataDigest"),
            json.text("split"),
            json.optionalText("trainedBefore").map(end -> json.instant("trainedBefore")),
            json.text("family"),
            json.textMap("parameters"),
            json.whole("seed"),
            json.text("codeRevision"),
            json.text("configuration"),
            json.textMap("versions"));
    json.end();
    return provenance;
  }
}
