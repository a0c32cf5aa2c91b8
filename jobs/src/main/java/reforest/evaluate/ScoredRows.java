package reforest.evaluate;

import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;
import reforest.bundle.Manifest.Input;
import reforest.statistics.ClusterWays;

/** The scored rows of a window: in memory where they are few, else where Spark keeps them. */
final class ScoredRows {

  /** So many rows are gone through faster in one place than by a job of Spark each time. */
  static final long FEW = 100_000;

  private ScoredRows() {}

  /**
   * Lets somebody look at a window's rows.
   *
   * @param few up to so many rows are gone through in memory
   */
  static void study(
      JavaRDD<Row> scanned,
      Broadcast<RowScoring> scoring,
      long rows,
      long few,
      int[] inputs,
      RowLoss loss,
      WindowStudy by) {
    RowScoring known = scoring.value();
    List<Input> all = known.models().get(0).bundle().scorer().manifest().inputs();
    List<Input> kept = IntStream.of(inputs).mapToObj(all::get).toList();
    JavaRDD<ScoredWindow.Scored> scored =
        scanned.mapPartitions(part -> scoring.value().scored(part, loss, inputs));
    if (rows <= few) {
      by.of(new InMemory(known.plan(), known.ways(), kept, scored.collect()));
      return;
    }
    scored.persist(StorageLevel.MEMORY_AND_DISK());
    try {
      by.of(new InSpark(known.plan(), known.ways(), kept, scored));
    } finally {
      scored.unpersist(true);
    }
  }

  /** Few rows. */
  record InMemory(ComparisonPlan plan, ClusterWays ways, List<Input> inputs, List<Scored> rows)
      implements ScoredWindow {
    @Override
    public <T extends Serializable> T fold(
        SerializableSupplier<T> empty, SerializableConsumer<T> add, SerializableOperator<T> merge) {
      T all = empty.get();
      rows.forEach(row -> add.accept(all, row));
      return all;
    }
  }

  /** Many rows. */
  private record InSpark(
      ComparisonPlan plan, ClusterWays ways, List<Input> inputs, JavaRDD<Scored> rows)
      implements ScoredWindow {
    @Override
    public <T extends Serializable> T fold(
        SerializableSupplier<T> empty, SerializableConsumer<T> add, SerializableOperator<T> merge) {
      return rows.mapPartitions(
              part -> {
                T all = empty.get();
                part.forEachRemaining(row -> add.accept(all, row));
                return List.of(all).iterator();
              })
          .treeReduce(merge::apply);
    }
  }
}
