package reforest.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {

  @ParameterizedTest
  @CsvSource({
    "https://me:pa/ss@wiki/page, https://***@wiki/page",
    "cannot open s3a://key@bucket/x: denied, cannot open s3a://***@bucket/x: denied",
    "jdbc:shop://host/x;password=abc;user=me, jdbc:shop://host/x;password=***;user=me",
    "the key AKIAABCDABCDABCDABCD is unknown, the key *** is unknown",
    "https://host/@me, https://host/@me",
    "s3a://bucket/AKIA, s3a://bucket/AKIA",
  })
  void hidesWhatIsSecretAndNothingElse(String text, String shown) {
    assertThat(Secrets.masked(text)).isEqualTo(shown);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spark.hadoop.fs.s3a.access.key",
        "spark.hadoop.fs.s3a.bucket.x.encryption.key",
        "fs.azure.account.key.forest.dfs.core.windows.net",
        "signing.privateKey",
        "signing.passphrase",
        "spark.executorEnv.STORE_CREDENTIAL",
        "https://me:x@host",
        "java -Dx=s3://me:x@host/y reforest",
        "AKIAABCDABCDABCDABCD",
        "-----BEGIN RSA PRIVATE KEY-----",
      })
  void letsSparkHideMoreThanItsOwnPatternFinds(String nameOrValue) {
    assertThat(Pattern.compile(Secrets.forSpark()).matcher(nameOrValue).find()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"spark.sql.shuffle.partitions", "s3a://bucket/home", "local[2]", "data.key"})
  void letsSparkShowTheRest(String nameOrValue) {
    assertThat(Pattern.compile(Secrets.forSpark()).matcher(nameOrValue).find()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spark.hadoop.fs.s3a.access.key",
        "spark.hadoop.fs.s3a.bucket.my-forest.v2.secret.key",
        "spark.hadoop.fs.s3a.session.token",
        "spark.hadoop.fs.s3n.awsSecretAccessKey",
        "fs.s3a.secret.key",
      })
  void knowsTheSettingsThatHoldKeysOfS3(String setting) {
    assertThat(Secrets.isKeyOfS3(setting)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spark.hadoop.fs.s3a.aws.credentials.provider",
        "spark.hadoop.fs.s3a.encryption.key",
        "spark.hadoop.fs.s3a.endpoint",
        "spark.executorEnv.AWS_SECRET_ACCESS_KEY",
      })
  void leavesOtherSettingsOfS3(String setting) {
    assertThat(Secrets.isKeyOfS3(setting)).isFalse();
  }
}
