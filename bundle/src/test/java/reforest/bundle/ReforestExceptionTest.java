package reforest.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import org.junit.jupiter.api.Test;
import reforest.bundle.ReforestException.Kind;

class ReforestExceptionTest {

  /** A cause as some libraries throw them, with a field that cannot be sent. */
  private static final class Unsendable extends Exception {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings({"serial", "UnusedVariable"})
    private final Object location = new Object();
  }

  @Test
  void isSentToAnotherProcessWhateverItsCauseIs() throws IOException, ClassNotFoundException {
    ReforestException thrown =
        new ReforestException(Kind.DATA, "the model is broken", "pull it again", new Unsendable());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(thrown);
    }

    ReforestException arrived;
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      arrived = (ReforestException) in.readObject();
    }

    assertThat(arrived).hasMessage("the model is broken").hasNoCause();
    assertThat(arrived.kind()).isEqualTo(Kind.DATA);
    assertThat(arrived.hint()).isEqualTo("pull it again");
    assertThat(arrived.getStackTrace()).isEqualTo(thrown.getStackTrace());
  }
}
