package reforest.cli;

/** Placeholder until the stages are composed; dropped when they are. */
final class SparkWork implements Work {

  private static Outcome absent(String what) {
    throw new UnsupportedOperationException(what + " is not composed yet");
  }

  @Override
  public Outcome ingest(Ask ask, Ingest options) {
    return absent("ingest");
  }

  @Override
  public Outcome restore(Ask ask, Restore options) {
    return absent("restore");
  }

  @Override
  public Outcome retrain(Ask ask, Retrain options) {
    return absent("retrain");
  }

  @Override
  public Outcome backtest(Ask ask, Backtest options) {
    return absent("backtest");
  }

  @Override
  public Outcome promote(Ask ask, Promote options) {
    return absent("promote");
  }

  @Override
  public Outcome rollback(Ask ask, Rollback options) {
    return absent("rollback");
  }

  @Override
  public Outcome repair(Ask ask) {
    return absent("repair");
  }

  @Override
  public Outcome demo(Ask ask) {
    return absent("demo");
  }

  @Override
  public void close() {}
}
