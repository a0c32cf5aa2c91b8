package reforest.job;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;
import reforest.bundle.Sha256;
import reforest.config.ModelConfig;
import reforest.registry.BuildInfo;
import reforest.table.Snapshot;

/**
 * Names a run by all that can change its verdict, so that the same run is known again. Where the
 * home lies, where results go, credentials and the size of the cluster do not count.
 */
public final class RunKey {

  private static final int DIGITS = 32;
  private static final Pattern KEY = Pattern.compile("[0-9a-f]{" + DIGITS + "}");

  private RunKey() {}

  /** Whether a text may be the key of a run, and so the name of its folder. */
  public static boolean isKey(String text) {
    return KEY.matcher(text).matches();
  }

  static String of(
      String kind, ModelConfig config, Snapshot snapshot, Optional<String> logicalDate) {
    String text =
        String.join(
            "\n",
            kind,
            config.model(),
            String.valueOf(snapshot.version()),
            snapshot.digest(),
            config.digest(),
            BuildInfo.code(),
            logicalDate.orElse(""));
    return Sha256.of(text.getBytes(StandardCharsets.UTF_8)).substring(0, DIGITS);
  }
}
