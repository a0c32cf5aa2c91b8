package reforest.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import org.apache.hadoop.fs.s3a.S3AUtils;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;

class OutageTest {

  @Test
  void takesItForAnOutageThatHadoopHasNoWordsForABrokenConnection() {
    SdkClientException broken =
        SdkClientException.create("Unable to execute HTTP request", new IOException());

    Throwable thrown =
        catchThrowable(() -> S3AUtils.translateException("PUT", "a/part-0.parquet", broken));

    assertThat(thrown).as("Hadoop mended it, so that the case can go").isNotNull();
    assertThat(Outage.behind(thrown).orElseThrow().message()).startsWith("a store does not answer");
  }

  @Test
  void leavesOtherFaultsOfProgramsAlone() {
    assertThat(Outage.behind(new NullPointerException("ours"))).isEmpty();
  }
}
