package reforest.score;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Optional;
import reforest.bundle.Bundle;
import reforest.bundle.ReforestException;
import reforest.bundle.Store;

/** Opens a folder that holds a bundle, or one that a pull has filled. */
public final class PulledBundle {

  private static final String CURRENT = "current.json";

  private PulledBundle() {}

  /**
   * @throws ReforestException of kind {@code DATA} when there is no bundle, or it is not intact
   */
  public static Bundle bundle(Store folder) {
    Optional<byte[]> current = folder.read(CURRENT);
    if (current.isEmpty()) {
      return Bundle.read(folder, "");
    }
    try {
      JsonNode digest = new ObjectMapper().readTree(current.get()).path("digest");
      if (digest.textValue() != null && digest.textValue().matches("[0-9a-f]{64}")) {
        return Bundle.read(folder, digest.textValue());
      }
    } catch (IOException e) {
      throw unreadable(folder, e);
    }
    throw unreadable(folder, null);
  }

  private static ReforestException unreadable(
      Store folder, @org.jspecify.annotations.Nullable Exception cause) {
    return new ReforestException(
        ReforestException.Kind.DATA,
        folder.root() + CURRENT + " names no bundle",
        "remove it and pull again",
        cause);
  }
}
