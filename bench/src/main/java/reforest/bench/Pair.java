package reforest.bench;

import java.util.Map;

/**
 * Ours and one peer, measured on the same plan.
 *
 * @param name the case
 * @param peer the peer's name, for people
 * @param us what ours took
 * @param them what the peer took
 * @param facts what stands behind both
 */
record Pair(String name, String peer, Measured us, Measured them, Map<String, Object> facts) {

  Pair {
    facts = Map.copyOf(facts);
  }

  /** CPU seconds of the peer's whole process, as a multiple of ours. */
  Ratio timesOurCpu(Target target) {
    return ratio(
        Ratio.ofOurs(name, peer + " / ours, CPU s", us.cpuSeconds(), them.cpuSeconds(), target));
  }

  /** CPU seconds of our whole process, as a multiple of the peer's. */
  Ratio cpu(Target target) {
    return ratio(
        Ratio.ofPeer(
            name, "ours / " + peer + ", CPU s", us.cpuSeconds(), them.cpuSeconds(), target));
  }

  /** A number that both told. */
  Ratio told(String number, String measure, Target target) {
    return ratio(
        Ratio.ofPeer(
            name,
            "ours / " + peer + ", " + measure,
            us.number(number),
            them.number(number),
            target));
  }

  Ratio wall() {
    return ratio(
        Ratio.ofPeer(
            name,
            "ours / " + peer + ", wall s",
            us.wallSeconds(),
            them.wallSeconds(),
            Target.none()));
  }

  Ratio memory(Target target) {
    return ratio(
        Ratio.ofPeer(
            name,
            "ours / " + peer + ", peak MB",
            us.peakMegabytes(),
            them.peakMegabytes(),
            target));
  }

  /** The error on rows that neither has seen. */
  Ratio tested(Target target) {
    return told("tested", "error on test rows", target);
  }

  private Ratio ratio(Ratio ratio) {
    return ratio
        .with(facts)
        .with("versions", Map.of("ours", us.text("version"), "peer", them.text("version")));
  }
}
