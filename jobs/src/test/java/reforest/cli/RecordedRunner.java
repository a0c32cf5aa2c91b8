package reforest.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import reforest.job.Job;
import reforest.job.Jobs;

/** Remembers the jobs that commands made, and answers for each the same way. */
final class RecordedRunner implements JobRunner {

  final List<String> requests = new ArrayList<>();
  final List<Job<?>> jobs = new ArrayList<>();
  final List<Setting> settings = new ArrayList<>();
  private final Function<Setting, Outcome> answer;

  RecordedRunner(Function<Setting, Outcome> answer) {
    this.answer = answer;
  }

  @Override
  public <R> Outcome run(Setting setting, Function<Jobs, Job<R>> job, Function<R, Outcome> told) {
    Job<R> made =
        job.apply(
            setting.of(
                Jobs.on(
                    () -> {
                      throw new AssertionError("Spark was asked for");
                    },
                    setting.home())));
    requests.add(made.toString());
    jobs.add(made);
    settings.add(setting);
    return answer.apply(setting);
  }

  @Override
  public void close() {
    requests.add("closed");
  }
}
