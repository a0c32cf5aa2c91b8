package reforest.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The demo as a newcomer runs it, once it is built. */
record Demo() implements Case {

  private static final double MOST_SECONDS = 180;

  @Override
  public String name() {
    return "demo";
  }

  @Override
  public List<Ratio> run(Lab lab) {
    Path home = lab.work().resolve("demo");
    delete(home);
    Measured demo =
        lab.command(
            "demo",
            List.of(
                lab.project().resolve("reforest").toString(), "demo", "--home", home.toString()),
            // Newcomers have no archive of classes.
            Map.of("REFOREST_ARCHIVE", lab.work().resolve("none").toString()));
    return List.of(
        Ratio.ofPeer(
                name(), "wall s / 3 minutes", demo.wallSeconds(), MOST_SECONDS, Target.atMost(1))
            .with(Map.of("cpuSeconds", demo.cpuSeconds(), "peakMegabytes", demo.peakMegabytes())));
  }

  private static void delete(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> inside = Files.walk(folder)) {
      for (Path each : inside.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
