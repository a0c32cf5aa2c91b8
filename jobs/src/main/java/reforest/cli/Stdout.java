package reforest.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reforest.bundle.ReforestException;

/**
 * Standard output that keeps why it could not be written: other print streams only know that, and
 * tell nobody. It buffers nothing, so that a line that was printed is out or has failed.
 */
final class Stdout extends PrintStream {

  /** How a process ends that the signal of a closed pipe ends: 128 and the signal's number, 13. */
  static final int CLOSED_PIPE = 141;

  private final Kept kept;

  /**
   * @param out unbuffered
   */
  Stdout(OutputStream out) {
    this(new Kept(out));
  }

  private Stdout(Kept kept) {
    super(kept, false, StandardCharsets.UTF_8);
    this.kept = kept;
  }

  /** Why something that was printed is not out; empty when all of it is. */
  static Optional<Failure> failure(PrintStream out) {
    if (!out.checkError()) {
      return Optional.empty();
    }
    IOException why = out instanceof Stdout stdout ? stdout.kept.failure : null;
    if (why != null && isClosedPipe(why)) {
      return Optional.of(
          new Failure(
              "pipe",
              CLOSED_PIPE,
              "whoever read standard output has closed it",
              "nothing is wrong; read to the end to get all of it"));
    }
    return Optional.of(
        Failure.of(
            ReforestException.Kind.STORE,
            "standard output could not be written to its end"
                + (why == null ? "" : ": " + why.getMessage()),
            "make room where it goes, then run the same command again: what is finished is kept"));
  }

  /**
   * Ends a command whose output goes nowhere.
   *
   * @throws Lost when something that was printed is not out
   */
  static void require(PrintStream out) {
    failure(out)
        .ifPresent(
            failure -> {
              throw new Lost(failure);
            });
  }

  /** By what stands behind it where that can be seen, since messages are translated. */
  private static boolean isClosedPipe(IOException why) {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
      return target.startsWith("pipe:") || target.startsWith("socket:");
    } catch (IOException | UnsupportedOperationException e) {
      return String.valueOf(why.getMessage()).contains("Broken pipe");
    }
  }

  /** Standard output is lost. */
  static final class Lost extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Failure failure;

    Lost(Failure failure) {
      super(failure.message());
      this.failure = failure;
    }

    Failure failure() {
      return failure;
    }
  }

  private static final class Kept extends OutputStream {

    private final OutputStream out;
    private @Nullable IOException failure;

    Kept(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      try {
        out.write(bytes, offset, length);
      } catch (IOException e) {
        failure = e;
        throw e;
      }
    }
  }
}
