package reforest.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.SocketException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.util.stream.Stream;
import org.apache.hadoop.security.AccessControlException;
import org.apache.spark.SparkException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FailureTest {

  private static Stream<Arguments> outages() {
    return Stream.of(
        Arguments.of(new AccessDeniedException("/models"), "a store refuses this user"),
        Arguments.of(
            new AccessControlException("Permission denied: user=ops"), "a store refuses this user"),
        Arguments.of(
            new FileSystemException("/m", null, "No space left on device"), "a disk is full"),
        Arguments.of(new IOException("No space left on device"), "a disk is full"),
        Arguments.of(new SocketException("Connection reset"), "cannot be reached"),
        Arguments.of(
            new IOException("Failed to connect to master/10.0.0.1:7077"), "the cluster is gone"),
        Arguments.of(
            new SparkException("Job 3 cancelled because SparkContext was shut down"),
            "the cluster is gone"),
        Arguments.of(
            new IllegalStateException("Cannot call methods on a stopped SparkContext.\nfoo"),
            "the cluster is gone"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("outages")
  void endsWithCodeFiveAndSaysWhatIsTheMatter(Exception cause, String said) {
    Failure direct = Failure.of(cause);
    Failure wrapped =
        Failure.of(new IllegalArgumentException("job", new SparkException("stage", cause)));

    assertThat(wrapped).isEqualTo(direct);
    assertThat(direct.exitCode()).isEqualTo(5);
    assertThat(direct.message()).contains(said, String.valueOf(cause.getMessage()));
    assertThat(direct.hint()).contains("run the same command again");
  }

  private static Stream<Exception> bugs() {
    return Stream.of(
        new IllegalStateException("two champions"),
        new FileNotFoundException("/resource"),
        new MalformedURLException("no protocol"),
        new UncheckedIOException(new IOException("not a CSV")),
        new SparkException("Task not serializable"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("bugs")
  void leavesBugsWhatTheyAre(Exception thrown) {
    assertThat(Failure.of(thrown).exitCode()).isEqualTo(1);
  }
}
