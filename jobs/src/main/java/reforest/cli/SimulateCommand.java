package reforest.cli;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;
import reforest.config.Nearest;
import reforest.simulate.Claim;
import reforest.simulate.Simulations;

@Command(
    name = SimulateCommand.NAME,
    header = "Hold what the gate promises against windows whose truth is known.",
    description = {
      "Runs the gate's own classes on simulated windows and years, and writes one line of JSON for"
          + " each claim: case, figure, error, limit, holds. Seeds are fixed, so that the same release"
          + " gives the same figures. What each case means stands in docs/statistics.md. A claim that"
          + " does not hold is told, and the command ends with code 3."
    },
    footer = {
      "%nExamples:",
      "  reforest simulate --quick --out claims.jsonl",
      "  reforest simulate level weekly --out claims.jsonl"
    })
final class SimulateCommand extends ShellCommand {

  static final String NAME = "simulate";

  private static final int WHOLE = 5_000;
  private static final int QUICK = 1_000;

  @Parameters(arity = "0..*", paramLabel = "CASE", description = "Cases; all by default.")
  private List<String> cases = new ArrayList<>();

  @Option(names = "--quick", description = "A fifth of the windows and years.")
  private boolean quick;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      required = true,
      description = "A local file for the claims; replaced if it is there.")
  private @Nullable Path out;

  SimulateCommand(Shell shell) {
    super(shell, NAME);
  }

  @Override
  Outcome run() {
    List<String> chosen = cases.isEmpty() ? List.copyOf(Simulations.names()) : cases;
    refuseUnknown(chosen);
    List<Claim> claims = new ArrayList<>();
    try (BufferedWriter lines = Files.newBufferedWriter(Objects.requireNonNull(out))) {
      for (String name : chosen) {
        int before = claims.size();
        Simulations.run(List.of(name), quick ? QUICK : WHOLE, claims::add);
        for (Claim claim : claims.subList(before, claims.size())) {
          lines.write(claim.toJson());
          lines.newLine();
        }
        lines.flush();
        console().err().println(name + ": " + held(claims.subList(before, claims.size())));
      }
    } catch (IOException e) {
      throw new ReforestException(
          Kind.STORE, "cannot write " + out + ": " + e, "name a file that can be written", e);
    }
    List<String> broken =
        claims.stream().filter(claim -> !claim.holds()).map(Claim::words).toList();
    if (!broken.isEmpty()) {
      throw new ReforestException(
          Kind.DATA,
          "%s; not so: %s".formatted(held(claims), String.join("; ", broken)),
          "look at " + out + ", and at what docs/statistics.md says of these cases");
    }
    return new Outcome.Builder()
        .reasons(List.of(held(claims)))
        .detail("claims", claims.size())
        .detail("out", String.valueOf(out))
        .words(words -> words.say(held(claims)).fact("claims", String.valueOf(out)))
        .build();
  }

  private static String held(List<Claim> claims) {
    long held = claims.stream().filter(Claim::holds).count();
    return "%d of %d claims hold".formatted(held, claims.size());
  }

  private static void refuseUnknown(List<String> chosen) {
    for (String name : chosen) {
      if (!Simulations.names().contains(name)) {
        throw new ReforestException(
            Kind.ARGUMENTS,
            "there is no case " + name,
            Nearest.to(name, Simulations.names())
                    .map(near -> "did you mean " + near + "? ")
                    .orElse("")
                + "Cases are "
                + String.join(", ", Simulations.names()));
      }
    }
  }
}
