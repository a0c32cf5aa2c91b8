package reforest.job;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import reforest.bundle.Promotion;
import reforest.bundle.PromotionLog;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;
import reforest.bundle.Store;
import reforest.registry.Registry;
import reforest.registry.RunRecord;
import reforest.registry.Runs;
import reforest.table.BrokenFile;

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
                try {
                  registry.repairRuns(records);
                  registry.repairPromotions(promotions);
                } catch (Exception e) {
                  // Also checked ones, which Spark and Delta throw without declaring them.
                  brokenBehind(e).ifPresent(broken -> refuse(broken, e));
                  throw e;
                }
                found.put(name, new Found(records.size(), promotions.size()));
              }
            });
    return new Result(context.home().registry().toString(), found);
  }

  private static Optional<String> brokenBehind(Exception e) {
    return e instanceof ReforestException known && known.kind() == Kind.DATA
        ? Optional.ofNullable(known.getMessage())
        : BrokenFile.behind(e).map(BrokenFile::message);
  }

  /** What is broken in a table of the registry needs no backup: all of it can be derived again. */
  private void refuse(String broken, Exception e) {
    throw new ReforestException(
        Kind.DATA,
        "the registry is broken: " + broken,
        "move that table's folder below "
            + context.home().registry()
            + " away and run 'reforest repair' again: it derives the table anew",
        e);
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
