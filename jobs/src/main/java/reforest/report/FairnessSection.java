package reforest.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reforest.evaluate.Role;
import reforest.gate.Rule;
import reforest.page.Html;
import reforest.page.NumberText;
import reforest.registry.RunRecord.Fairness;

/** The figures of groups, and the largest gaps between them. */
final class FairnessSection {

  private static final String COLUMNS = "6";

  private FairnessSection() {}

  static void write(Html html, RunView view) {
    List<Fairness> all = view.run().fairness();
    if (all.isEmpty()) {
      html.add("p", "No groups are told apart: fairness.groups says by which columns.");
      return;
    }
    html.add(
        "p",
        "A gap is the largest difference between two groups, with an interval of its own in which rows"
            + " of one cluster count together. It is never below zero and too large on average where"
            + " groups are alike, so that a gap alone does not prove that groups differ; its upper end"
            + " is safe. Where a limit is set, the one-sided 95 % upper bound must lie below it.",
        "class",
        "muted");
    Set<String> columns = new LinkedHashSet<>();
    all.forEach(it -> columns.add(it.column()));
    for (String column : columns) {
      List<Fairness> own = all.stream().filter(it -> it.column().equals(column)).toList();
      gaps(html, view, column, own);
      groups(html, column, own);
    }
  }

  private static void gaps(Html html, RunView view, String column, List<Fairness> all) {
    html.table(
        "Largest gaps between groups of " + column,
        () -> {
          html.heads(
              List.of("Gap in", "Challenger", "95 % interval", "Champion", "Limit", "Status"));
          html.rows(
              all.stream().filter(it -> it.group() == null && isOf(it, Role.CHALLENGER)).toList(),
              6,
              it -> gap(html, view, it, champion(all, it)));
        });
  }

  private static boolean isOf(Fairness figure, Role role) {
    return figure.role().equals(role.key());
  }

  private static Optional<Fairness> champion(List<Fairness> all, Fairness of) {
    return all.stream()
        .filter(
            it ->
                it.group() == null && isOf(it, Role.CHAMPION) && it.measure().equals(of.measure()))
        .findFirst();
  }

  private static void gap(Html html, RunView view, Fairness gap, Optional<Fairness> champion) {
    String why = gap.undefined();
    int decimals = NumberText.decimals(gap.lower(), gap.upper(), gap.limit());
    html.in(
        "tr",
        () -> {
          html.name(words(gap.measure()));
          html.number(NumberText.fixed(gap.value(), decimals));
          html.number(interval(gap, decimals));
          html.number(champion.map(it -> NumberText.fixed(it.value(), decimals)).orElse(""));
          html.number(gap.limit() == null ? "" : "< " + NumberText.plain(gap.limit()));
          status(html, view, gap);
        },
        "class",
        why == null ? "rule" : "rule explained");
    if (why != null) {
      explanation(html, "Undefined: " + why + ".", COLUMNS);
    }
  }

  private static void status(Html html, RunView view, Fairness gap) {
    if (gap.limit() == null) {
      html.cell("told");
      return;
    }
    String name = Rule.Gap.name(gap.measure(), gap.column());
    boolean holds =
        view.run().gate().limits().stream().anyMatch(it -> it.name().equals(name) && it.holds());
    html.in(
        "td",
        () ->
            html.add(
                "strong",
                holds ? "shown below" : "not shown, blocks",
                "class",
                holds ? "good" : "bad"));
  }

  private static void groups(Html html, String column, List<Fairness> all) {
    Map<String, List<Fairness>> byGroup = new LinkedHashMap<>();
    Set<String> measures = new LinkedHashSet<>();
    for (Fairness figure : all) {
      String group = figure.group();
      if (group != null && isOf(figure, Role.CHALLENGER)) {
        byGroup.computeIfAbsent(group, it -> new ArrayList<>()).add(figure);
        measures.add(figure.measure());
      }
    }
    List<String> heads = new ArrayList<>(List.of(column, "Rows"));
    measures.forEach(measure -> heads.add(words(measure)));
    html.table(
        "Groups of " + column + ", by the challenger",
        () -> {
          html.heads(heads);
          html.rows(
              List.copyOf(byGroup.entrySet()),
              heads.size(),
              it -> group(html, it.getKey(), it.getValue(), heads));
        });
  }

  private static void group(Html html, String group, List<Fairness> own, List<String> heads) {
    Optional<String> why =
        own.stream().flatMap(it -> Optional.ofNullable(it.undefined()).stream()).findFirst();
    html.in(
        "tr",
        () -> {
          html.name(group);
          html.number(NumberText.count(own.get(0).rows()));
          for (Fairness figure : own) {
            int decimals = NumberText.decimals(figure.lower(), figure.upper());
            html.in(
                "td",
                () -> {
                  html.text(NumberText.fixed(figure.value(), decimals));
                  if (figure.upper() != null) {
                    html.add("small", interval(figure, decimals));
                  }
                },
                "class",
                "n");
          }
        },
        "class",
        why.isEmpty() ? "rule" : "rule explained");
    why.ifPresent(
        it -> explanation(html, "Undefined: " + it + ".", Integer.toString(heads.size())));
  }

  private static void explanation(Html html, String text, String columns) {
    html.in(
        "tr",
        () -> html.in("td", () -> html.add("span", text), "colspan", columns),
        "class",
        "explanation muted");
  }

  private static String interval(Fairness figure, int decimals) {
    return bound(figure.lower(), decimals) + " to " + bound(figure.upper(), decimals);
  }

  private static String bound(@Nullable Double bound, int decimals) {
    return NumberText.fixed(bound, decimals);
  }

  private static String words(String measure) {
    return Character.toUpperCase(measure.charAt(0)) + measure.substring(1).replace('-', ' ');
  }
}
