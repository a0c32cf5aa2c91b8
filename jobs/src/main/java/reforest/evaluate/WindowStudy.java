package reforest.evaluate;

/** Looks at the rows of a window once they were compared, while they are at hand. */
public interface WindowStudy {

  /**
   * Looks at them.
   *
   * @param window to be used before this returns, and not after
   */
  void of(ScoredWindow window);
}
