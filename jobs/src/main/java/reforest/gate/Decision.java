package reforest.gate;

import java.util.Arrays;
import java.util.Optional;

/** What the gate can decide. */
public enum Decision {
  /** The challenger has won. */
  PROMOTE,
  /** The champion stays, because the challenger is not better or does harm. */
  KEEP,
  /** The champion stays, because the data does not decide. */
  INCONCLUSIVE;

  /** The name in results and records: {@code PROMOTE}. */
  public String key() {
    return name();
  }

  /** The decision of that name; empty for any other text, such as that of a backtest. */
  public static Optional<Decision> of(String key) {
    return Arrays.stream(values()).filter(decision -> decision.key().equals(key)).findFirst();
  }
}
