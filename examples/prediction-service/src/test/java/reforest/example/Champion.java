package reforest.example;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import reforest.bundle.Bundle;
import reforest.bundle.Manifest;
import reforest.bundle.Promotion;
import reforest.bundle.PromotionLog;
import reforest.bundle.Store;
import reforest.bundle.Task;

/** A model of one tree, to be served. */
final class Champion {

  private Champion() {}

  /** Makes a model the champion that predicts 10 before the seventh hour and then what is said. */
  static void promote(Store models, long sequence, int later) throws IOException {
    byte[] pmml;
    try (InputStream in = Champion.class.getResourceAsStream("hours.pmml")) {
      pmml =
          new String(in.readAllBytes(), UTF_8).replace("90", String.valueOf(later)).getBytes(UTF_8);
    }
    Manifest manifest =
        new Manifest(
            "hours",
            Task.REGRESSION,
            "bikers",
            List.of(),
            List.of(
                new Manifest.Input(
                    "hr",
                    Manifest.InputType.NUMBER,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of("1"),
                    List.of(),
                    "12",
                    Optional.of(0.0),
                    Optional.of(23.0))),
            List.of(Manifest.FileEntry.of(Bundle.MODEL, pmml)),
            new Manifest.Provenance(
                "run-1",
                "s3://forest/home/data/hours/table",
                12,
                "d1",
                "time",
                Optional.empty(),
                "random-forest",
                Map.of("trees", "1"),
                7,
                "0123abc",
                "0".repeat(64),
                Map.of("java", "17")),
            Map.of());
    String digest =
        Bundle.write(models, "staged/" + sequence, manifest, Map.of(Bundle.MODEL, pmml));
    Bundle.read(models, "staged/" + sequence).copyTo(models, "bundles/" + digest);
    Promotion promotion =
        new Promotion(
            sequence,
            "hours",
            digest,
            Optional.empty(),
            Promotion.Action.PROMOTE,
            "run-" + sequence,
            "PROMOTE",
            "it wins",
            "report.html",
            Instant.EPOCH,
            "w" + sequence);
    assertThat(new PromotionLog(models).append(promotion)).isTrue();
  }
}
