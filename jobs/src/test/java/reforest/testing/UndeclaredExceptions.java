package reforest.testing;

/** Throws as Scala does: what is checked for Java, from methods that declare nothing. */
@SuppressWarnings("TypeParameterUnusedInFormals")
public final class UndeclaredExceptions {

  private UndeclaredExceptions() {}

  /** Never returns; its type is what the caller's place asks for. */
  public static <T> T thrown(Exception exception) {
    return UndeclaredExceptions.<T, RuntimeException>as(exception);
  }

  @SuppressWarnings("unchecked")
  private static <T, E extends Exception> T as(Exception exception) throws E {
    throw (E) exception;
  }
}
