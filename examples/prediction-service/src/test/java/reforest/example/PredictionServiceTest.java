package reforest.example;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reforest.bundle.LocalStore;

class PredictionServiceTest {

  @Test
  void sendsAnAnswersBodyWithoutWaitingUntilTheClientConfirmsItsHead(@TempDir Path folder)
      throws Exception {
    Path models = folder.resolve("models");
    Champion.promote(new LocalStore(models), 1, 90);

    PredictionService.main(
        new String[] {models.toString(), folder.resolve("served").toString(), "PT1H", "0"});

    // What the server has made of the property, which it reads but once: set too late, it is false.
    Method noDelay = Class.forName("sun.net.httpserver.ServerConfig").getDeclaredMethod("noDelay");
    noDelay.setAccessible(true);
    assertThat(noDelay.invoke(null)).isEqualTo(true);
  }
}
