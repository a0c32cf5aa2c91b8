package reforest.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import reforest.testing.CommandResult;
import reforest.testing.JavaProcesses;

/** An HDFS of one name node and one data node, in a process of its own. */
final class HdfsServer implements AutoCloseable {

  private final JavaProcesses process;
  private final URI root;

  private HdfsServer(JavaProcesses process, URI root) {
    this.process = process;
    this.root = root;
  }

  /** Starts it on free ports of this machine; returns once it has written which. */
  static HdfsServer start(Path folder)
      throws IOException, InterruptedException, ReflectiveOperationException, URISyntaxException {
    Path details = folder.resolve("hdfs.json");
    List<String> classPath = new ArrayList<>();
    classPath.add(JavaProcesses.target().resolve("hdfs.jar").toString());
    classPath.addAll(JavaProcesses.sparksClassPath());
    // Hadoop's own starter of such servers asserts with it.
    Class<?> asserts = Class.forName("org.junit.Assert");
    classPath.add(
        Path.of(asserts.getProtectionDomain().getCodeSource().getLocation().toURI()).toString());
    JavaProcesses process =
        JavaProcesses.start(
            folder,
            classPath,
            "org.apache.hadoop.test.MiniDFSClusterManager",
            Map.of("hdfs.minidfs.basedir", folder.resolve("hdfs").toString()),
            "-format",
            "-datanodes",
            "1",
            "-writeDetails",
            details.toString());
    Instant end = Instant.now().plus(Duration.ofMinutes(3));
    while (!Files.exists(details) || Files.size(details) == 0) {
      assertThat(process.isAlive()).as("the server has ended").isTrue();
      assertThat(Instant.now()).as("the server does not start").isBefore(end);
      Thread.sleep(50);
    }
    int port = CommandResult.json(details).path("namenode_port").intValue();
    return new HdfsServer(process, URI.create("hdfs://127.0.0.1:" + port));
  }

  /** Its address. */
  URI root() {
    return root;
  }

  @Override
  public void close() {
    process.kill();
  }
}
