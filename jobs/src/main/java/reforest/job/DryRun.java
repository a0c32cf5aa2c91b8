package reforest.job;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import reforest.bundle.Bundle;
import reforest.bundle.Promotion;
import reforest.bundle.PromotionLog;
import reforest.bundle.ReforestException;
import reforest.bundle.Scorer;
import reforest.bundle.Store;
import reforest.home.Folder;
import reforest.home.Hadoop;
import reforest.home.Location;
import reforest.publish.Champions;
import reforest.publish.Publish;

/** Checks all that can be checked without starting Spark, and changes nothing. */
public final class DryRun {

  /**
   * What a command needs to find.
   *
   * @param source the source that it reads, if it reads one
   * @param rows which rows of the model's table must be there, if any
   * @param champion whether there must be a champion
   * @param named looks up what a person has named and says what was found; throws when it is not
   *     there
   */
  public record Needs(
      Optional<String> source,
      Optional<Work.Rows> rows,
      boolean champion,
      Optional<Supplier<String>> named) {

    public Needs(Optional<String> source, Optional<Work.Rows> rows, boolean champion) {
      this(source, rows, champion, Optional.empty());
    }
  }

  /** A commit or checkpoint of a Delta log. */
  private static final Pattern VERSION =
      Pattern.compile("(\\d{20})\\.(?:json|checkpoint\\..*parquet)");

  private final Ask ask;
  private final List<String> passed = new ArrayList<>();
  private final List<ReforestException> failed = new ArrayList<>();

  private DryRun(Ask ask) {
    this.ask = ask;
  }

  /**
   * Runs the checks that a command's needs ask for.
   *
   * @return what was checked
   * @throws ReforestException that names everything that failed, of the kind of the first
   */
  public static Outcome of(Ask ask, Needs needs) {
    DryRun run = new DryRun(ask);
    run.passed.add("the configuration is valid");
    run.check(() -> run.home());
    needs.source().ifPresent(source -> run.check(() -> run.source(source)));
    needs.rows().ifPresent(rows -> run.check(() -> run.table(rows)));
    Outcome.Builder outcome = Outcome.of(ask.config().model());
    run.check(() -> run.champion(needs.champion(), outcome));
    needs.named().ifPresent(lookup -> run.check(lookup::get));
    run.throwIfAnyFailed();
    return outcome.reasons(run.passed).detail("dryRun", true).build();
  }

  private interface Check {
    String run() throws IOException;
  }

  private void check(Check check) {
    try {
      String found = check.run();
      if (!found.isEmpty()) {
        passed.add(found);
      }
    } catch (ReforestException e) {
      failed.add(e);
    } catch (IOException e) {
      failed.add(
          new ReforestException(
              ReforestException.Kind.STORE,
              "cannot be reached: " + e,
              "check its address and that this user may read and write it",
              e));
    }
  }

  private void throwIfAnyFailed() {
    if (failed.isEmpty()) {
      return;
    }
    List<String> messages = failed.stream().map(e -> String.valueOf(e.getMessage())).toList();
    List<String> hints = failed.stream().map(ReforestException::hint).distinct().toList();
    throw new ReforestException(
        failed.get(0).kind(), String.join("; ", messages), String.join("; ", hints));
  }

  private String home() throws IOException {
    URI home = ask.config().home();
    if (!Location.isLocal(home)) {
      exists(home);
      return "home " + home + " can be reached";
    }
    Path existing = Location.path(home);
    while (!Files.exists(existing) && existing.getParent() != null) {
      existing = existing.getParent();
    }
    if (!Files.isDirectory(existing) || !Files.isWritable(existing)) {
      throw new ReforestException(
          ReforestException.Kind.STORE,
          "home "
              + home
              + " cannot be written: "
              + existing
              + " is not a folder that this user may write",
          "name another folder with --home");
    }
    return "home " + home + " can be written";
  }

  private String source(String source) throws IOException {
    if (source.matches(".*[*?{\\[].*")) {
      return "source " + source + " is a pattern, which only Spark can look up";
    }
    if (!exists(Location.of(source))) {
      throw new ReforestException(
          ReforestException.Kind.DATA,
          "source " + source + " does not exist",
          "name another with --source, or set data.source.path");
    }
    return "source " + source + " exists";
  }

  private String table(Work.Rows rows) throws IOException {
    URI table = ask.table();
    URI log = Location.below(table, "_delta_log");
    if (!exists(log)) {
      throw new ReforestException(
          ReforestException.Kind.DATA,
          "there is no table at " + table,
          "fill it with 'reforest ingest' first");
    }
    if (rows.dataVersion().isPresent()) {
      requireVersion(rows.dataVersion().get(), Folder.names(log, ask.spark()));
      return "table " + table + " has version " + rows.dataVersion().get();
    }
    return "table " + table + " exists";
  }

  /** By the names in the log alone: whether the version's files are there, too, takes Spark. */
  private void requireVersion(long version, List<String> log) {
    LongSummaryStatistics known =
        log.stream()
            .map(VERSION::matcher)
            .filter(Matcher::matches)
            .mapToLong(name -> Long.parseLong(name.group(1)))
            .summaryStatistics();
    if (version < known.getMin() || version > known.getMax()) {
      throw new ReforestException(
          ReforestException.Kind.DATA,
          known.getCount() == 0
              ? "version %d of %s does not exist: its log is empty".formatted(version, ask.table())
              : "version %d of %s does not exist: its log has versions %d to %d"
                  .formatted(version, ask.table(), known.getMin(), known.getMax()),
          "name one of these, or the newest");
    }
  }

  private String champion(boolean needed, Outcome.Builder outcome) {
    Store store = ask.store();
    Optional<Promotion> champion = new PromotionLog(store).champion();
    if (champion.isEmpty()) {
      if (needed) {
        throw Champions.none(ask.config().model());
      }
      return "there is no champion yet";
    }
    Promotion promotion = champion.get();
    Scorer.of(Bundle.read(store, Publish.folder(promotion.bundle())));
    outcome.champion(promotion.sequence(), promotion.bundle());
    return "champion " + promotion.bundle() + " (promotion " + promotion.sequence() + ") is intact";
  }

  private boolean exists(URI place) throws IOException {
    if (Location.isLocal(place)) {
      return Files.exists(Location.path(place));
    }
    return Hadoop.files(place, ask.spark()).exists(new org.apache.hadoop.fs.Path(place));
  }
}
