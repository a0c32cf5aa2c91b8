package reforest.bench;

import java.util.List;
import java.util.Map;
import reforest.train.OneFit;

/**
 * What ten times the rows cost.
 *
 * @param limits the machine's own speed
 */
record Scaling(Limit limits) implements Case {

  private static final int FEW = 1_000_000;
  private static final int MANY = 10_000_000;
  private static final String HEAP = "8g";

  @Override
  public String name() {
    return "scaling";
  }

  @Override
  public boolean isLong() {
    return true;
  }

  @Override
  public List<Ratio> run(Lab lab) {
    Jvm jvm = Jvm.large(HEAP).sharing(lab.archive());
    double limit = limits.secondsPerAddition(lab);
    Plan few = Plans.single(lab, FEW, 1);
    Plan many = Plans.single(lab, MANY, 1);
    Measured small = lab.java("scaling-few", jvm, OneFit.class, lab.plan("scaling-few", few));
    Measured large = lab.java("scaling-many", jvm, OneFit.class, lab.plan("scaling-many", many));
    Pair pair =
        new Pair(
            name(),
            "ours on a tenth",
            large,
            small,
            Map.of("rows", MANY, "plan", many.json(), "jvm", Map.of("ours", jvm.flags())));
    Ratio cpu = pair.cpu(Target.atMost(11));
    return List.of(
        cpu.with(
            Map.of(
                "oursTimesLimit",
                cpu.ours() / (limit * many.additions(MANY)),
                "peerTimesLimit",
                cpu.peer() / (limit * few.additions(FEW)))),
        pair.wall(),
        pair.memory(Target.none()));
  }
}
