package reforest.s3server;

/** What can go wrong with a call, before the server has seen it or after it has done it. */
public enum Fault {
  /** Nothing. */
  NONE(false),
  /** 503 instead of the call. */
  SLOW_DOWN(false),
  /** 500 instead of the call. */
  BROKEN(false),
  /** 412 instead of the call; only conditional calls can be answered so. */
  PRECONDITION(false),
  /** The connection is reset instead of the call. */
  RESET(false),
  /** No answer and no call. */
  SILENCE(false),
  /** 503 after the call. */
  DONE_SLOW_DOWN(true),
  /** 500 after the call. */
  DONE_BROKEN(true),
  /** 412 after the call, as when the server's own retry meets its own file. */
  DONE_PRECONDITION(true),
  /** The connection is reset after the call. */
  DONE_RESET(true),
  /** No answer after the call. */
  DONE_SILENCE(true);

  private final boolean done;

  Fault(boolean done) {
    this.done = done;
  }

  boolean isAfterTheEffect() {
    return done;
  }

  boolean isOfConditionalCalls() {
    return this == PRECONDITION || this == DONE_PRECONDITION;
  }
}
