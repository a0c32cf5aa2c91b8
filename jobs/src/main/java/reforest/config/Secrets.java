package reforest.config;

import java.util.regex.Pattern;

/** Knows what looks like a secret, so that it is neither accepted in a file nor printed. */
public final class Secrets {

  private static final Pattern KEY =
      Pattern.compile(
          "secret|password|passwd|token|credential|passphrase|private.?key|access.?key|account.?key"
              + "|api.?key",
          Pattern.CASE_INSENSITIVE);

  /**
   * User information of a URI, also when its password holds a slash. What Azure's addresses have in
   * its place is the container, unless a colon stands in it.
   */
  private static final Pattern USER_INFORMATION =
      Pattern.compile(
          "([a-z][a-z0-9+.-]*://)(?:(?<!abfss?://|wasbs?://)[^/@\\s\"]*|[^/@:\\s\"]*:[^@\\s\"]*)@",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern PARAMETER =
      Pattern.compile(
          "((?:secret|password|passwd|token|credential|passphrase|signature|\\bsig)[^=&;\\s]*=)[^&;\\s\"]+",
          Pattern.CASE_INSENSITIVE);

  /** Keys of AWS and of any kind in PEM, wherever they stand. */
  private static final Pattern KEY_ITSELF =
      Pattern.compile("\\b(?:AKIA|ASIA)[0-9A-Z]{16}\\b|-----BEGIN [A-Z ]*PRIVATE KEY");

  /** Hadoop's settings for keys of S3, also those for one bucket, among Spark's settings. */
  private static final Pattern KEY_OF_S3 =
      Pattern.compile(
          "(?:spark\\.hadoop\\.)?fs\\.s3[an]?\\.(?:bucket\\..+\\.)?"
              + "(?:access\\.key|secret\\.key|session\\.token|awsAccessKeyId|awsSecretAccessKey)",
          Pattern.CASE_INSENSITIVE);

  private Secrets() {}

  /** Whether values under this key are secret by the key's name. */
  public static boolean namedBy(String key) {
    return KEY.matcher(key).find();
  }

  /** Whether a setting of Spark holds a key of S3, or a part of one. */
  public static boolean isKeyOfS3(String setting) {
    return KEY_OF_S3.matcher(setting).matches();
  }

  /** Whether the text holds a URI with a user name or password in it. */
  public static boolean inUri(String text) {
    return USER_INFORMATION.matcher(text).find();
  }

  /** Whether the text holds something that is a secret by its form, whatever it is called. */
  public static boolean in(String text) {
    return inUri(text) || KEY_ITSELF.matcher(text).find();
  }

  /**
   * A pattern for Spark, which hides each setting whose name or value it finds something in; its
   * own misses most names.
   */
  public static String forSpark() {
    return "(?i)"
        + KEY.pattern()
        + "|encryption.?key|"
        + USER_INFORMATION.pattern()
        + "|"
        + KEY_ITSELF.pattern();
  }

  /** The text with user information of URIs and secret parameters replaced by {@code ***}. */
  public static String masked(String text) {
    String withoutUsers = USER_INFORMATION.matcher(text).replaceAll("$1***@");
    String withoutParameters = PARAMETER.matcher(withoutUsers).replaceAll("$1***");
    return KEY_ITSELF.matcher(withoutParameters).replaceAll("***");
  }
}
