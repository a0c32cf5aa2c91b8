package reforest.cli;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import reforest.behaviour.CaseResult;
import reforest.behaviour.Suite;
import reforest.bundle.LocalStore;
import reforest.bundle.ReforestException;
import reforest.cli.terminal.Words;
import reforest.cli.terminal.Words.Tone;
import reforest.config.Configuration;
import reforest.home.Home;
import reforest.job.CheckBehaviour;
import reforest.job.Job;
import reforest.job.Jobs;
import reforest.page.NumberText;
import reforest.score.PulledBundle;

@Command(
    name = CheckCommand.NAME,
    header = "Ask a bundle the cases of behaviour that the model's file declares.",
    description = {
      "Runs in seconds, without Spark, and records nothing: for whoever writes such cases, and for"
          + " what runs before a release. Every retrain, promotion and backtest asks the same cases.",
      "",
      "The exit code is 3 where a case fails that blocks a promotion."
    },
    footer = {
      "%nExamples:",
      "  reforest check --conf conf/bikeshare.conf",
      "  reforest check --conf conf/bikeshare.conf --bundle 3f9a",
      "  reforest check --conf conf/bikeshare.conf --bundle served"
    })
final class CheckCommand extends JobCommand<CheckBehaviour.Result> {

  static final String NAME = "check";

  @Option(
      names = "--bundle",
      paramLabel = "DIGEST|DIR",
      description =
          "First digits of a published bundle's digest or of a run's key, a bundle's folder, or one"
              + " that 'reforest pull' has filled; the champion by default.")
  private @Nullable String bundle;

  CheckCommand(Shell shell) {
    super(shell, NAME);
  }

  @Override
  Job<CheckBehaviour.Result> job(Jobs jobs, Configuration configuration) {
    CheckBehaviour job = jobs.check(configuration);
    if (bundle == null) {
      return job;
    }
    return isFolder(bundle)
        ? job.of(PulledBundle.bundle(new LocalStore(Path.of(bundle))), bundle)
        : job.of(bundle);
  }

  private static boolean isFolder(String typed) {
    try {
      return !typed.isBlank() && Files.isDirectory(Path.of(typed));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  @Override
  Outcome told(Home home, Configuration configuration, CheckBehaviour.Result result) {
    Suite.Result suite = result.suite();
    List<CaseResult> blocking = suite.failed(true);
    List<CaseResult> other = suite.failed(false);
    String summary =
        "%s of %s held, in %s"
            .formatted(
                NumberText.count(suite.cases().size() - blocking.size() - other.size()),
                NumberText.count(suite.cases().size(), "case"),
                NumberText.count(suite.predictions(), "prediction"));
    List<Map<String, Object>> cases = suite.cases().stream().map(CheckCommand::row).toList();
    if (!blocking.isEmpty()) {
      known().detail("cases", cases);
      blocking.forEach(this::tell);
      other.forEach(this::tell);
      throw new ReforestException(
          ReforestException.Kind.DATA,
          "%s; %s that %s a promotion failed: %s"
              .formatted(
                  summary,
                  NumberText.count(blocking.size(), "case"),
                  blocking.size() == 1 ? "blocks" : "block",
                  String.join(", ", blocking.stream().map(it -> it.head().name()).toList())),
          "train a model that does as asked, or correct the case where the model is right",
          null);
    }
    List<String> reasons = new ArrayList<>(List.of(summary));
    other.forEach(one -> reasons.addAll(lines(one)));
    return Outcome.of(configuration.model().model())
        .reasons(reasons)
        .bundle(result.bundle().digest(), result.bundle().location())
        .detail("cases", cases)
        .detail(
            "predictionsPerSecond",
            result.seconds() > 0 ? Math.rint(suite.predictions() / result.seconds()) : Double.NaN)
        .words(words -> words(words, suite, summary))
        .build();
  }

  private static void words(Words.Builder words, Suite.Result suite, String summary) {
    for (CaseResult one : suite.cases()) {
      words.line(
          one.holds() ? Tone.GOOD.of("held    ") : Tone.OPEN.of("failed  "),
          Tone.PLAIN.of(one.head().name()));
      if (!one.holds()) {
        lines(one).forEach(words::say);
      }
    }
    words.say(summary + ".");
  }

  private void tell(CaseResult failed) {
    lines(failed).forEach(console().err()::println);
  }

  private static List<String> lines(CaseResult failed) {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "%s (%s, level %d%s): %,d of %,d not as expected",
            failed.head().name(),
            failed.head().kind().key(),
            failed.head().level(),
            failed.head().reference().map(it -> ", " + it).orElse(""),
            failed.failures(),
            failed.predictions()));
    for (CaseResult.Failure failure : failed.shown()) {
      lines.add("  " + failure.sentence() + ", for " + failure.row());
    }
    return lines;
  }

  private static Map<String, Object> row(CaseResult one) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("name", one.head().name());
    row.put("kind", one.head().kind().key());
    row.put("level", one.head().level());
    row.put("reference", one.head().reference());
    row.put("blocks", one.blocks());
    row.put("holds", one.holds());
    row.put("predictions", one.predictions());
    row.put("failures", one.failures());
    row.put("shown", one.shown().stream().map(CaseResult.Failure::sentence).toList());
    return row;
  }
}
