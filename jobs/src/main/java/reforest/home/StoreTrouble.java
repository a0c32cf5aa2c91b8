package reforest.home;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;

/**
 * What is the matter with a store where no retry mends it, told by what its client threw. Clients
 * are known by the names of their classes, so that none of them is loaded to look at a failure.
 *
 * @param message what is the matter
 * @param hint what to do about it
 */
public record StoreTrouble(String message, String hint) {

  private static final String KEYS =
      "check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, the profile or the machine's role";
  private static final String REGION =
      "set the bucket's own region with fs.s3a.endpoint.region, or AWS_REGION for services";

  /** S3's error codes: what each means, and what to do. */
  private static final Map<String, StoreTrouble> CODES =
      Map.ofEntries(
          of("NoSuchBucket", "the bucket does not exist", "check its name, or create it"),
          of(
              "InvalidBucketName",
              "S3 refuses the bucket's name",
              "bucket names have 3 to 63 small letters, digits, dots and hyphens"),
          of("InvalidAccessKeyId", "S3 does not know the key", KEYS),
          of("SignatureDoesNotMatch", "the secret key is wrong", KEYS),
          of("ExpiredToken", "the session token has expired", "get a new one and try again"),
          of("TokenRefreshRequired", "the session token has expired", "get a new one"),
          of("InvalidToken", "the session token is wrong", "check AWS_SESSION_TOKEN"),
          of(
              "RequestTimeTooSkewed",
              "this machine's clock differs from S3's",
              "set this machine's clock, such as by NTP"),
          of("AuthorizationHeaderMalformed", "the bucket lies in another region", REGION),
          of("PermanentRedirect", "the bucket lies in another region", REGION),
          of("IllegalLocationConstraintException", "the bucket lies in another region", REGION),
          of(
              "AccessDenied",
              "S3 denies access",
              "let this user list, read and write below the home: s3:ListBucket, s3:GetObject,"
                  + " s3:PutObject, s3:DeleteObject"),
          of("AllAccessDisabled", "S3 denies all access to the bucket", "ask who owns the bucket"),
          of("AccountProblem", "S3 refuses the account", "ask who owns the account"));

  private static final Pattern STATUS = Pattern.compile("Status Code: (\\d{3})");

  /** By what is left to tell where an answer has no body, as that to a HEAD. */
  private static final Map<Integer, StoreTrouble> STATUSES =
      Map.of(
          301,
          new StoreTrouble("the bucket lies in another region", REGION),
          401,
          new StoreTrouble("S3 does not know this user", KEYS),
          403,
          new StoreTrouble(
              "S3 denies access",
              KEYS + ", what they allow on this bucket, and this machine's clock"));

  /** Hadoop's own words for it. */
  private static final Map<String, StoreTrouble> CLASSES =
      Map.of(
          "org.apache.hadoop.fs.s3a.UnknownStoreException",
          new StoreTrouble("the bucket does not exist", "check its name, or create it"),
          "org.apache.hadoop.fs.s3a.auth.NoAuthWithAWSException",
          new StoreTrouble("there are no keys for S3", KEYS),
          "org.apache.hadoop.fs.s3a.auth.NoAwsCredentialsException",
          new StoreTrouble("there are no keys for S3", KEYS),
          "org.apache.hadoop.fs.s3a.AWSRedirectException",
          new StoreTrouble("the bucket lies in another region", REGION));

  private static final String CHANGED = "org.apache.hadoop.fs.s3a.RemoteFileChangedException";

  private static final List<String> NO_KEYS = List.of("Unable to load credentials");

  private static Map.Entry<String, StoreTrouble> of(String code, String message, String hint) {
    return Map.entry(code, new StoreTrouble(message, hint));
  }

  /** The trouble behind a failure; empty where it may pass by itself, or is none of a store. */
  public static Optional<StoreTrouble> behind(Throwable thrown) {
    Optional<StoreTrouble> vague = Optional.empty();
    for (Throwable at = thrown; at != null; at = at.getCause()) {
      Optional<StoreTrouble> clear = clear(at);
      if (clear.isPresent()) {
        return clear;
      }
      if (vague.isEmpty() && isS3(at)) {
        vague = Optional.ofNullable(STATUSES.get(status(at)));
      }
    }
    return vague;
  }

  /** Whether a refusal does not say why, which an answer with a body would. */
  static boolean isVague(Throwable thrown) {
    for (Throwable at = thrown; at != null; at = at.getCause()) {
      if (clear(at).isPresent()) {
        return false;
      }
      if (isS3(at) && (status(at) == 400 || STATUSES.containsKey(status(at)))) {
        return true;
      }
    }
    return false;
  }

  /** A failure of this kind as a person reads it. */
  public ReforestException exception(String what, Throwable cause) {
    return new ReforestException(Kind.ARGUMENTS, what + ": " + message, hint, cause);
  }

  private static Optional<StoreTrouble> clear(Throwable at) {
    StoreTrouble known = CODES.get(code(at));
    for (Class<?> type = at.getClass();
        known == null && type != null;
        type = type.getSuperclass()) {
      known = CLASSES.get(type.getName());
    }
    if (known == null
        && at.getClass().getName().startsWith("software.amazon.awssdk.")
        && NO_KEYS.stream().anyMatch(String.valueOf(at.getMessage())::contains)) {
      known = new StoreTrouble("there are no keys for S3", KEYS);
    }
    return Optional.ofNullable(known);
  }

  /** Whether a server says so that a file is no longer the one that was opened. */
  public static boolean isChange(Throwable at) {
    return isNamed(at, Set.of(CHANGED));
  }

  /** Whether one of the names is the class of a failure, or one that it extends. */
  public static boolean isNamed(Throwable at, Set<String> names) {
    for (Class<?> type = at.getClass(); type != null; type = type.getSuperclass()) {
      if (names.contains(type.getName())) {
        return true;
      }
    }
    return false;
  }

  /** Whether it is an answer of S3. */
  public static boolean isS3(Throwable at) {
    return at.getClass().getName().startsWith("software.amazon.awssdk.services.s3.");
  }

  /** The status of an answer of S3, which only its message tells without its classes; else 0. */
  public static int status(Throwable at) {
    Matcher matcher = STATUS.matcher(String.valueOf(at.getMessage()));
    return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
  }

  /** The code of an answer of S3; empty for anything else. */
  private static String code(Throwable at) {
    if (!at.getClass().getName().startsWith("software.amazon.awssdk.")) {
      return "";
    }
    try {
      Method told = at.getClass().getMethod("awsErrorDetails");
      Object details = told.invoke(at);
      return details == null
          ? ""
          : String.valueOf(details.getClass().getMethod("errorCode").invoke(details));
    } catch (ReflectiveOperationException e) {
      return "";
    }
  }
}
