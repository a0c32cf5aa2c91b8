package reforest.train;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.pow;
import static org.apache.spark.sql.functions.unix_micros;
import static org.apache.spark.sql.functions.when;

import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.storage.StorageLevel;
import org.jspecify.annotations.Nullable;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;
import reforest.config.FeatureConfig;
import reforest.config.Recency;
import reforest.features.Recipe;
import reforest.features.TrainingRows;

/**
 * Makes the features of a fold once for all of its candidates, and keeps them while the fold lasts.
 *
 * <p>{@code CrossValidator} copies both sides of each fold, so it gets rows that hold nothing but
 * the number of their block. It hands the same two datasets to every candidate of a fold, and the
 * fold's number to none: that is the block which no training row carries. The rows themselves come
 * from the one dataset that holds them all.
 */
final class FoldRows {

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

  /** Weight of a row, present where rows weigh differently. */
  static final String WEIGHT = "weight";

  /** One fold's training rows, and how their features are made. */
  final class Prepared {

    private final Recipe recipe;
    private final Dataset<Row> rows;
    private final int fold;
    private final Map<Recency, Prepared> recent = new HashMap<>();
    private @Nullable Dataset<Row> vectors;

    private Prepared(Dataset<Row> rows, int fold) {
      this(Recipe.learn(rows, features), rows, fold);
    }

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

    /** Whether the rows carry a {@link #WEIGHT}. */
    boolean isWeighted() {
      return List.of(rows.columns()).contains(WEIGHT);
    }

    /**
     * The rows that count, with their weights.
     *
     * @throws ReforestException when there are none
     */
    synchronized Prepared within(Recency recency) {
      return recency.equals(Recency.ALL) ? this : recent.computeIfAbsent(recency, this::only);
    }

    private Prepared only(Recency recency) {
      Column age = age(fold);
      Dataset<Row> kept = rows;
      if (recency.window().isPresent()) {
        kept = kept.where(age.leq(micros(recency.window().get())));
        if (kept.isEmpty()) {
          throw new ReforestException(
              Kind.DATA,
              "train.window "
                  + recency.windowText()
                  + " holds no training rows "
                  + (fold < 0 ? "at all" : "around fold " + fold),
              "search longer windows or all");
        }
      }
      if (recency.halfLife().isPresent()) {
        Column halvings = age.cast("double").divide(micros(recency.halfLife().get()));
        kept = kept.withColumn(WEIGHT, pow(lit(0.5), halvings));
      }
      return recency.window().isPresent()
          ? new Prepared(kept, fold)
          : new Prepared(recipe, kept, fold);
    }

    /** The rows with their vectors, cached from the first call on. */
    synchronized Dataset<Row> vectors() {
      Dataset<Row> made = vectors;
      if (made == null) {
        List<String> kept = new ArrayList<>(List.of(Recipe.FEATURES));
        if (isWeighted()) {
          kept.add(WEIGHT);
        }
        made =
            recipe
                .apply(rows)
                .select(TrainingRows.LABEL, kept.toArray(new String[0]))
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
      recent.values().forEach(Prepared::release);
    }
  }

  private final Dataset<Row> all;
  private final FeatureConfig features;
  private final int folds;
  private final List<Block> blocks;
  private final Duration labelDelay;

  private @Nullable Dataset<?> training;
  private @Nullable Prepared prepared;
  private @Nullable Dataset<Row> validation;
  private final Map<Recipe, Dataset<Row>> validationVectors = new HashMap<>();

  /**
   * @param all the rows of all folds, in the form of {@link TrainingRows}, with their {@link
   *     #BLOCK}
   * @param blocks the folds' blocks of time, in the order of their numbers; empty when folds are
   *     hashes
   * @param labelDelay rows this close to a missing block are left out with it
   */
  FoldRows(
      Dataset<Row> all,
      FeatureConfig features,
      int folds,
      List<Block> blocks,
      Duration labelDelay) {
    this.all = all;
    this.features = features;
    this.folds = folds;
    this.blocks = List.copyOf(blocks);
    this.labelDelay = labelDelay;
  }

  /**
   * The rows of a fold.
   *
   * @param rows what {@code CrossValidator} trains on
   */
  synchronized Prepared prepare(Dataset<?> rows) {
    if (prepared != null && training == rows) {
      return prepared;
    }
    release();
    int fold = missingBlock(rows);
    Dataset<Row> kept = fold < 0 ? all : all.where(col(BLOCK).notEqual(fold));
    training = rows;
    validation = all.where(col(BLOCK).equalTo(fold));
    prepared = new Prepared(withoutNeighbours(kept, fold), fold);
    return prepared;
  }

  /** The rows that the candidates of the fold at hand are scored on. */
  synchronized Dataset<Row> validation() {
    return Objects.requireNonNull(validation, "no candidate was fitted yet");
  }

  /** The same rows with their vectors, cached while the fold lasts. */
  synchronized Dataset<Row> validationVectors(Recipe recipe) {
    return validationVectors.computeIfAbsent(
        recipe, of -> of.apply(validation()).persist(StorageLevel.MEMORY_AND_DISK()));
  }

  /** Lets go of what is cached. */
  synchronized void release() {
    if (prepared != null) {
      prepared.release();
    }
    validationVectors.values().forEach(Dataset::unpersist);
    validationVectors.clear();
    training = null;
    prepared = null;
    validation = null;
  }

  private int missingBlock(Dataset<?> rows) {
    Set<Integer> present =
        new HashSet<>(
            rows.select(BLOCK)
                .queryExecution()
                .toRdd()
                .toJavaRDD()
                .mapPartitions(FoldRows::distinct)
                .collect());
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

  private static Iterator<Integer> distinct(Iterator<InternalRow> blocks) {
    Set<Integer> seen = new HashSet<>();
    blocks.forEachRemaining(row -> seen.add(row.getInt(0)));
    return seen.iterator();
  }

  /**
   * Microseconds from a row to the block that is left out, on either side of it, or to the end of
   * the rows when none is: how old the row is to who predicts the block.
   */
  private Column age(int fold) {
    Column time = unix_micros(col(TIME));
    Block left = blocks.get(fold < 0 ? blocks.size() - 1 : fold);
    Column end = lit(micros(left.end()));
    Column start = lit(micros(left.start()));
    return fold < 0
        ? end.minus(time)
        : when(time.lt(start), start.minus(time)).otherwise(time.minus(end));
  }

  private static long micros(Instant time) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, time);
  }

  private static long micros(Duration duration) {
    return duration.toSeconds() * 1_000_000;
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
