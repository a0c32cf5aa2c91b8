package reforest.bundle.pmml;

/** A number computed from the fields of a row; without state. */
@FunctionalInterface
interface Expression {

  /** Its value, where NaN and infinity stay what double arithmetic makes of them. */
  double of(double[] fields);
}
