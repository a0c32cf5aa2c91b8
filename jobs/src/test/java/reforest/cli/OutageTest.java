package reforest.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OutageTest {

  @Test
  void takesItForAnOutageThatHadoopHasNoWordsForABrokenConnection() {
    NullPointerException thrown = new NullPointerException("getMessage() is null");
    thrown.setStackTrace(
        new StackTraceElement[] {
          new StackTraceElement(
              "org.apache.hadoop.fs.s3a.impl.ErrorTranslation",
              "maybeExtractChannelException",
              "ErrorTranslation.java",
              267)
        });

    assertThat(Outage.behind(new IllegalStateException(thrown)).orElseThrow().message())
        .startsWith("a store does not answer");
  }

  @Test
  void leavesOtherFaultsOfProgramsAlone() {
    assertThat(Outage.behind(new NullPointerException("ours"))).isEmpty();
  }
}
