package reforest.job;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import reforest.bundle.Bundle;
import reforest.bundle.Manifest.Provenance;
import reforest.bundle.Promotion;
import reforest.bundle.ReforestException;
import reforest.export.Export.Exported;
import reforest.quality.Profile;
import reforest.registry.RunRecord;
import reforest.split.Division;
import reforest.split.EarlierLooks;
import reforest.split.WindowId;
import reforest.table.Snapshot;
import reforest.table.VersionChoice;
import reforest.train.Trained;

/**
 * All that a run needs Spark for. Nothing here writes to the model's store, and what is read there
 * is handed over: in which order a run touches the store stands in {@link Retrain}, {@link Judge}
 * and what they call.
 */
interface Compute {

  /** The version of the table that was chosen. */
  Snapshot pin(VersionChoice version);

  /** Training rows and window of a version. */
  Division divide(Snapshot snapshot, WindowId.Kind kind, EarlierLooks looks);

  /**
   * Refuses training rows that nothing good can be learned from.
   *
   * @throws ReforestException of kind {@code DATA} or {@code ARGUMENTS}
   */
  void checkTraining(Division division);

  /**
   * Refuses a window on which nothing can be measured, or a champion that cannot be scored there.
   *
   * @throws ReforestException of kind {@code DATA} or {@code ARGUMENTS}
   */
  void check(Snapshot snapshot, Division division, Optional<Bundle> champion);

  /**
   * The same where the challenger was trained before.
   *
   * @throws ReforestException of kind {@code DATA} or {@code ARGUMENTS}
   */
  void check(Snapshot snapshot, Division division, Bundle challenger, Optional<Bundle> champion);

  /**
   * Checks that the snapshot's files are still there.
   *
   * @throws ReforestException of kind {@code DATA} when one is gone
   */
  void requireReadable(Snapshot snapshot);

  /**
   * The best of the configured forests, fitted to all training rows.
   *
   * @param champion where the model to beat comes from, whose settings are tried, too
   */
  Trained search(Division division, Optional<Provenance> champion);

  /** What the training rows look like. */
  Profile profile(Division division);

  /** The content of the bundle that ships what was trained on the division's rows. */
  Exported export(Trained trained, Division division, Provenance provenance);

  /** Challenger, champion, anchor and baselines on the rows of the window. */
  Compared compare(
      Snapshot snapshot,
      Division division,
      Bundle challenger,
      Optional<Bundle> champion,
      Optional<Bundle> anchor);

  /**
   * Brings the registry's tables up to date with a run and the promotions of its model.
   *
   * @param made whether this process has just made the run
   * @param promotions all of the model's, read once the run is there
   * @return what went wrong, in words; empty when nothing did
   */
  List<String> register(RunRecord record, boolean made, Supplier<List<Promotion>> promotions);
}
