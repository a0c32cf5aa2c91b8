package reforest.report;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import reforest.page.Html;
import reforest.page.NumberText;
import reforest.registry.RunRecord;
import reforest.registry.RunRecord.Column;
import reforest.registry.RunRecord.Window;

/** Which rows: the pinned version, the window, and what was trained on. */
final class DataSection {

  private static final int MOST_CATEGORIES = 12;

  private DataSection() {}

  static void facts(Html html, RunView view) {
    RunRecord.Data data = view.run().data();
    Window window = view.run().window();
    html.in(
        "dl",
        () -> {
          VerdictSection.fact(html, "Table", data.table());
          VerdictSection.fact(
              html,
              "Version",
              data.version() + ", committed " + NumberText.time(data.committedAt()));
          VerdictSection.fact(html, "Rows of that version", NumberText.count(data.rows()));
          VerdictSection.fact(html, "Digest of its rows", data.digest());
          VerdictSection.fact(html, "Columns", data.columns());
          VerdictSection.fact(html, "Window", kind(window));
          String start = window.start();
          String end = window.end();
          VerdictSection.fact(
              html,
              "Which rows it holds",
              start == null || end == null
                  ? window.text()
                  : "event time from "
                      + NumberText.time(start)
                      + " to before "
                      + NumberText.time(end));
          VerdictSection.fact(
              html,
              "Rows of the window",
              NumberText.count(window.rows())
                  + " in "
                  + NumberText.count(window.clusters(), "cluster"));
          VerdictSection.fact(html, "Rows trained on", NumberText.count(window.trainRows()));
          VerdictSection.fact(html, "Rows left out", leftOut(window));
        },
        "class",
        "facts");
  }

  static void profile(Html html, RunView view) {
    List<Column> columns = view.run().profile();
    if (columns.isEmpty()) {
      html.add("p", "The training rows were not profiled in this run.");
      return;
    }
    List<String> quantiles =
        columns.stream()
            .flatMap(c -> c.quantiles().keySet().stream())
            .distinct()
            .sorted(
                Comparator.comparing(DataSection::order).thenComparing(Comparator.naturalOrder()))
            .toList();
    List<Column> numbers =
        columns.stream().filter(c -> c.mean() != null || !c.quantiles().isEmpty()).toList();
    List<Column> categories = columns.stream().filter(c -> !numbers.contains(c)).toList();
    html.add(
        "p",
        NumberText.count(columns.size(), "column")
            + " in "
            + NumberText.count(view.run().window().trainRows(), "row")
            + ".");
    html.folded("What stands in them", () -> tables(html, view, numbers, categories, quantiles));
  }

  private static void tables(
      Html html,
      RunView view,
      List<Column> numbers,
      List<Column> categories,
      List<String> quantiles) {
    if (!numbers.isEmpty()) {
      html.table(
          "Numbers in the training rows, with their quantiles",
          () -> {
            List<String> heads =
                new ArrayList<>(List.of("Column", "Unit", "Missing", "Mean", "Deviation"));
            quantiles.forEach(q -> heads.add(quantile(q)));
            html.heads(heads);
            html.rows(numbers, heads.size(), c -> number(html, view, c, quantiles));
          });
    }
    if (!categories.isEmpty()) {
      html.table(
          "Categories in the training rows",
          () -> {
            html.heads(List.of("Column", "Missing", "Most frequent values, with their rows"));
            html.rows(categories, 3, c -> category(html, view, c));
          });
    }
  }

  private static void number(Html html, RunView view, Column column, List<String> quantiles) {
    html.row(
        () -> {
          html.name(column.name());
          html.cell(view.columnUnit(column.name()).orElse("–"));
          html.number(missing(view, column));
          html.number(NumberText.plain(column.mean()));
          html.number(NumberText.plain(column.deviation()));
          quantiles.forEach(q -> html.number(NumberText.plain(column.quantiles().get(q))));
        });
  }

  private static void category(Html html, RunView view, Column column) {
    html.row(
        () -> {
          html.name(column.name());
          html.number(missing(view, column));
          html.longCell(categories(column));
        });
  }

  private static String categories(Column column) {
    if (column.categories().isEmpty()) {
      return "not counted";
    }
    String text =
        column.categories().entrySet().stream()
            .sorted(
                Map.Entry.<String, Long>comparingByValue()
                    .reversed()
                    .thenComparing(Map.Entry.comparingByKey()))
            .limit(MOST_CATEGORIES)
            .map(e -> e.getKey() + " " + NumberText.count(e.getValue()))
            .collect(Collectors.joining(" · "));
    Long distinct = column.distinct();
    long more = (distinct == null ? column.categories().size() : distinct) - MOST_CATEGORIES;
    // A record of before they were counted lists the most frequent ones alone.
    return more > 0
        ? text
            + " · and "
            + (distinct == null ? "at least " : "")
            + NumberText.count(more)
            + " more"
        : text;
  }

  private static String missing(RunView view, Column column) {
    long rows = view.run().window().trainRows();
    return column.missing() == 0 || rows <= 0
        ? NumberText.count(column.missing())
        : "%s (%s)"
            .formatted(
                NumberText.count(column.missing()),
                NumberText.share((double) column.missing() / rows));
  }

  private static String kind(Window window) {
    return window
        .windowKind()
        .map(
            kind ->
                switch (kind) {
                  case PROTECTED ->
                      "protected: only tries that may publish are judged on it, and counted";
                  case DEVELOPMENT -> "development: judged on as often as wanted";
                })
        .orElse(window.kind());
  }

  private static String leftOut(Window window) {
    if (window.leftOut().isEmpty()) {
      return "none";
    }
    return new TreeMap<>(window.leftOut())
        .entrySet().stream()
            .map(e -> NumberText.count(e.getValue()) + " " + e.getKey())
            .collect(Collectors.joining("; "));
  }

  /** {@code 0.25} as {@code 25 %}; whatever is no number as it is. */
  private static String quantile(String name) {
    BigDecimal order = order(name);
    return order.signum() < 0
        ? name
        : order.movePointRight(2).stripTrailingZeros().toPlainString() + " %";
  }

  private static BigDecimal order(String quantile) {
    try {
      return new BigDecimal(quantile);
    } catch (NumberFormatException e) {
      return BigDecimal.ONE.negate();
    }
  }
}
