package reforest.report;

import reforest.gate.Decision;
import reforest.registry.RunKind;
import reforest.registry.RunRecord;

/**
 * What to type after a run.
 *
 * @param why what it is for
 * @param command the command line
 */
record NextStep(String why, String command) {

  private static final String CALLED = "reforest ";

  static NextStep after(RunView view) {
    RunRecord run = view.run();
    String home = view.setting("home").map(at -> " --home " + quoted(at)).orElse("");
    String model = " " + quoted(run.model());
    String conf = " --conf " + quoted("conf/" + run.model() + ".conf") + home;
    boolean develops = run.runKind().filter(RunKind.DEVELOP::equals).isPresent();
    if (run.promotion() != null) {
      return new NextStep(
          "Fetch it for a service, or see how to go back with 'reforest rollback --help'",
          CALLED + "pull" + model + " served" + home);
    }
    if (view.decided(Decision.PROMOTE) && develops) {
      return new NextStep(
          "Let it be judged on the newest rows, where it may be promoted",
          CALLED + "retrain" + conf + " --publish");
    }
    if (view.decided(Decision.KEEP)) {
      return new NextStep(
          "See which rule stood in the way, and look again once settings or data are better, which"
              + " changes nothing",
          CALLED + "retrain" + conf);
    }
    if (view.decided(Decision.INCONCLUSIVE)) {
      return new NextStep(
          "Once there are newer rows, try again",
          CALLED + "retrain" + conf + (develops ? "" : " --publish"));
    }
    return new NextStep("See all runs of this model", CALLED + "models" + model + home);
  }

  /** As a shell reads it back. */
  private static String quoted(String word) {
    return word.matches("[\\w./:=,@%+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
