package reforest.registry;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reforest.bundle.Bundle;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;
import reforest.bundle.Store;
import reforest.home.Home;

/**
 * The folders of a model's runs: {@code runs/<key>/<attempt>/} with the staged bundle, the report
 * and the record, the record last.
 */
public final class Runs {

  private static final Logger LOG = LoggerFactory.getLogger(Runs.class);

  private final Store store;

  /**
   * @param store the model's store
   */
  public Runs(Store store) {
    this.store = store;
  }

  /** Takes the next number for an attempt, which no other process has. */
  public int claim(String run) {
    int attempt = attempts(run).stream().mapToInt(Integer::intValue).max().orElse(0) + 1;
    while (!store.createIfAbsent(
        Home.claim(run, attempt), UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8))) {
      attempt++;
    }
    return attempt;
  }

  /** The record of the newest attempt that reached a verdict. */
  public Optional<RunRecord> latest(String run) {
    List<Integer> attempts = attempts(run);
    for (int i = attempts.size() - 1; i >= 0; i--) {
      Optional<RunRecord> record = read(run, attempts.get(i));
      if (record.isPresent()) {
        return record;
      }
    }
    return Optional.empty();
  }

  /**
   * The records of a run's attempts that reached a verdict, oldest first.
   *
   * @throws ReforestException of kind {@code DATA} when one of them cannot be read
   */
  public List<RunRecord> of(String run) {
    return attempts(run).stream().flatMap(attempt -> read(run, attempt).stream()).toList();
  }

  /**
   * The records of all attempts that reached a verdict, by run and attempt. One that cannot be read
   * is left out and told in the log: it must not stop what concerns the others.
   */
  public List<RunRecord> all() {
    List<RunRecord> records = new ArrayList<>();
    for (String run : store.list(Home.runs())) {
      for (int attempt : attempts(run)) {
        try {
          read(run, attempt).ifPresent(records::add);
        } catch (ReforestException e) {
          if (e.kind() != Kind.DATA) {
            throw e;
          }
          LOG.warn("left out: {}; {}", e.getMessage(), e.hint());
        }
      }
    }
    return records;
  }

  /**
   * The record of the run that trained a bundle; empty where it is not known, such as one that came
   * from elsewhere.
   */
  public Optional<RunRecord> thatTrained(Bundle bundle) {
    try {
      return of(bundle.manifest().provenance().run()).stream()
          .filter(it -> it.challenger().equals(bundle.digest()) && !it.profile().isEmpty())
          .findFirst();
    } catch (ReforestException e) {
      if (e.kind() != Kind.DATA) {
        throw e;
      }
      // Nothing that is decided hangs on it.
      return Optional.empty();
    }
  }

  /** Each run by its newest attempt of those that count, the run that ended last first. */
  List<RunRecord> newestFirst(Predicate<RunRecord> counts) {
    Map<String, RunRecord> newest = new HashMap<>();
    for (RunRecord each : all()) {
      if (counts.test(each)) {
        newest.merge(each.run(), each, (a, b) -> a.attempt() > b.attempt() ? a : b);
      }
    }
    return newest.values().stream()
        .sorted(
            Comparator.comparing(RunRecord::finishedAt).thenComparing(RunRecord::run).reversed())
        .toList();
  }

  /**
   * Writes report and record; with the record the attempt has reached its verdict.
   *
   * @throws ReforestException when another process wrote this attempt
   */
  public void write(RunRecord record, String report) {
    create(Home.report(record.run(), record.attempt()), report.getBytes(StandardCharsets.UTF_8));
    create(Home.record(record.run(), record.attempt()), record.toJson());
  }

  private void create(String path, byte[] content) {
    if (!store.createIfAbsent(path, content)) {
      throw new ReforestException(
          Kind.RACE,
          "another process wrote " + path + " below " + store.root(),
          "run the same command again: it goes on with what is recorded");
    }
  }

  private Optional<RunRecord> read(String run, int attempt) {
    String path = Home.record(run, attempt);
    return store.read(path).map(json -> RunRecord.parse(json, path));
  }

  private List<Integer> attempts(String run) {
    return store.list(Home.run(run)).stream()
        .filter(name -> name.matches("[0-9]{1,9}"))
        .map(Integer::valueOf)
        .sorted()
        .toList();
  }
}
