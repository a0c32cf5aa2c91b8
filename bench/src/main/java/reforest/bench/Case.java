package reforest.bench;

import java.util.List;

/** Something to measure beside its peers. */
interface Case {

  /** The name that selects it. */
  String name();

  /** Whether it takes too long for {@code --quick}. */
  default boolean isLong() {
    return false;
  }

  /** Runs it. */
  List<Ratio> run(Lab lab);
}
