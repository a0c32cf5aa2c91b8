package reforest.train;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;

import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
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

  /**
   * The features of one fold's training rows.
   *
   * @param recipe learnt from these rows alone
   * @param vectors the rows with their vectors, cached
   * @param fold the fold that is left out, or -1 when none is
   */
  record Prepared(Recipe recipe, Dataset<Row> vectors, int fold) {}

  private final FeatureConfig features;
  private final int folds;
  private final List<Block> blocks;
  private final Duration labelDelay;

  private @Nullable Dataset<?> training;
  private @Nullable Prepared prepared;
  private @Nullable Dataset<?> validation;
  private @Nullable Recipe validationRecipe;
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
    Dataset<Row> vectors =
        recipe
            .apply(kept)
            .select(TrainingRows.LABEL, Recipe.FEATURES)
            .persist(StorageLevel.MEMORY_AND_DISK());
    training = rows;
    prepared = new Prepared(recipe, vectors, fold);
    return prepared;
  }

  synchronized Dataset<Row> vectors(Dataset<?> rows, Recipe recipe) {
    if (validationVectors != null && validation == rows && recipe.equals(validationRecipe)) {
      return validationVectors;
    }
    if (validationVectors != null) {
      validationVectors.unpersist();
    }
    validation = rows;
    validationRecipe = recipe;
    validationVectors = recipe.apply(rows.toDF()).persist(StorageLevel.MEMORY_AND_DISK());
    return validationVectors;
  }

  /** Lets go of what is cached. */
  synchronized void release() {
    if (prepared != null) {
      prepared.vectors().unpersist();
    }
    if (validationVectors != null) {
      validationVectors.unpersist();
    }
    training = null;
    prepared = null;
    validation = null;
    validationRecipe = null;
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
