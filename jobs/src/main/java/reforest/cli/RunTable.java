package reforest.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import reforest.cli.terminal.Words;
import reforest.cli.terminal.Words.Span;
import reforest.cli.terminal.Words.Tone;
import reforest.registry.RunRecord;
import reforest.report.RunWords;

/** Runs as a table for a terminal, the oldest first so that the newest is in sight. */
final class RunTable {

  /** So many digits tell keys apart, and leave room for the figures. */
  private static final int KEY = 12;

  private RunTable() {}

  /**
   * Tells of the newest runs.
   *
   * @param champions digests of the bundles that are champions now
   * @param most how many runs there is room for
   * @return how many older runs are not shown
   */
  static int tell(Words.Builder words, List<RunRecord> runs, Set<String> champions, int most) {
    List<RunRecord> sorted =
        runs.stream().sorted(Comparator.comparing(RunRecord::finishedAt)).toList();
    int left = Math.max(0, sorted.size() - most);
    boolean several = runs.stream().map(RunRecord::model).distinct().count() > 1;
    List<String> heads =
        new ArrayList<>(List.of("when", "kind", "window", "metric", "gain", "verdict", "run"));
    if (several) {
      heads.add(0, "model");
    }
    List<List<Span>> rows = new ArrayList<>();
    for (RunRecord record : sorted.subList(left, sorted.size())) {
      boolean reigns = record.promotion() != null && champions.contains(record.challenger());
      rows.add(row(record, several, reigns));
    }
    words.table(heads, rows);
    return left;
  }

  private static List<Span> row(RunRecord record, boolean several, boolean reigns) {
    RunWords run = new RunWords(record);
    List<Span> row = new ArrayList<>();
    if (several) {
      row.add(Tone.STRONG.of(record.model()));
    }
    row.add(Tone.PLAIN.of(RunWords.time(record.finishedAt())));
    row.add(Tone.PLAIN.of(record.kind()));
    row.add(Tone.PLAIN.of(run.window()));
    row.add(Tone.PLAIN.of(run.metric()));
    row.add(Tone.PLAIN.of(run.gain()));
    row.add(RunOutcome.verdict(record.decision(), record.verdict()));
    String key = record.run().substring(0, Math.min(KEY, record.run().length()));
    row.add(reigns ? Tone.GOOD.of(key + " champion") : Tone.MUTED.of(key));
    return row;
  }
}
