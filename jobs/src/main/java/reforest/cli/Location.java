package reforest.cli;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import reforest.bundle.ReforestException;

/** Reads what a person types for a place: a path of this machine, or a URI of any file system. */
final class Location {

  private static final Pattern URI_START = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]*:/.*");

  private Location() {}

  /**
   * @throws ReforestException of kind {@code ARGUMENTS} when it is neither
   */
  static URI of(String typed) {
    try {
      if (URI_START.matcher(typed).matches()) {
        return new URI(typed);
      }
      return new URI("file", "", Path.of(typed).toAbsolutePath().normalize().toString(), null);
    } catch (URISyntaxException | InvalidPathException e) {
      throw new ReforestException(
          ReforestException.Kind.ARGUMENTS,
          "'" + typed + "' is neither a path nor a URI: " + e.getMessage(),
          "write a path such as /data/forest, or a URI such as s3a://bucket/forest",
          e);
    }
  }

  /** A place below another. */
  static URI below(URI folder, String path) {
    String base = folder.toString();
    return URI.create((base.endsWith("/") ? base : base + "/") + path);
  }

  static boolean isLocal(URI place) {
    return "file".equals(place.getScheme());
  }

  /** A local place as a path. */
  static Path path(URI place) {
    return Path.of(place.getPath());
  }
}
