package reforest.evaluate;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;
import reforest.config.DataConfig;
import reforest.table.Columns;
import reforest.table.RowNames;

/** Says which rows a window has that is too small, since one row with a wrong time makes such. */
final class LonelyRows {

  private static final int MOST_NAMED = 3;

  private LonelyRows() {}

  /**
   * That nothing can be told of a window of one cluster.
   *
   * @param window its raw columns; read once more
   * @param by what forms it, such as {@code " by evaluate.cluster.period"}; blank where that is
   *     plain
   * @param rows how many rows it has
   */
  static ReforestException oneCluster(Dataset<Row> window, DataConfig data, String by, long rows) {
    List<String> keys = new ArrayList<>();
    List<String> newest = new ArrayList<>();
    String dates = "";
    if (data.eventTime().isPresent()) {
      Column time = Columns.of(data.eventTime().get());
      Column[] shown = new Column[data.key().size() + 1];
      for (int i = 0; i < data.key().size(); i++) {
        shown[i] = Columns.of(data.key().get(i));
      }
      shown[data.key().size()] = time.as("__reforest_time");
      Row ends = window.agg(functions.min(time), functions.max(time)).head();
      dates =
          ends.get(0).equals(ends.get(1))
              ? " at " + RowNames.text(ends.get(0))
              : " from %s to %s".formatted(RowNames.text(ends.get(0)), RowNames.text(ends.get(1)));
      for (Row row : window.select(shown).orderBy(time.desc()).limit(MOST_NAMED).collectAsList()) {
        keys.add(RowNames.of(row, data));
        newest.add(RowNames.of(row, data) + " (" + RowNames.text(row.get(row.size() - 1)) + ")");
      }
    }
    return new ReforestException(
        Kind.DATA,
        ("the window's rows form 1 cluster%s, and no uncertainty can be told from fewer than two:"
                + " %d %s%s%s")
            .formatted(
                by,
                rows,
                rows == 1 ? "row" : "rows",
                dates,
                newest.isEmpty() ? "" : ", the newest " + String.join(", ", newest)),
        (newest.isEmpty()
                ? ""
                : "A row with a wrong time ends the window too late; 'reforest remove --key "
                    + keys.get(0)
                    + " --reason TEXT' takes it out. Otherwise: ")
            + (data.eventTime().isPresent()
                ? "wait for newer rows, lengthen the window (windows.protected,"
                    + " windows.development),"
                : "ingest more rows, set a larger share (windows.protected-share,"
                    + " windows.development-share),")
            + " or choose smaller clusters (evaluate.cluster).");
  }
}
