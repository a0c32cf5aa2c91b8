package reforest.job;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import reforest.bundle.Promotion;
import reforest.bundle.PromotionLog;
import reforest.bundle.Store;
import reforest.registry.Registry;
import reforest.registry.RunRecord;
import reforest.registry.Runs;

/** Derives the registry's tables again from the runs and promotions of all models of a home. */
public final class Repair implements Job<Repair.Result> {

  private final JobContext context;
  private final String model;

  /**
   * @param model whose champion a check looks at
   */
  Repair(JobContext context, String model) {
    this.context = context;
    this.model = model;
  }

  /**
   * What was found.
   *
   * @param registry folder of the tables
   * @param models by model's name, sorted
   */
  public record Result(String registry, Map<String, Found> models) {
    public Result {
      models = Collections.unmodifiableMap(new LinkedHashMap<>(models));
    }
  }

  /**
   * What a model has.
   *
   * @param runs runs that have finished
   * @param promotions entries of its promotion log
   */
  public record Found(int runs, int promotions) {}

  @Override
  public Result execute() {
    Map<String, Found> found = new LinkedHashMap<>();
    context
        .steps(1)
        .run(
            "repair",
            () -> {
              Registry registry = new Registry(context.spark().get(), context.home().registry());
              for (String name : context.home().models()) {
                context.progress().does("deriving the tables again, model " + name);
                Store store = context.home().store(name);
                List<Promotion> promotions = new PromotionLog(store).all();
                List<RunRecord> records =
                    new Runs(store).all().stream().filter(r -> r.happened(promotions)).toList();
                registry.repairRuns(records);
                registry.repairPromotions(promotions);
                found.put(name, new Found(records.size(), promotions.size()));
              }
            });
    return new Result(context.home().registry().toString(), found);
  }

  @Override
  public Preflight.Result check() {
    Preflight preflight = new Preflight(context.home(), model);
    preflight.home();
    preflight.champion();
    return preflight.result();
  }

  @Override
  public String toString() {
    return "repair";
  }
}
