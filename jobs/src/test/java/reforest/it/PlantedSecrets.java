package reforest.it;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import reforest.s3server.S3Server;

/** Twenty secrets where operators keep them, each with a text of its own that can be searched. */
final class PlantedSecrets {

  /** Environment variables. */
  static final Map<String, String> ENVIRONMENT = new LinkedHashMap<>();

  /** Settings for {@code --spark}. */
  static final Map<String, String> SPARK = new LinkedHashMap<>();

  /** System properties. */
  static final Map<String, String> PROPERTIES = new LinkedHashMap<>();

  /** What must be found nowhere. */
  static final List<String> TEXTS = new ArrayList<>(List.of(S3Server.KEY_ID, S3Server.SECRET));

  static {
    ENVIRONMENT.putAll(S3Server.keys());
    for (String name :
        List.of("PGPASSWORD", "GITHUB_TOKEN", "VAULT_TOKEN", "SERVICE_API_KEY", "DB_PASSWORD")) {
      ENVIRONMENT.put(name, planted());
    }
    String other = "spark.hadoop.fs.s3a.bucket.other.";
    for (String key :
        List.of(
            other + "encryption.key",
            other + "proxy.password",
            "spark.hadoop.ssl.server.keystore.password",
            "spark.hadoop.registry.api.key",
            "spark.hadoop.fs.azure.account.key.forest.dfs.core.windows.net",
            "spark.hadoop.javax.jdo.option.ConnectionPassword",
            "spark.hadoop.signing.privateKey",
            "spark.hadoop.signing.passphrase",
            "spark.executorEnv.MODEL_STORE_CREDENTIAL")) {
      SPARK.put(key, planted());
    }
    SPARK.put("spark.hadoop.wiki.address", "https://me:" + planted() + "@wiki.example.org/x");
    SPARK.put("spark.hadoop.shop.database", "jdbc:shop://host/x;user=me;password=" + planted());
    PROPERTIES.put("http.proxyPassword", planted());
    PROPERTIES.put("shop.database", "jdbc:shop://me:" + planted() + "@host/x");
  }

  private PlantedSecrets() {}

  private static String planted() {
    String text = "pLaNtEd" + (1000 + TEXTS.size());
    TEXTS.add(text);
    return text;
  }
}
