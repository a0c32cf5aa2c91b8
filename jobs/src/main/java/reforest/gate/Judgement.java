package reforest.gate;

import java.util.Optional;
import reforest.behaviour.Suite;
import reforest.bundle.Bundle;
import reforest.diagnose.WeakSlices;
import reforest.evaluate.Comparison;
import reforest.explain.Explained;

/**
 * What was seen of a challenger, and against whom.
 *
 * @param comparison on the rows of the window
 * @param weakSlices where the challenger is weak, found and confirmed there
 * @param explained why the challenger is what it is
 * @param behaviour what came of the cases that a model must hold to
 * @param verdict the gate's, or why nothing could be decided
 * @param champion the bundle that was compared with; empty for the baselines alone
 * @param after the promotion log's last number before the champion was looked up
 */
public record Judgement(
    Comparison comparison,
    WeakSlices.Result weakSlices,
    Optional<Explained> explained,
    Suite.Result behaviour,
    Verdict verdict,
    Optional<Bundle> champion,
    long after) {}
