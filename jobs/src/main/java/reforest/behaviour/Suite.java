package reforest.behaviour;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import reforest.bundle.Scorer;
import reforest.config.BehaviourCase;
import reforest.config.BehaviourConfig;
import reforest.config.DataConfig;
import reforest.config.ModelConfig;

/**
 * The cases that a model must hold to, run against the bundle that would ship: a service would get
 * the same answers. Needs no Spark.
 */
public final class Suite {

  private final BehaviourConfig config;
  private final Set<String> personal;

  /**
   * @param config the cases
   * @param personal columns whose values nobody shall read in a failure
   */
  public Suite(BehaviourConfig config, Set<String> personal) {
    this.config = config;
    this.personal = Set.copyOf(personal);
  }

  /** The suite of a model's configuration. */
  public static Suite of(ModelConfig model) {
    Set<String> personal = new HashSet<>();
    model.data().columns().stream()
        .filter(DataConfig.Column::personal)
        .forEach(column -> personal.add(column.name()));
    return new Suite(model.behaviour(), personal);
  }

  /**
   * What a suite found.
   *
   * @param cases one for each case, in the suite's order; empty where there is none
   */
  public record Result(List<CaseResult> cases) {

    /** Nothing was asked. */
    public static final Result NONE = new Result(List.of());

    public Result {
      cases = List.copyOf(cases);
    }

    /** How many predictions were made. */
    public long predictions() {
      return cases.stream().mapToLong(CaseResult::predictions).sum();
    }

    /** The failed cases that stand in the way of a promotion, or those that do not. */
    public List<CaseResult> failed(boolean blocking) {
      return cases.stream().filter(it -> !it.holds() && it.blocks() == blocking).toList();
    }
  }

  /** Asks a model. What it cannot answer is a failure. */
  public Result run(Scorer scorer) {
    return new Result(config.cases().stream().map(asked -> run(asked, scorer)).toList());
  }

  private CaseResult run(BehaviourCase asked, Scorer scorer) {
    CaseRun run = new CaseRun(scorer, personal, asked);
    asked.match(run::within, run::invariance, run::direction);
    return new CaseResult(
        asked.head(), config.blocks(asked), asked.predictions(), run.failures(), run.worst());
  }
}
