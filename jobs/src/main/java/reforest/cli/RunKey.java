package reforest.cli;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import reforest.bundle.Sha256;
import reforest.config.ModelConfig;
import reforest.snapshot.Snapshot;

/**
 * Names a run by all that can change its verdict, so that the same run is known again. Where
 * results go, credentials and the size of the cluster do not count.
 */
final class RunKey {

  private RunKey() {}

  static String of(
      String kind, ModelConfig config, Snapshot snapshot, Optional<String> logicalDate) {
    String text =
        String.join(
            "\n",
            kind,
            config.model(),
            String.valueOf(snapshot.table()),
            String.valueOf(snapshot.version()),
            snapshot.digest(),
            config.digest(),
            Build.code(),
            logicalDate.orElse(""));
    return Sha256.of(text.getBytes(StandardCharsets.UTF_8)).substring(0, 32);
  }
}
