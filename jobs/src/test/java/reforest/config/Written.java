package reforest.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import reforest.bundle.ReforestException;

/** Configurations as somebody writes them: a file, and overrides on the command line. */
record Written(Path folder) {

  Configuration read(String text, String... overrides) throws IOException {
    Path file = Files.writeString(folder.resolve("trips.conf"), text);
    return ConfigReader.read(List.of(file), List.of(overrides), Map.of());
  }

  ReforestException refused(String text, String... overrides) {
    ReforestException refused =
        catchThrowableOfType(ReforestException.class, () -> read(text, overrides));
    assertThat(refused).as("nothing was refused").isNotNull();
    assertThat(refused.kind()).isEqualTo(ReforestException.Kind.ARGUMENTS);
    return refused;
  }
}
