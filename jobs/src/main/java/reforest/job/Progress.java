package reforest.job;

import java.util.Optional;
import reforest.train.FitsSoFar;

/** Hears how a job goes on. */
public interface Progress {

  /** Hears nothing. */
  Progress SILENT = new Progress() {};

  /**
   * One step of a job.
   *
   * @param name the stage that runs
   * @param number its number, from 1; a step that runs once more keeps it
   * @param total how many steps the job has
   */
  record Step(String name, int number, int total) {}

  /**
   * What is known of a run so far, which is worth telling should it fail.
   *
   * @param run key of the run
   * @param dataVersion version of the table
   * @param bundle the bundle that was made or found
   */
  record Known(Optional<String> run, Optional<Long> dataVersion, Optional<BundleAt> bundle) {
    /** What is known before a job begins. */
    public static final Known NOTHING =
        new Known(Optional.empty(), Optional.empty(), Optional.empty());

    Known withRun(String key) {
      return new Known(Optional.of(key), dataVersion, bundle);
    }

    Known withDataVersion(long version) {
      return new Known(run, Optional.of(version), bundle);
    }

    Known withBundle(String digest, String location) {
      return new Known(run, dataVersion, Optional.of(new BundleAt(digest, location)));
    }
  }

  /** A step begins. */
  default void starts(Step step) {}

  /**
   * A step has ended.
   *
   * @param done whether it did what it should; else it failed
   * @param seconds how long it took
   */
  default void ends(Step step, boolean done, double seconds) {}

  /** More is known of the run, or nothing any more since another one begins. */
  default void knows(Known known) {}

  /** What the job does from now on, which may last: {@code counting rows}. */
  default void does(String what) {}

  /** How far a search is. */
  default void fits(FitsSoFar soFar) {}

  /** Something that a person may like to read. */
  default void says(String line) {}
}
