package reforest;

/** Throws as Scala does: what is checked for Java, from methods that declare nothing. */
@SuppressWarnings("TypeParameterUnusedInFormals")
public final class Undeclared {

  private Undeclared() {}

  /** Never returns; its type is what the caller's place asks for. */
  public static <T> T thrown(Exception exception) {
    return Undeclared.<T, RuntimeException>as(exception);
  }

  @SuppressWarnings("unchecked")
  private static <T, E extends Exception> T as(Exception exception) throws E {
    throw (E) exception;
  }
}
