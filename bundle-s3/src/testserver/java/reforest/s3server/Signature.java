package reforest.s3server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The headers that sign a request without body or query, as AWS describes it (version 4). */
final class Signature {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final String ALGORITHM = "AWS4-HMAC-SHA256";
  private static final String SIGNED = "host;x-amz-content-sha256;x-amz-date";

  private Signature() {}

  static Map<String, String> of(String method, String path, String host, Instant at) {
    try {
      String time = TIME.format(at);
      String scope = time.substring(0, 8) + "/us-east-1/s3/aws4_request";
      String nothing = sha256("");
      String request =
          String.join(
              "\n",
              method,
              path,
              "",
              "host:" + host,
              "x-amz-content-sha256:" + nothing,
              "x-amz-date:" + time,
              "",
              SIGNED,
              nothing);
      byte[] key = ("AWS4" + S3Server.SECRET).getBytes(UTF_8);
      for (String step : scope.split("/", -1)) {
        key = hmac(key, step);
      }
      byte[] signature = hmac(key, String.join("\n", ALGORITHM, time, scope, sha256(request)));
      return Map.of(
          "x-amz-content-sha256",
          nothing,
          "x-amz-date",
          time,
          "Authorization",
          "%s Credential=%s/%s, SignedHeaders=%s, Signature=%s"
              .formatted(ALGORITHM, S3Server.KEY_ID, scope, SIGNED, hex(signature)));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(text.getBytes(UTF_8));
  }

  private static String sha256(String text) throws GeneralSecurityException {
    return hex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
