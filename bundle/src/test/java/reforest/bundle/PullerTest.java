package reforest.bundle;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PullerTest {

  private static final String OTHER = Models.AVERAGE.replace("description=\"bikes\"", "");

  @TempDir Path home;
  private Path folder;
  private Store store;
  private PromotionLog log;
  private Puller puller;

  @BeforeEach
  void open() {
    store = new LocalStore(home.resolve("models/bikes"));
    log = new PromotionLog(store);
    folder = home.resolve("service");
    puller = new Puller(store, folder);
  }

  @Test
  void bringsTheChampionOnce() throws IOException {
    String digest = promote(1, Models.AVERAGE);

    Pulled pulled = puller.pull();
    assertThat(pulled.changed()).isTrue();
    assertThat(pulled.folder()).isEqualTo(folder.resolve(digest));
    assertThat(pulled.promotion()).isEqualTo(log.champion().orElseThrow());
    assertThat(Bundle.read(new LocalStore(folder), digest).digest()).isEqualTo(digest);
    assertThat(Files.readString(folder.resolve("current.json")))
        .isEqualTo(
            """
            {
              "schema" : 1,
              "sequence" : 1,
              "digest" : "%s",
              "model" : "bikes"
            }
            """
                .formatted(digest));
    assertThat(puller.pull().changed()).isFalse();
    assertThat(names()).containsExactlyInAnyOrder(digest, "current.json");
  }

  @Test
  void keepsTheBundleBeforeAndRemovesOlderOnes() throws IOException {
    promote(1, Models.AVERAGE);
    puller.pull();
    String second = promote(2, Models.SUM);
    puller.pull();
    String third = promote(3, OTHER);
    puller.pull();
    assertThat(names()).containsExactlyInAnyOrder(second, third, "current.json");
  }

  @Test
  void keepsTheBundleBeforeWhenTheSameOneIsPromotedAgain() throws IOException {
    String first = promote(1, Models.AVERAGE);
    puller.pull();
    String second = promote(2, Models.SUM);
    puller.pull();
    promote(3, Models.SUM);
    assertThat(puller.pull().promotion().sequence()).isEqualTo(3);
    assertThat(names()).containsExactlyInAnyOrder(first, second, "current.json");
  }

  @Test
  void followsARollback() {
    String first = promote(1, Models.AVERAGE);
    promote(2, Models.SUM);
    puller.pull();
    promote(3, Models.AVERAGE);
    assertThat(puller.pull().folder()).isEqualTo(folder.resolve(first));
  }

  @Test
  void refusesWithoutAChampion() {
    assertRefused("there is no champion at " + store.root());
    assertThat(folder).doesNotExist();
  }

  @Test
  void refusesToGoBackWhenTheLogIsShorterThanBefore() throws IOException {
    promote(1, Models.AVERAGE);
    String second = promote(2, Models.SUM);
    puller.pull();
    Files.delete(home.resolve("models/bikes/promotions/00000000000000000002.json"));

    assertRefused("refused to go back: " + folder + " holds promotion 2 of bundle " + second);
  }

  @Test
  void refusesALogThatWasWrittenAnew() throws IOException {
    promote(1, Models.AVERAGE);
    puller.pull();
    Files.delete(home.resolve("models/bikes/promotions/00000000000000000001.json"));
    promote(1, Models.SUM);

    assertRefused("refused to go back");
  }

  @Test
  void staysAtTheOldBundleWhenTheNewOneIsDamaged() throws IOException {
    String first = promote(1, Models.AVERAGE);
    puller.pull();
    String second = promote(2, Models.SUM);
    Files.writeString(
        home.resolve("models/bikes/bundles").resolve(second).resolve("model.pmml"), "<PMML/>");

    assertRefused("model.pmml has 7 bytes");
    assertThat(names()).containsExactlyInAnyOrder(first, "current.json");
    assertThat(Files.readString(folder.resolve("current.json"))).contains(first);
  }

  @Test
  void staysAtTheOldBundleWhenTheNewOneDoesNotLoad() throws IOException {
    String first = promote(1, Models.AVERAGE);
    puller.pull();
    promote(2, Models.AVERAGE.replace("score=\"10.0\"", "score=\"10.1\""));

    assertRefused("verification row 1 gives 5.8");
    assertThat(names()).containsExactlyInAnyOrder(first, "current.json");
  }

  @Test
  void bringsABundleAgainThatWasDamagedHere() throws IOException {
    String digest = promote(1, Models.AVERAGE);
    puller.pull();
    Files.writeString(folder.resolve(digest).resolve("model.pmml"), "half");

    assertThat(puller.pull().changed()).isTrue();
    assertThat(Bundle.read(new LocalStore(folder), digest).digest()).isEqualTo(digest);
    assertThat(names()).containsExactlyInAnyOrder(digest, "current.json");
  }

  @Test
  void refusesAnotherModelsFolder() throws IOException {
    promote(1, Models.AVERAGE);
    puller.pull();
    Path current = folder.resolve("current.json");
    Files.writeString(current, Files.readString(current).replace("bikes", "vans"));
    assertRefused("holds model vans, the champion is of bikes");
  }

  @Test
  void refusesABundleOfAnotherModel() {
    Manifest manifest = Models.bikes(Models.AVERAGE);
    String digest = "bundles/" + Sha256.of(manifest.toJson());
    Models.write(store, digest, manifest, Models.AVERAGE);
    append(1, "vans", Sha256.of(manifest.toJson()));
    assertRefused("promotion 1 of model vans names a bundle of model bikes");
  }

  @Test
  void saysHowToMendACurrentFileThatCannotBeRead() throws IOException {
    promote(1, Models.AVERAGE);
    Files.createDirectories(folder);
    Files.write(folder.resolve("current.json"), "{}".getBytes(UTF_8));
    assertThatThrownBy(puller::pull)
        .isInstanceOfSatisfying(
            ReforestException.class, e -> assertThat(e.hint()).startsWith("delete that file"))
        .hasMessageContaining("current.json cannot be used");
  }

  @Test
  void readsAndListsOnceWhenTheFolderHoldsTheChampion() {
    promote(1, Models.AVERAGE);
    promote(2, Models.SUM);
    puller.pull();
    WatchedStore watched = new WatchedStore(store);

    assertThat(new Puller(watched, folder).pull().changed()).isFalse();
    assertThat(watched.calls)
        .containsExactly("read promotions/00000000000000000002.json", "list promotions");
  }

  @Test
  void removesWhatKilledPullsHaveLeft() throws IOException {
    String digest = promote(1, Models.AVERAGE);
    for (String left : List.of(".pull-1", ".old-2", ".damaged-3")) {
      Files.createDirectories(folder.resolve(left).resolve(digest));
      Files.writeString(folder.resolve(left).resolve(digest).resolve("model.pmml"), "half");
    }
    Files.writeString(folder.resolve(".current-4"), "{");

    puller.pull();

    assertThat(names()).containsExactlyInAnyOrder(digest, "current.json");
  }

  @Test
  void goesOnFromAnEntryThatWasDamagedSinceWhenANewerOneStands() throws IOException {
    promote(1, Models.AVERAGE);
    puller.pull();
    String second = promote(2, Models.SUM);
    Files.writeString(home.resolve("models/bikes/promotions/00000000000000000001.json"), "");

    assertThat(puller.pull().folder()).isEqualTo(folder.resolve(second));
  }

  private String promote(long sequence, String pmml) {
    return new Publisher(store).promote(sequence, pmml);
  }

  private void append(long sequence, String model, String digest) {
    assertThat(new Publisher(store).append(sequence, model, digest)).isTrue();
  }

  private List<String> names() throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .map(p -> p.getFileName().toString())
          .filter(name -> !name.equals(".lock"))
          .toList();
    }
  }

  private void assertRefused(String message) {
    assertThatThrownBy(puller::pull)
        .isInstanceOfSatisfying(
            ReforestException.class,
            e -> assertThat(e.kind()).isEqualTo(ReforestException.Kind.DATA))
        .hasMessageContaining(message);
  }
}
