package reforest.table;

/** Reads the errors of Spark, whose messages go on with plans and stacks after the first line. */
public final class SparkErrors {

  private SparkErrors() {}

  /**
   * The first line of a message that says anything, since the parser's begin with an empty one; the
   * name of the class when there is no message.
   */
  public static String firstLine(Throwable error) {
    String message = error.getMessage();
    return message == null
        ? error.getClass().getSimpleName()
        : message.lines().filter(line -> !line.isBlank()).findFirst().orElse("");
  }
}
