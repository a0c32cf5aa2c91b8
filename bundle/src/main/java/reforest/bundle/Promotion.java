package reforest.bundle;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One numbered entry of the promotion log: from here on, this bundle is the champion.
 *
 * @param sequence its number, from 1
 * @param model name of the model
 * @param bundle digest of the bundle that becomes champion
 * @param predecessor digest of the bundle that it follows; empty for the first
 * @param action how it came about
 * @param run key of the run that decided, or of the run that trained the bundle
 * @param verdict the gate's verdict
 * @param reason why, in words
 * @param report where the report lies
 * @param at when it was written, UTC
 * @param writeId differs from write to write, so that a writer knows its own entry again
 */
public record Promotion(
    long sequence,
    String model,
    String bundle,
    Optional<String> predecessor,
    Action action,
    String run,
    String verdict,
    String reason,
    String report,
    Instant at,
    String writeId) {

  /** Version of the entry's own layout. */
  public static final int SCHEMA = 1;

  /** How a bundle becomes champion. */
  public enum Action {
    /** It won. */
    PROMOTE,
    /** A person decided against or without the gate. */
    OVERRIDE,
    /** A person brought an earlier champion back. */
    ROLLBACK
  }

  /**
   * @throws IllegalArgumentException when the number is below 1, or a name or digest is none
   */
  public Promotion {
    if (sequence < 1) {
      throw new IllegalArgumentException("sequence must be at least 1, got " + sequence);
    }
    if (!StorePath.isModelName(model)) {
      throw new IllegalArgumentException("not a model's name: '" + model + "'");
    }
    if (!Sha256.isDigest(bundle) || !predecessor.map(Sha256::isDigest).orElse(true)) {
      throw new IllegalArgumentException(
          "not the digests of bundles: '" + bundle + "', '" + predecessor.orElse("") + "'");
    }
  }

  /** Its JSON, the same bytes for the same entry. */
  public byte[] toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("schema", SCHEMA);
    json.put("sequence", sequence);
    json.put("model", model);
    json.put("bundle", bundle);
    predecessor.ifPresent(digest -> json.put("predecessor", digest));
    json.put("action", JsonFields.key(action));
    json.put("run", run);
    json.put("verdict", verdict);
    json.put("reason", reason);
    json.put("report", report);
    json.put("at", at.toString());
    json.put("writeId", writeId);
    return JsonFields.bytes(json);
  }

  /**
   * The entry in {@code bytes}.
   *
   * @throws ReforestException of kind {@code DATA} when it is none that this version knows
   */
  public static Promotion parse(byte[] bytes) {
    JsonFields json = JsonFields.parse(bytes, "the promotion");
    json.schema(SCHEMA);
    try {
      Promotion promotion =
          new Promotion(
              json.whole("sequence"),
              json.text("model"),
              json.text("bundle"),
              json.optionalText("predecessor"),
              json.constant("action", Action.class),
              json.text("run"),
              json.text("verdict"),
              json.text("reason"),
              json.text("report"),
              json.instant("at"),
              json.text("writeId"));
      json.end();
      return promotion;
    } catch (IllegalArgumentException e) {
      throw new ReforestException(
          ReforestException.Kind.DATA,
          "the promotion is refused: " + e.getMessage(),
          "restore the file from where it was written",
          e);
    }
  }

  /** Whether {@code bytes} hold a JSON object that says it has a later layout than this one. */
  static boolean isNewer(byte[] bytes) {
    try {
      return JsonFields.parse(bytes, "the promotion").whole("schema") > SCHEMA;
    } catch (ReforestException e) {
      return false;
    }
  }
}
