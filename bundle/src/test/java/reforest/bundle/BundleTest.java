package reforest.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reforest.bundle.Manifest.FileEntry;

class BundleTest {

  private static final Manifest MANIFEST = Models.bikes(Models.AVERAGE);

  @TempDir Path folder;
  private Store store;

  @BeforeEach
  void open() {
    store = new LocalStore(folder);
  }

  @Test
  void readsBackWhatWasWritten() {
    String digest = Models.write(store, "runs/r/1", MANIFEST, Models.AVERAGE);

    Bundle bundle = Bundle.read(store, "runs/r/1");
    assertThat(bundle.digest()).isEqualTo(digest).isEqualTo(Sha256.of(MANIFEST.toJson()));
    assertThat(bundle.manifest()).isEqualTo(MANIFEST);
    assertThat(bundle.file(Bundle.MODEL)).isEqualTo(Models.bytes(Models.AVERAGE));
    assertThat(Bundle.read(new LocalStore(folder.resolve("runs/r/1")), "").digest())
        .isEqualTo(digest);
  }

  @Test
  void writesTheSameBundleTwiceAlsoAfterAWriteThatStoppedHalfWay() {
    store.createIfAbsent("b/" + Bundle.MODEL, Models.bytes(Models.AVERAGE));
    String digest = Models.write(store, "b", MANIFEST, Models.AVERAGE);
    assertThat(Models.write(store, "b", MANIFEST, Models.AVERAGE)).isEqualTo(digest);
  }

  @Test
  void refusesToWriteOverAnotherBundle() {
    Models.write(store, "b", MANIFEST, Models.AVERAGE);
    assertRefused(
        () -> Models.write(store, "b", Models.bikes(Models.SUM), Models.SUM),
        "another model.pmml stands there already");
  }

  @Test
  void refusesToWriteFilesThatTheManifestDoesNotDescribe() {
    assertThatThrownBy(() -> Models.write(store, "b", MANIFEST, Models.SUM))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Bundle.write(store, "b", MANIFEST, Map.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(store.list("b")).isEmpty();
  }

  @Test
  void refusesAManifestThatCouldNotBeRead() {
    Manifest broken =
        new Manifest(
            "Not A Name",
            MANIFEST.task(),
            MANIFEST.label(),
            List.of(),
            MANIFEST.inputs(),
            MANIFEST.files(),
            MANIFEST.provenance(),
            Map.of());
    assertRefused(() -> Models.write(store, "b", broken, Models.AVERAGE), "no model's name");
    assertThat(store.list("b")).isEmpty();
  }

  @Test
  void refusesAFolderWithoutManifest() {
    assertRefused(() -> Bundle.read(store, "nowhere"), "there is no manifest.json");
  }

  @Test
  void refusesATruncatedFile() throws IOException {
    Path file = written().resolve(Bundle.MODEL);
    Files.write(file, Models.bytes(Models.AVERAGE.substring(0, 100)));
    assertRefused(
        () -> Bundle.read(store, "b"), "model.pmml has 100 bytes where the manifest says");
  }

  @Test
  void refusesAnAlteredFile() throws IOException {
    Path file = written().resolve(Bundle.MODEL);
    Files.write(file, Models.bytes(Models.AVERAGE.replace("score=\"10.0\"", "score=\"11.0\"")));
    assertRefused(() -> Bundle.read(store, "b"), "model.pmml has the SHA-256");
  }

  @Test
  void refusesAMissingFile() throws IOException {
    Files.delete(written().resolve(Bundle.MODEL));
    assertRefused(() -> Bundle.read(store, "b"), "model.pmml is missing");
  }

  @Test
  void refusesAFileThatTheManifestDoesNotList() throws IOException {
    Files.writeString(written().resolve("extra.jar"), "?");
    assertRefused(() -> Bundle.read(store, "b"), "the manifest does not list extra.jar");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ".x",
        ".model.pmml.tmp",
        ".extra.jar.0b9cd7f2-3d9d-4a77-9d55-0c8f0f0a8f11.tmp",
        ".model.pmml.0b9cd7f2-3d9d-4a77-9d55-0c8f0f0a8f11.tmp.x"
      })
  void refusesAHiddenFileThatTheManifestDoesNotList(String name) throws IOException {
    Files.writeString(written().resolve(name), "?");
    assertRefused(() -> Bundle.read(store, "b"), "the manifest does not list " + name);
  }

  @Test
  void readsABundleThatAnotherProcessIsWritingOnceMore() throws IOException {
    Path bundle = written();
    for (String name : List.of(Bundle.MODEL, Bundle.MANIFEST)) {
      Files.writeString(bundle.resolve(StorePath.temporary(name)), "half of i");
    }
    assertThat(Bundle.read(store, "b").manifest()).isEqualTo(MANIFEST);
  }

  @Test
  void refusesATruncatedManifest() throws IOException {
    Path file = written().resolve(Bundle.MANIFEST);
    Files.write(file, Models.bytes(Files.readString(file).substring(0, 60)));
    assertRefused(() -> Bundle.read(store, "b"), "manifest.json is not JSON");
  }

  @Test
  void refusesAManifestInAFolderThatIsNamedByAnotherDigest() {
    String other = Sha256.of(new byte[0]);
    store.createIfAbsent(other + "/" + Bundle.MODEL, Models.bytes(Models.AVERAGE));
    store.createIfAbsent(other + "/" + Bundle.MANIFEST, MANIFEST.toJson());
    assertRefused(() -> Bundle.read(store, other), "its manifest.json has the SHA-256");
  }

  @Test
  void refusesAFileThatIsNotInTheBundle() {
    Models.write(store, "b", MANIFEST, Models.AVERAGE);
    assertRefused(() -> Bundle.read(store, "b").file("signature"), "has no file signature");
  }

  @Test
  void givesCopiesSoThatNobodyCanAlterTheBundle() {
    Models.write(store, "b", MANIFEST, Models.AVERAGE);
    Bundle bundle = Bundle.read(store, "b");
    bundle.file(Bundle.MODEL)[0] = 0;
    bundle.manifestBytes()[0] = 0;
    assertThat(FileEntry.of(Bundle.MODEL, bundle.file(Bundle.MODEL)))
        .isEqualTo(MANIFEST.files().get(0));
    assertThat(Sha256.of(bundle.manifestBytes())).isEqualTo(bundle.digest());
  }

  private Path written() {
    Models.write(store, "b", MANIFEST, Models.AVERAGE);
    return folder.resolve("b");
  }

  private static void assertRefused(Runnable call, String message) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            ReforestException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(ReforestException.Kind.DATA);
              assertThat(e.hint()).isNotBlank();
            })
        .hasMessageContaining(message);
  }
}
