package reforest.report;

import reforest.registry.RunRecord;

/** Temp. */
public final class Report {
  private Report() {}

  /** Temp. */
  public static String html(RunRecord record) {
    return "<html><body>" + record.verdict() + "</body></html>";
  }
}
