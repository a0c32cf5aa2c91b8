package reforest.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

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
    lab.clear(home);
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
}
