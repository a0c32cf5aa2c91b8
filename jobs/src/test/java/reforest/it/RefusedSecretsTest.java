package reforest.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reforest.testing.CommandResult;
import reforest.testing.ShopSales;

/** Secrets where they do not belong, before anything is opened. */
class RefusedSecretsTest {

  @TempDir private Path folder;

  @Test
  void refusesSecretsInFilesAndAddressesWithoutRepeatingThem() throws IOException {
    Path conf = ShopSales.conf(folder);
    Files.writeString(
        conf,
        Files.readString(conf)
            + """
            fs.s3a.secret.key = pLaNtEd2001
            about { wiki = "https://me:pLaNtEd2002@wiki.example.org", key = AKIAPLANTED200300000 }
            """);
    String address = "s3a://me:pLaNtEd2004@forest/home";
    String sound = ShopSales.conf(Files.createDirectories(folder.resolve("sound"))).toString();
    List<CommandResult> ends =
        List.of(
            CommandResult.withoutSpark(
                "retrain", "--conf", conf.toString(), "--home", "s3a://forest/home"),
            CommandResult.withoutSpark("retrain", "--conf", sound, "--home", address),
            CommandResult.withoutSpark("ingest", "--conf", sound, "--source", address),
            CommandResult.withoutSpark("models", "--home", address),
            CommandResult.withoutSpark("pull", "x", "served", "--home", address));

    ends.get(0).failed(2, "fs.s3a.secret.key looks like", "about.wiki holds", "about.key holds");
    ends.get(1).failed(2, "home must hold no user name or password");
    for (CommandResult ended : ends.subList(2, 5)) {
      ended.failed(2, "'s3a://***@forest/home' holds a user name");
    }
    for (CommandResult ended : ends) {
      assertThat(ended.out() + ended.err()).doesNotContain("pLaNtEd2", "AKIAPLANTED2003");
    }
  }

  @Test
  void refusesKeysAmongSparksSettingsWhicheverCommandTheyAreGivenTo() throws IOException {
    String conf = ShopSales.conf(folder).toString();
    String home = "s3a://forest/home";
    for (List<String> command :
        List.of(
            List.of("retrain", "--conf", conf, "--home", home),
            List.of("models", "--home", home),
            List.of("pull", "shop", "served", "--home", home))) {
      List<String> args = new ArrayList<>(command);
      for (String key :
          List.of("access.key", "bucket.a.b.secret.key", "session.token", "endpoint.region")) {
        args.addAll(List.of("--spark", "spark.hadoop.fs.s3a." + key + "=pLaNtEd2005"));
      }

      CommandResult ended = CommandResult.withoutSpark(args.toArray(String[]::new));

      ended
          .failed(
              2,
              "Spark's settings hold keys of S3: spark.hadoop.fs.s3a.access.key,"
                  + " spark.hadoop.fs.s3a.bucket.a.b.secret.key,"
                  + " spark.hadoop.fs.s3a.session.token")
          .hinting("AWS_ACCESS_KEY_ID", "fs.s3a.aws.credentials.provider");
      assertThat(ended.out() + ended.err()).doesNotContain("pLaNtEd2005", "endpoint.region");
    }
  }
}
