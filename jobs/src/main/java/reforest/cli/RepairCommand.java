package reforest.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import reforest.cli.terminal.Words.Tone;
import reforest.config.Configuration;
import reforest.home.Home;
import reforest.job.Job;
import reforest.job.Jobs;
import reforest.job.Repair;
import reforest.page.NumberText;

@Command(
    name = RepairCommand.NAME,
    header = "Derive the registry's tables again from runs and promotions.",
    description = {
      "The promotion log and the folders of the runs hold the truth; the Delta tables of the registry"
          + " only make it easy to query. Run it after a crash or a lost table."
    },
    footer = {"%nExample:", "  reforest repair --conf conf/bikeshare.conf"})
final class RepairCommand extends JobCommand<Repair.Result> {

  static final String NAME = "repair";

  RepairCommand(Shell shell) {
    super(shell, NAME);
  }

  @Override
  Job<Repair.Result> job(Jobs jobs, Configuration configuration) {
    return jobs.repair(configuration);
  }

  @Override
  Outcome told(Home home, Configuration configuration, Repair.Result result) {
    Map<String, Object> models = new LinkedHashMap<>();
    result
        .models()
        .forEach(
            (name, found) -> {
              Map<String, Object> counts = new LinkedHashMap<>();
              counts.put("runs", found.runs());
              counts.put("promotions", found.promotions());
              models.put(name, counts);
            });
    return new Outcome.Builder()
        .detail("registry", result.registry())
        .detail("models", models)
        .words(
            words -> {
              words.table(
                  List.of("model", "runs", "promotions"),
                  result.models().entrySet().stream()
                      .map(
                          it ->
                              List.of(
                                  Tone.PLAIN.of(it.getKey()),
                                  Tone.PLAIN.of(NumberText.count(it.getValue().runs())),
                                  Tone.PLAIN.of(NumberText.count(it.getValue().promotions()))))
                      .toList());
              words.fact("registry", result.registry());
              words.next(atHome("models"));
            })
        .build();
  }
}
