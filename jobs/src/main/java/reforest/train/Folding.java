package reforest.train;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;

import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;
import org.jspecify.annotations.Nullable;
import reforest.config.FeatureConfig;

/**
 * Makes the features of a fold once for all of its candidates, and keeps them while the fold lasts.
 *
 * <p>{@code CrossValidator} hands the same two datasets to every candidate of a fold, and the
 * fold's number to none: the number is the block that no training row carries.
 */
final class Folding {

  /** Column that repeats the fold's number; {@code CrossValidator} takes its own away. */
  static final String BLOCK = "block";

  /** Column with the time of the event, present when the blocks are blocks of time. */
  static final String TIME = "time";

  /**
   * One block of time.
   *
   * @param start first event time
   * @param end exclusive end
   */
  record Block(Instant start, Instant end) {}

  /** One fold's training rows, and how their features are made. */
  static final class Prepared {

    private final Recipe recipe;
    private final Dataset<Row> rows;
    private final int fold;
    private @Nullable Dataset<Row> vectors;

    private Prepared(Recipe recipe, Dataset<Row> rows, int fold) {
      this.recipe = recipe;
      this.rows = rows;
      this.fold = fold;
    }

    /** Learnt from these rows alone. */
    Recipe recipe() {
      return recipe;
    }

    /** In the form of {@link TrainingRows}. */
    Dataset<Row> rows() {
      return rows;
    }

    /** The rows with their vectors, cached from the first call on. */
    synchronized Dataset<Row> vectors() {
      Dataset<Row> made = vectors;
      if (made == null) {
        made =
            recipe
                .apply(rows)
                .select(TrainingRows.LABEL, Recipe.FEATURES)
                .persist(StorageLevel.MEMORY_AND_DISK());
        vectors = made;
      }
      return made;
    }

    /** The fold that is left out, or -1 when none is. */
    int fold() {
      return fold;
    }

    private synchronized void release() {
      if (vectors != null) {
        vectors.unpersist();
      }
    }
  }

  private final FeatureConfig features;
  private final int folds;
  private final List<Block> blocks;
  private final Duration labelDelay;

  private @Nullable Dataset<?> training;
  private @Nullable Prepared prepared;
  private @Nullable Dataset<?> validation;
  private @Nullable Dataset<Row> validationVectors;

  /**
   * @param blocks the folds' blocks of time, in the order of their numbers; empty when folds are
   *     hashes
   * @param labelDelay rows this close to a missing block are left out with it
   */
  Folding(FeatureConfig features, int folds, List<Block> blocks, Duration labelDelay) {
    this.features = features;
    this.folds = folds;
    this.blocks = List.copyOf(blocks);
    this.labelDelay = labelDelay;
  }

  synchronized Prepared prepare(Dataset<?> rows) {
    if (prepared != null && training == rows) {
      return prepared;
    }
    release();
    int fold = missingBlock(rows);
    Dataset<Row> kept = withoutNeighbours(rows.toDF(), fold);
    Recipe recipe = Recipe.learn(kept, features);
    training = rows;
    prepared = new Prepared(recipe, kept, fold);
    return prepared;
  }

  /** Notes the rows that a fold's candidates are scored on. */
  synchronized void validating(Dataset<?> rows) {
    if (validation != rows) {
      if (validationVectors != null) {
        validationVectors.unpersist();
      }
      validationVectors = null;
      validation = rows;
    }
  }

  /** The rows that were noted last. */
  synchronized Dataset<?> validation() {
    return Objects.requireNonNull(validation, "no candidate was scored yet");
  }

  /** The noted rows with their vectors, cached while the fold lasts. */
  synchronized Dataset<Row> validationVectors(Recipe recipe) {
    Dataset<Row> made = validationVectors;
    if (made == null) {
      made = recipe.apply(validation().toDF()).persist(StorageLevel.MEMORY_AND_DISK());
      validationVectors = made;
    }
    return made;
  }

  /** Lets go of what is cached. */
  synchronized void release() {
    if (prepared != null) {
      prepared.release();
    }
    if (validationVectors != null) {
      validationVectors.unpersist();
    }
    training = null;
    prepared = null;
    validation = null;
    validationVectors = null;
  }

  private int missingBlock(Dataset<?> rows) {
    Set<Integer> present = new HashSet<>();
    for (Row row : rows.select(BLOCK).distinct().collectAsList()) {
      present.add(row.getInt(0));
    }
    if (present.size() == folds) {
      return -1;
    }
    for (int fold = 0; fold < folds; fold++) {
      if (!present.contains(fold)) {
        return fold;
      }
    }
    throw new IllegalStateException("blocks " + present + " are not below " + folds);
  }

  private Dataset<Row> withoutNeighbours(Dataset<Row> rows, int fold) {
    if (fold < 0 || blocks.isEmpty() || labelDelay.isZero()) {
      return rows;
    }
    Block block = blocks.get(fold);
    Column near =
        col(TIME)
            .geq(lit(Timestamp.from(block.start().minus(labelDelay))))
            .and(col(TIME).lt(lit(Timestamp.from(block.end().plus(labelDelay)))));
    return rows.where(not(near));
  }
}
