package reforest.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
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
  void saysWhetherTheFullDiskIsSparksOwn() {
    IOException thrown = new IOException("No space left on device");
    thrown.setStackTrace(new StackTraceElement[] {frame("org.apache.parquet.hadoop.Writer")});
    assertThat(Outage.behind(new IllegalStateException(thrown)).orElseThrow().hint())
        .startsWith("make room where the home lies");

    thrown.setStackTrace(
        new StackTraceElement[] {
          frame("java.io.FileOutputStream"), frame("org.apache.spark.storage.DiskStore")
        });
    assertThat(Outage.behind(new IllegalStateException(thrown)).orElseThrow())
        .satisfies(
            full -> {
              assertThat(full.message()).contains("Spark's intermediate results is full");
              assertThat(full.hint()).contains("spark.local.dir");
            });
  }

  @Test
  void saysThatALibraryFoundNoRoomToBeUnpacked() {
    Error thrown = new UnsatisfiedLinkError("no snappyjava in java.library.path: /usr/lib");

    assertThat(Outage.behind(new IllegalStateException(thrown)).orElseThrow().hint())
        .startsWith("make room in " + System.getProperty("java.io.tmpdir"));
  }

  private static StackTraceElement frame(String type) {
    return new StackTraceElement(type, "write", "Some.java", 1);
  }

  @Test
  void leavesOtherFaultsOfProgramsAlone() {
    assertThat(Outage.behind(new NullPointerException("ours"))).isEmpty();
  }
}
