package reforest.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Secrets where they do not belong, before anything is opened. */
class RefusedSecretsTest {

  @TempDir private Path folder;

  @Test
  void refusesSecretsInFilesAndAddressesWithoutRepeatingThem() throws IOException {
    Path conf = Shop.conf(folder);
    Files.writeString(
        conf,
        Files.readString(conf)
            + """
            fs.s3a.secret.key = pLaNtEd2001
            about { wiki = "https://me:pLaNtEd2002@wiki.example.org", key = AKIAPLANTED200300000 }
            """);
    String address = "s3a://me:pLaNtEd2004@forest/home";
    String sound = Shop.conf(Files.createDirectories(folder.resolve("sound"))).toString();
    List<Ended> ends =
        List.of(
            Ended.withoutSpark("retrain", "--conf", conf.toString(), "--home", "s3a://forest/home"),
            Ended.withoutSpark("retrain", "--conf", sound, "--home", address),
            Ended.withoutSpark("ingest", "--conf", sound, "--source", address),
            Ended.withoutSpark("models", "--home", address),
            Ended.withoutSpark("pull", "x", "served", "--home", address));

    ends.get(0).failed(2, "fs.s3a.secret.key looks like", "about.wiki holds", "about.key holds");
    ends.get(1).failed(2, "home must hold no user name or password");
    for (Ended ended : ends.subList(2, 5)) {
      ended.failed(2, "'s3a://***@forest/home' holds a user name");
    }
    for (Ended ended : ends) {
      assertThat(ended.out() + ended.err()).doesNotContain("pLaNtEd2", "AKIAPLANTED2003");
    }
  }

  @Test
  void refusesKeysAmongSparksSettingsWhicheverCommandTheyAreGivenTo() throws IOException {
    String conf = Shop.conf(folder).toString();
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

      Ended ended = Ended.withoutSpark(args.toArray(String[]::new));

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
