package reforest.cli;

import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.file.AccessDeniedException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import reforest.home.StoreTrouble;

/**
 * Tells what lies outside of this program: a store or a cluster that is gone, full or closed to us.
 *
 * <p>Libraries that a command may do without are known by the names of their classes, so that
 * nothing is loaded to look at a failure.
 *
 * @param message what is the matter
 * @param hint what to do about it
 */
record Outage(String message, String hint) {

  private static final String AGAIN = "then run the same command again: what is finished is kept";

  /** Hadoop's word for a file system, or a master, that refuses this user. */
  private static final Set<String> DENIALS =
      Set.of(
          "org.apache.hadoop.security.AccessControlException",
          "org.apache.hadoop.fs.permission.AccessControlException",
          "org.apache.hadoop.fs.s3a.auth.NoAuthWithAWSException",
          "org.apache.hadoop.fs.s3a.auth.NoAwsCredentialsException");

  /** Thrown by a client that got no answer, or had no credentials to ask with. */
  private static final Set<String> CLIENTS =
      Set.of(
          "software.amazon.awssdk.core.exception.SdkClientException",
          "org.apache.hadoop.fs.s3a.AWSClientIOException",
          "org.apache.hadoop.fs.s3a.AWSServiceThrottledException",
          "org.apache.hadoop.ipc.RpcException",
          "org.apache.hadoop.ipc.StandbyException",
          "org.apache.hadoop.hdfs.server.namenode.SafeModeException");

  /** Where Hadoop's client of S3 puts what went wrong into words. */
  private static final String TRANSLATION = "org.apache.hadoop.fs.s3a.impl.ErrorTranslation";

  /** How Spark words the loss of a cluster, for which it has no class. */
  private static final List<String> LOST_CLUSTER =
      List.of(
          "All masters are unresponsive",
          "Master removed our application",
          "Application has been killed",
          "because SparkContext was shut down",
          "Cannot call methods on a stopped SparkContext",
          "Failed to connect to ");

  /**
   * How clients say that they were closed under a call, as happens when a process is told to end.
   */
  private static final List<String> CLOSED =
      List.of(
          "Filesystem closed",
          "Connection pool shut down",
          "Client is stopped",
          "Shutdown in progress");

  /** How parsers say that what answered speaks another language, such as a proxy's page. */
  private static final List<String> NO_XML =
      List.of("Could not parse XML", "Unable to unmarshall", "Failed to parse XML");

  private static final List<String> FULL =
      List.of(
          "No space left on device",
          "Disk quota exceeded",
          "There is not enough space",
          "File too large");

  /** How it shows that a library could not be unpacked, which Java does when it is first used. */
  private static final List<String> NOT_UNPACKED =
      List.of(
          "no snappyjava in java.library.path",
          "Could not initialize class org.xerial.snappy",
          "no zstd-jni");

  /** Where Spark writes what does not fit into memory, and what one task leaves for another. */
  private static final List<String> SPILLS =
      List.of("org.apache.spark.storage.", "org.apache.spark.shuffle.");

  private static final int FORBIDDEN = 403;
  private static final int SERVER_ERROR = 500;

  /** The outage behind a failure, or empty when nothing in its causes looks like one. */
  static Optional<Outage> behind(Throwable thrown) {
    for (Throwable at = thrown; at != null; at = at.getCause()) {
      Optional<Outage> outage = of(at);
      if (outage.isPresent()) {
        return outage;
      }
    }
    return Optional.empty();
  }

  private static Optional<Outage> of(Throwable at) {
    String message = String.valueOf(at.getMessage());
    if ((at instanceof IOException && contains(FULL, message)) || isQuota(at)) {
      return isSpill(at)
          ? found(
              "the disk for Spark's intermediate results is full: " + at,
              "make room where spark.local.dir or SPARK_LOCAL_DIRS says, else in "
                  + System.getProperty("java.io.tmpdir")
                  + ", "
                  + AGAIN)
          : found("a disk is full: " + at, "make room where the home lies, " + AGAIN);
    }
    if (contains(NOT_UNPACKED, message)) {
      String place = System.getProperty("java.io.tmpdir");
      return found(
          "a library could not be unpacked into " + place + ", which may be full or noexec: " + at,
          "make room in " + place + " or set java.io.tmpdir by REFOREST_JAVA_OPTS, " + AGAIN);
    }
    if (at instanceof AccessDeniedException
        || StoreTrouble.isNamed(at, DENIALS)
        || (StoreTrouble.isS3(at) && StoreTrouble.status(at) == FORBIDDEN)) {
      return found(
          "a store refuses this user: " + at, "check credentials and permissions, " + AGAIN);
    }
    if (at instanceof SocketException
        || at instanceof UnknownHostException
        || at instanceof SocketTimeoutException
        || at instanceof HttpTimeoutException) {
      return found(
          "a store or the cluster cannot be reached: " + at, "check address and network, " + AGAIN);
    }
    if (contains(CLOSED, message)
        && (at instanceof IOException || at instanceof IllegalStateException)) {
      return found(
          "the process was told to end while it worked: " + at,
          "run the same command again: what is finished is kept");
    }
    if (contains(NO_XML, message) && isAws(at)) {
      return found(
          "what answers there is no S3: " + at,
          "check the endpoint, and whether a proxy stands before it, " + AGAIN);
    }
    if (StoreTrouble.isChange(at)) {
      return found(
          "a file of a store changed while it was read: " + at,
          "look at who writes there, " + AGAIN);
    }
    if (StoreTrouble.isNamed(at, CLIENTS)
        || (StoreTrouble.isS3(at) && StoreTrouble.status(at) >= SERVER_ERROR)
        || isLostForWords(at)) {
      return found(
          "a store does not answer: " + at, "check its address and its credentials, " + AGAIN);
    }
    if (isSpark(at) && contains(LOST_CLUSTER, message)) {
      return found(
          "the cluster is gone: " + at,
          "check that spark.master can be reached and has room for this job, " + AGAIN);
    }
    return Optional.empty();
  }

  private static Optional<Outage> found(String message, String hint) {
    return Optional.of(new Outage(message, hint));
  }

  /** Hadoop's client of S3 stumbles over a connection that broke without a message. */
  private static boolean isLostForWords(Throwable at) {
    return at instanceof NullPointerException
        && at.getStackTrace().length > 0
        && at.getStackTrace()[0].getClassName().equals(TRANSLATION);
  }

  private static boolean isSpill(Throwable at) {
    return Stream.of(at.getStackTrace())
        .anyMatch(frame -> SPILLS.stream().anyMatch(frame.getClassName()::startsWith));
  }

  private static boolean isQuota(Throwable at) {
    return at.getClass().getName().startsWith("org.apache.hadoop.hdfs.protocol.")
        && at.getClass().getSimpleName().endsWith("QuotaExceededException");
  }

  private static boolean isSpark(Throwable at) {
    return at instanceof IOException
        || at instanceof IllegalStateException
        || at.getClass().getName().startsWith("org.apache.spark.");
  }

  private static boolean isAws(Throwable at) {
    return at.getClass().getName().startsWith("software.amazon.awssdk.");
  }

  private static boolean contains(List<String> parts, String message) {
    return parts.stream().anyMatch(message::contains);
  }
}
