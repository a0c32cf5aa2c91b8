package reforest.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.SparkException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reforest.testing.UndeclaredExceptions;

class RegistryUpdateTest {

  private static Stream<Exception> failures() {
    return Stream.of(
        new SparkException("the table is broken"),
        new IOException("the folder is gone"),
        new IllegalStateException("stopped"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("failures")
  void onlyWarnsWhenTheRegistryFailsAfterAllElseIsDone(Exception thrown) {
    List<String> warnings =
        RegistryUpdate.add(
            () -> UndeclaredExceptions.thrown(thrown),
            URI.create("file:/nowhere/registry"),
            List.of(),
            true,
            List::of);

    assertThat(warnings).hasSize(1);
    assertThat(warnings.get(0))
        .contains(String.valueOf(thrown.getMessage()), "'reforest repair' adds what is missing");
  }
}
