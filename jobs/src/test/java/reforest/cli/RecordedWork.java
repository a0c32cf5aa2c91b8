package reforest.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import reforest.job.Ask;
import reforest.job.Outcome;
import reforest.job.Work;

/** Remembers what it was asked for, and answers each request the same way. */
final class RecordedWork implements Work {

  final List<String> requests = new ArrayList<>();
  private final Function<Ask, Outcome> answer;

  RecordedWork(Function<Ask, Outcome> answer) {
    this.answer = answer;
  }

  private Outcome answered(Ask ask, String request) {
    requests.add(request);
    return answer.apply(ask);
  }

  @Override
  public Outcome ingest(Ask ask, IngestOptions options) {
    return answered(ask, options.toString());
  }

  @Override
  public Outcome restore(Ask ask, RestoreOptions options) {
    return answered(ask, options.toString());
  }

  @Override
  public Outcome retrain(Ask ask, RetrainOptions options) {
    return answered(ask, options.toString());
  }

  @Override
  public Outcome backtest(Ask ask, BacktestOptions options) {
    return answered(ask, options.toString());
  }

  @Override
  public Outcome promote(Ask ask, PromoteOptions options) {
    return answered(ask, options.toString());
  }

  @Override
  public Outcome rollback(Ask ask, RollbackOptions options) {
    return answered(ask, options.toString());
  }

  @Override
  public Outcome repair(Ask ask) {
    return answered(ask, "repair");
  }

  @Override
  public Outcome demo(Ask ask) {
    return answered(ask, "demo");
  }

  @Override
  public void close() {
    requests.add("closed");
  }
}
