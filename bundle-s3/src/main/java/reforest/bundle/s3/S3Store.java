package reforest.bundle.s3;

import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;
import reforest.bundle.Store;
import reforest.bundle.StorePath;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * A store below a prefix of an S3 bucket.
 *
 * <p>A file is created if absent by a put with {@code If-None-Match: *}. Safe for use by several
 * threads and several processes at once.
 */
public final class S3Store implements Store, AutoCloseable {

  private static final Set<String> SCHEMES = Set.of("s3", "s3a");
  private static final String SEPARATOR = "/";

  /** Files of a store are small; a larger one would not fit into an array. */
  private static final long LARGEST_FILE_BYTES = 1L << 30;

  private static final Duration ATTEMPT = Duration.ofSeconds(30);
  private static final Duration CALL = Duration.ofMinutes(2);

  /** Two writers at once may both be told of a conflict before either file stands. */
  private static final int ATTEMPTS = 3;

  private static final int MOVED = 301;
  private static final int FORBIDDEN = 403;

  private final S3Client client;
  private final URI root;
  private final String bucket;
  private final String prefix;

  /**
   * A store that calls through a client of the caller's own making.
   *
   * @param client closed with this store
   * @param root such as {@code s3://bucket/forest/models/bikeshare}; {@code s3a} counts as {@code
   *     s3}
   * @throws ReforestException of kind {@code ARGUMENTS} when it names no bucket, or holds
   *     credentials
   */
  public S3Store(S3Client client, URI root) {
    this.client = client;
    this.root = checked(root);
    this.bucket = root.getAuthority();
    String path = root.getPath() == null ? "" : root.getPath();
    String inner = path.replaceAll("^/+|/+$", "");
    this.prefix = inner.isEmpty() ? "" : inner + SEPARATOR;
  }

  /**
   * A store with what the environment says.
   *
   * <p>Credentials, region and endpoint are found by the SDK's own chains: environment variables
   * such as {@code AWS_ACCESS_KEY_ID}, {@code AWS_REGION} and {@code AWS_ENDPOINT_URL_S3}, system
   * properties, the profile, or the machine's role.
   *
   * @throws ReforestException of kind {@code ARGUMENTS} when the root names no bucket or holds
   *     credentials, or the environment names no region
   */
  public static S3Store open(URI root) {
    URI sound = checked(root);
    try {
      S3Client client =
          S3Client.builder()
              .httpClientBuilder(UrlConnectionHttpClient.builder().socketTimeout(ATTEMPT))
              .overrideConfiguration(o -> o.apiCallAttemptTimeout(ATTEMPT).apiCallTimeout(CALL))
              .build();
      return new S3Store(client, sound);
    } catch (SdkException e) {
      throw new ReforestException(
          Kind.ARGUMENTS,
          "cannot open " + sound + ": " + e.getMessage(),
          "set AWS_REGION, and for a server other than AWS's own AWS_ENDPOINT_URL_S3",
          e);
    }
  }

  private static URI checked(URI root) {
    if (root.getRawUserInfo() != null || String.valueOf(root.getRawAuthority()).contains("@")) {
      throw new ReforestException(
          Kind.ARGUMENTS,
          "the address of bucket " + root.getHost() + " holds credentials",
          "leave them to the environment, such as AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, to"
              + " a profile or to the machine's role");
    }
    if (!SCHEMES.contains(String.valueOf(root.getScheme())) || root.getAuthority() == null) {
      throw new ReforestException(
          Kind.ARGUMENTS,
          root + " names no bucket of S3",
          "write an address such as s3://bucket/forest/models/bikeshare");
    }
    return root;
  }

  @Override
  public URI root() {
    return root;
  }

  @Override
  public Optional<byte[]> read(String path) {
    String key = prefix + StorePath.checked(path);
    try (ResponseInputStream<GetObjectResponse> in =
        client.getObject(request -> request.bucket(bucket).key(key))) {
      long sizeBytes = in.response().contentLength();
      if (sizeBytes > LARGEST_FILE_BYTES) {
        in.abort();
        throw new ReforestException(
            Kind.DATA,
            named(key) + " has " + sizeBytes + " bytes, more than " + LARGEST_FILE_BYTES,
            "look at what wrote it: files of this store are small");
      }
      byte[] content = in.readAllBytes();
      if (content.length != sizeBytes) {
        throw unavailable("read only " + content.length + " bytes of " + named(key), null);
      }
      return Optional.of(content);
    } catch (NoSuchKeyException e) {
      return Optional.empty();
    } catch (SdkException | IllegalStateException | java.io.IOException e) {
      // An IllegalStateException is what a closed client throws.
      throw unavailable("cannot read " + named(key), e);
    }
  }

  @Override
  public boolean createIfAbsent(String path, byte[] content) {
    String key = prefix + StorePath.checked(path);
    for (int attempt = 1; ; attempt++) {
      try {
        client.putObject(
            request -> request.bucket(bucket).key(key).ifNoneMatch("*"),
            RequestBody.fromBytes(content));
        return true;
      } catch (SdkException | IllegalStateException e) {
        // An answer may be lost although the file was created, so what stands there decides.
        Optional<byte[]> standing = read(path);
        if (standing.isPresent()) {
          return Arrays.equals(standing.get(), content);
        }
        if (attempt == ATTEMPTS) {
          throw unavailable("cannot create " + named(key), e);
        }
      }
    }
  }

  @Override
  public List<String> list(String folder) {
    return listAll(folder).stream().filter(name -> !name.startsWith(".")).toList();
  }

  @Override
  public List<String> listAll(String folder) {
    String within = folder.isEmpty() ? prefix : prefix + StorePath.checked(folder) + SEPARATOR;
    Set<String> names = new TreeSet<>();
    try {
      for (ListObjectsV2Response page :
          client.listObjectsV2Paginator(
              request -> request.bucket(bucket).prefix(within).delimiter(SEPARATOR))) {
        page.contents().forEach(file -> names.add(file.key().substring(within.length())));
        page.commonPrefixes()
            .forEach(
                inner ->
                    names.add(
                        inner.prefix().substring(within.length(), inner.prefix().length() - 1)));
      }
    } catch (SdkException | IllegalStateException e) {
      throw unavailable("cannot list " + named(within), e);
    }
    // Some tools mark a folder by an empty file of its own name.
    names.remove("");
    return List.copyOf(names);
  }

  /** Closes the client. */
  @Override
  public void close() {
    client.close();
  }

  private String named(String key) {
    return root.getScheme() + "://" + bucket + SEPARATOR + key;
  }

  private static ReforestException unavailable(String what, @Nullable Exception cause) {
    String message = cause == null ? what : what + ": " + cause.getMessage();
    String mend = cause instanceof S3Exception s3 ? mend(s3) : "";
    return mend.isEmpty()
        ? new ReforestException(
            Kind.STORE,
            message,
            "check the address, the endpoint and the network, and try again",
            cause)
        : new ReforestException(Kind.ARGUMENTS, message, mend, cause);
  }

  /** What a person must do before it is worth another try; empty where it may pass by itself. */
  private static String mend(S3Exception thrown) {
    String code = thrown.awsErrorDetails() == null ? "" : thrown.awsErrorDetails().errorCode();
    return switch (String.valueOf(code)) {
      case "NoSuchBucket" -> "check the bucket's name, or create it";
      case "InvalidBucketName" ->
          "bucket names have 3 to 63 small letters, digits, dots and hyphens";
      case "ExpiredToken", "TokenRefreshRequired", "InvalidToken" ->
          "get a new session token (AWS_SESSION_TOKEN)";
      case "RequestTimeTooSkewed" -> "set this machine's clock, such as by NTP";
      case "AuthorizationHeaderMalformed", "PermanentRedirect" ->
          "set the bucket's own region with AWS_REGION";
      case "InvalidAccessKeyId", "SignatureDoesNotMatch" ->
          "check the credentials: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, the profile or the"
              + " machine's role";
      default ->
          thrown.statusCode() == FORBIDDEN
              ? "check the credentials and what they allow on this bucket"
              : thrown.statusCode() == MOVED ? "set the bucket's own region with AWS_REGION" : "";
    };
  }
}
