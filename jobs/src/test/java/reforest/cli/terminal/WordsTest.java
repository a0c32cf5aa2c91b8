package reforest.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import reforest.cli.terminal.Words.Tone;

class WordsTest {

  @Test
  void columnsAreAsWideAsTheirWidestText() {
    Words words =
        new Words.Builder()
            .table(
                List.of("model", "gain"),
                List.of(
                    List.of(Tone.PLAIN.of("bikes"), Tone.PLAIN.of("−4.9")),
                    List.of(Tone.GOOD.of("parcels"), Tone.PLAIN.of("+1"))))
            .build();

    assertThat(words.text(false)).isEqualTo("model    gain\nbikes    −4.9\nparcels  +1\n");
  }

  @Test
  void coloursSurroundTheTextThatTheyAreOf() {
    Words words = new Words.Builder().line(Tone.GOOD.of("PROMOTE"), Tone.PLAIN.of(" it")).build();

    assertThat(words.text(true)).isEqualTo("\u001B[1;32mPROMOTE\u001B[0m it\n");
    assertThat(words.text(false)).isEqualTo("PROMOTE it\n");
  }

  @Test
  void dataCannotMoveTheCursorOrChangeColours() {
    Words words = new Words.Builder().say("a\u001B[2Jb\rc\nd\u009B1m").build();

    assertThat(words.text(true)).isEqualTo("a\uFFFD[2Jb\uFFFDc\uFFFDd\uFFFD1m\n");
  }

  @Test
  void whatIsTypedNextIsReadByAShellAsItWasMeant() {
    assertThat(
            NextCommand.of(
                Map.of("REFOREST_COMMAND", "./reforest"),
                List.of("ingest", "--conf", "my models/it's.conf", "train.seed=7")))
        .isEqualTo("./reforest ingest --conf 'my models/it'\\''s.conf' train.seed=7");
    assertThat(NextCommand.of(Map.of(), List.of("models"))).isEqualTo("reforest models");
  }
}
