package reforest.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;

/** What a person writes for a place: a path of this machine, or a URI of any file system. */
public final class Address {

  private static final Pattern URI_START = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]*:/.*");
  private static final String SERVICES_S3 = "s3://";
  private static final String HADOOP_S3 = "s3a://";
  private static final String NOT_IN_URIS = " \"<>[]\\^`{|}";

  private Address() {}

  /** Whether it is a URI and no path. */
  public static boolean isUri(String typed) {
    return URI_START.matcher(typed).matches();
  }

  /**
   * The same as Hadoop's clients know it: S3's own {@code s3://} is {@code s3a://} to them, and
   * they know no {@code ~} for the home folder, which a shell leaves alone after {@code --home=}.
   */
  public static String forHadoop(String typed) {
    if (typed.startsWith(SERVICES_S3)) {
      return HADOOP_S3 + typed.substring(SERVICES_S3.length());
    }
    return typed.equals("~") || typed.startsWith("~/")
        ? System.getProperty("user.home") + typed.substring(1)
        : typed;
  }

  /**
   * The place. Blanks may stand in a URI as they are.
   *
   * @throws URISyntaxException when it is neither a path nor a URI
   * @throws java.nio.file.InvalidPathException likewise
   */
  public static URI of(String typed) throws URISyntaxException {
    if (typed.isBlank()) {
      throw new URISyntaxException(typed, "it is empty");
    }
    if (isUri(typed)) {
      return new URI(quoted(forHadoop(typed)));
    }
    String path = forHadoop(typed);
    if (path.startsWith("~")) {
      throw new URISyntaxException(typed, "write the home folder of another user in full");
    }
    return new URI("file", "", Path.of(path).toAbsolutePath().normalize().toString(), null);
  }

  /** Encodes what a path in a URI cannot hold, and leaves what is encoded. */
  private static String quoted(String typed) {
    int authority = typed.indexOf("://");
    int path = authority < 0 ? typed.indexOf('/') : typed.indexOf('/', authority + 3);
    if (path < 0) {
      return typed;
    }
    StringBuilder quoted = new StringBuilder(typed.substring(0, path));
    for (int i = path; i < typed.length(); i++) {
      char c = typed.charAt(i);
      if (NOT_IN_URIS.indexOf(c) >= 0) {
        quoted.append('%').append(Integer.toHexString(c).toUpperCase(Locale.ROOT));
      } else {
        quoted.append(c);
      }
    }
    return quoted.toString();
  }
}
