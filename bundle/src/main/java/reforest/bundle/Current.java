package reforest.bundle;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which pulled bundle a service should use: the content of {@code current.json}.
 *
 * @param sequence number of the promotion
 * @param digest digest of the bundle, which names its folder
 * @param model name of the model
 */
record Current(long sequence, String digest, String model) {

  private static final int SCHEMA = 1;

  static final String FILE = "current.json";

  byte[] toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("schema", SCHEMA);
    json.put("sequence", sequence);
    json.put("digest", digest);
    json.put("model", model);
    return JsonFields.bytes(json);
  }

  static Current parse(byte[] bytes) {
    JsonFields json = JsonFields.parse(bytes, FILE);
    json.schema(SCHEMA);
    Current current = new Current(json.whole("sequence"), json.text("digest"), json.text("model"));
    json.end();
    if (current.sequence < 1 || !Sha256.isDigest(current.digest)) {
      throw json.problem("sequence", "or digest is none: " + current);
    }
    return current;
  }
}
