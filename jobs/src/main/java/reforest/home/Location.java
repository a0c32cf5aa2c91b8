package reforest.home;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import reforest.bundle.ReforestException;
import reforest.config.Address;
import reforest.config.Secrets;

/** Reads what a person types for a place: a path of this machine, or a URI of any file system. */
public final class Location {

  private Location() {}

  /**
   * @throws ReforestException of kind {@code ARGUMENTS} when it is neither, or holds credentials
   */
  public static URI of(String typed) {
    refuseCredentials(typed);
    try {
      return Address.of(typed);
    } catch (URISyntaxException e) {
      throw noPlace(typed, e.getReason(), e);
    } catch (InvalidPathException e) {
      throw noPlace(typed, e.getReason(), e);
    }
  }

  private static ReforestException noPlace(String typed, String why, Exception cause) {
    return new ReforestException(
        ReforestException.Kind.ARGUMENTS,
        "'" + typed + "' is neither a path nor a URI: " + why,
        "write a path such as /data/forest, or a URI such as s3a://bucket/forest",
        cause);
  }

  /**
   * Refuses an address with a user name or password in it, which would go into logs and records.
   *
   * @throws ReforestException of kind {@code ARGUMENTS}
   */
  public static void refuseCredentials(String typed) {
    if (Secrets.in(typed)) {
      throw new ReforestException(
          ReforestException.Kind.ARGUMENTS,
          "'" + Secrets.masked(typed) + "' holds a user name, a password or a key",
          "leave credentials to the environment or to the provider chain of its file system");
    }
  }

  /** A place below another. */
  public static URI below(URI folder, String path) {
    String base = folder.toString();
    return URI.create((base.endsWith("/") ? base : base + "/") + path);
  }

  public static boolean isLocal(URI place) {
    return "file".equals(place.getScheme());
  }

  /** A local place as a path. */
  public static Path path(URI place) {
    return Path.of(place.getPath());
  }
}
