package reforest.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import reforest.bundle.PromotionLog;
import reforest.bundle.Store;
import reforest.home.Home;
import reforest.home.Location;
import reforest.registry.Runs;
import reforest.report.Index;

@Command(
    name = ReportCommand.NAME,
    header = "Write a page over all models and runs, with links to each run's report.",
    description = {
      "Who is champion, since when, and what was kept of the gain that each promotion promised."
          + " Reads the promotion log and the folders of the runs; needs no Spark and no configuration."
          + " The page lies in the home, as report.html or, of one model, report-NAME.html, and is"
          + " written anew each time."
    },
    footer = {
      "%nExamples:",
      "  reforest report --home reforest-demo",
      "  reforest report --home s3a://bucket/forest bikeshare --out bikeshare.html"
    })
final class ReportCommand extends ModelsOfHomeCommand {

  static final String NAME = "report";

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Where the page goes instead: a path, or a URI of any Hadoop file system.")
  private @Nullable String out;

  ReportCommand(Shell shell) {
    super(shell, NAME);
  }

  @Override
  Outcome run() {
    Home home = home();
    Optional<String> model = named().map(it -> model(it, "its NAME"));
    String place = write(home, model, Optional.ofNullable(out));
    if (!shell().view().words()) {
      console().err().println("The page is " + place);
    }
    Outcome.Builder outcome = new Outcome.Builder();
    model.ifPresent(outcome::model);
    return outcome
        .report(place)
        .detail("home", home.root())
        .words(words -> words.fact("page", place))
        .build();
  }

  /**
   * Writes the page and says where.
   *
   * @param out empty for the place within the home
   */
  static String write(Home home, Optional<String> model, Optional<String> out) {
    List<String> names = model.map(List::of).orElseGet(home::models);
    List<Index.Model> models = new ArrayList<>();
    for (String name : names) {
      Store store = home.existing(name);
      models.add(new Index.Model(name, new PromotionLog(store).all(), new Runs(store).all()));
    }
    String inside = Location.below(home.root(), Home.index(model)).toString();
    // Within the home the links stay true when the home moves.
    boolean moves = out.isEmpty();
    String html =
        Index.html(
            model.orElse("Models"),
            models,
            report -> moves ? Home.within(report) : home.find(report));
    String place = out.orElse(inside);
    new ResultFile(place, home.spark()).write(html);
    return place;
  }
}
