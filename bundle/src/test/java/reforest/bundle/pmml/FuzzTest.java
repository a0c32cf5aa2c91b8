package reforest.bundle.pmml;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reforest.bundle.Manifest;
import reforest.bundle.Models;
import reforest.bundle.Promotion;
import reforest.bundle.ReforestException;

/** Damaged documents either load into something that works, or are refused: nothing else. */
class FuzzTest {

  private static final int MUTANTS = 2_000;

  private static final List<String> PIECES =
      List.of(
          "<",
          ">",
          "\"",
          "&",
          "&lt;",
          "&#0;",
          "&#x41;",
          "]]>",
          "<![CDATA[",
          "<!--",
          "-->",
          "<?x",
          "?>",
          "<!DOCTYPE a>",
          "<True/>",
          "<Node>",
          "</Node>",
          "1e308",
          "-1",
          "NaN",
          " recordCount=\"3\"",
          "\u0000",
          "xmlns:q=\"u\"",
          "xml:space=\"preserve\"",
          "{",
          "}",
          "[",
          "null",
          "1e999",
          "\\u0000");

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6})
  void loadsOrRefusesDamagedModels(int form) {
    String pmml =
        switch (form) {
          case 1 -> Models.AVERAGE;
          case 2 -> Models.SUM;
          case 3 -> Models.CLASSES;
          case 4 -> Models.CHAIN;
          case 5 -> Models.COUNTED;
          default -> Models.DECIDED;
        };
    Manifest manifest =
        switch (form) {
          case 1, 2 -> Models.bikes(pmml);
          case 3, 5 -> Models.kinds(pmml);
          default -> Models.lateness(pmml);
        };
    Random random = new Random(form);
    int loaded = 0;
    for (int i = 0; i < MUTANTS; i++) {
      byte[] mutant = mutate(Models.bytes(pmml), random);
      try {
        PmmlModel model = PmmlModel.read(mutant, manifest);
        predict(model, manifest);
        count(model.forest());
        loaded++;
      } catch (ReforestException e) {
        assertThat(e.kind()).isEqualTo(ReforestException.Kind.DATA);
      }
    }
    // White space and comments may change without harm, most else may not.
    assertThat(loaded).isBetween(1, MUTANTS / 2);
  }

  private static void predict(PmmlModel model, Manifest manifest) {
    double[] out = new double[model.outputs()];
    double[] row = new double[manifest.inputs().size()];
    for (double value : new double[] {0, 1, 2, 1e300, -1e300, Double.NaN}) {
      Arrays.fill(row, value);
      model.predict(row, out);
      for (double result : out) {
        assertThat(result).isFinite();
      }
    }
  }

  private static void count(Forest forest) {
    for (int node = 0; forest.hasCovers() && node < forest.nodes(); node++) {
      assertThat(forest.cover(node)).isFinite().isNotNegative();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void loadsOrRefusesDamagedManifestsAndPromotions(int seed) {
    byte[] json = Models.bikes(Models.AVERAGE).toJson();
    byte[] entry =
        Models.bytes(
            """
            {"schema": 1, "sequence": 1, "model": "bikes", "bundle": "%s", "action": "promote",
             "run": "r", "verdict": "PROMOTE", "reason": "", "report": "",
             "at": "2011-12-05T00:00:00Z", "writeId": "w"}
            """
                .formatted("a".repeat(64)));
    assertThat(Promotion.parse(entry).sequence()).isOne();
    Random random = new Random(seed);
    for (int i = 0; i < MUTANTS; i++) {
      byte[] mutant = mutate(json, random);
      try {
        Manifest manifest = Manifest.parse(mutant);
        assertThat(Manifest.parse(manifest.toJson())).isEqualTo(manifest);
        new Encoder(manifest.inputs()).encode(Map.of());
      } catch (ReforestException e) {
        assertThat(e.kind()).isEqualTo(ReforestException.Kind.DATA);
      }
      byte[] other = mutate(entry, random);
      try {
        Promotion promotion = Promotion.parse(other);
        assertThat(Promotion.parse(promotion.toJson())).isEqualTo(promotion);
      } catch (ReforestException e) {
        assertThat(e.kind()).isEqualTo(ReforestException.Kind.DATA);
      }
    }
  }

  /** One to three small damages: bytes changed, cut, repeated, moved, or something put in. */
  private static byte[] mutate(byte[] original, Random random) {
    List<Byte> bytes = new ArrayList<>(original.length);
    for (byte b : original) {
      bytes.add(b);
    }
    int damages = 1 + random.nextInt(3);
    for (int i = 0; i < damages && bytes.size() > 1; i++) {
      int at = random.nextInt(bytes.size());
      int length = Math.min(bytes.size() - at, 1 + random.nextInt(random.nextBoolean() ? 4 : 400));
      List<Byte> part = bytes.subList(at, at + length);
      switch (random.nextInt(6)) {
        case 0 -> bytes.set(at, (byte) random.nextInt(256));
        case 1 -> bytes.set(at, (byte) ('0' + random.nextInt(10)));
        case 2 -> part.clear();
        case 3 -> bytes.addAll(random.nextInt(bytes.size()), List.copyOf(part));
        case 4 -> {
          List<Byte> moved = List.copyOf(part);
          part.clear();
          bytes.addAll(random.nextInt(bytes.size() + 1), moved);
        }
        default -> {
          byte[] piece = Models.bytes(PIECES.get(random.nextInt(PIECES.size())));
          for (int j = 0; j < piece.length; j++) {
            bytes.add(at + j, piece[j]);
          }
        }
      }
    }
    byte[] mutant = new byte[bytes.size()];
    for (int i = 0; i < mutant.length; i++) {
      mutant[i] = bytes.get(i);
    }
    return mutant;
  }
}
