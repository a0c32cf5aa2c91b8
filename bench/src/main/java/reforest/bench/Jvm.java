package reforest.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How a measured Java process is started.
 *
 * @param flags what decides its speed
 */
public record Jvm(List<String> flags) {

  /** Packages of Java that Spark looks into, as the launcher opens them. */
  private static final List<String> OPENED =
      List.of(
          "java.lang",
          "java.lang.invoke",
          "java.lang.reflect",
          "java.io",
          "java.net",
          "java.nio",
          "java.util",
          "java.util.concurrent",
          "java.util.concurrent.atomic",
          "jdk.internal.ref",
          "sun.nio.ch",
          "sun.nio.cs",
          "sun.security.action",
          "sun.util.calendar");

  public Jvm {
    flags = List.copyOf(flags);
  }

  /** As Java starts when it is told nothing but how much memory it may take. */
  public static Jvm plain() {
    return new Jvm(List.of("-Xmx2g"));
  }

  /** As {@code ./reforest --profile small} starts. */
  public static Jvm small() {
    return new Jvm(
        List.of(
            "-XX:TieredStopAtLevel=1",
            "-XX:ReservedCodeCacheSize=256m",
            "-XX:+UseSerialGC",
            "-Xmx2g",
            "-Xms1g",
            "-Xmn400m",
            "-Dspark.sql.codegen.wholeStage=false",
            "-Dspark.sql.codegen.factoryMode=NO_CODEGEN",
            "-Dspark.sql.adaptive.enabled=false"));
  }

  /** As {@code ./reforest --profile large} starts, with a bound for the heap. */
  public static Jvm large(String heap) {
    return new Jvm(
        List.of(
            "-XX:+UseParallelGC",
            "-Xmx" + heap,
            "-XX:Tier4InvocationThreshold=50000",
            "-XX:Tier4MinInvocationThreshold=6000",
            "-XX:Tier4CompileThreshold=150000",
            "-XX:Tier4BackEdgeThreshold=400000"));
  }

  /** The same, with classes from the archive that {@code ./reforest cds} makes. */
  Jvm sharing(Path archive) {
    List<String> more = new ArrayList<>(flags);
    more.add("-XX:SharedArchiveFile=" + archive);
    return new Jvm(more);
  }

  /** All flags: what decides the speed, and what Spark needs. */
  List<String> options(int cores) {
    List<String> options = new ArrayList<>(flags);
    options.add("-XX:ActiveProcessorCount=" + cores);
    options.add("-Duser.timezone=UTC");
    for (String opened : OPENED) {
      options.add("--add-opens=java.base/" + opened + "=ALL-UNNAMED");
    }
    return options;
  }
}
