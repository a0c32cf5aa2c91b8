package reforest.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import reforest.config.ConfigReader;
import reforest.config.Configuration;

/**
 * A home as an earlier revision wrote it, with one model, {@code visits}: one ingest of 240 rows, a
 * development run, a promotion, a forced run that was left open, and a backtest.
 *
 * <p>It is not to be written again: what stands there must be read for ever.
 */
public final class GoldenHome {

  private static final String FOLDER = "/reforest/golden/";

  private GoldenHome() {}

  /** Its configuration. */
  public static Configuration configuration(String... overrides) {
    return ConfigReader.read(List.of(model()), List.of(overrides), Map.of());
  }

  /** Its model's file. */
  public static Path model() {
    return file("visits.conf");
  }

  /** The rows that it was made of, as CSV. */
  public static Path rows() {
    return file("visits.csv");
  }

  /** Lays it out in a folder. */
  public static Path in(Path folder) {
    try (InputStream in = GoldenHome.class.getResourceAsStream(FOLDER + "home-0.1.0-bb5c6e4.zip");
        ZipInputStream zip = new ZipInputStream(in)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Path file = folder.resolve(entry.getName());
        if (entry.isDirectory()) {
          Files.createDirectories(file);
        } else {
          Files.createDirectories(file.getParent());
          Files.copy(zip, file);
        }
      }
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path file(String name) {
    return Path.of("src", "test", "resources", "reforest", "golden", name);
  }
}
