package reforest.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jpmml.evaluator.Evaluator;
import org.jpmml.evaluator.LoadingModelEvaluatorBuilder;
import reforest.bundle.Bundle;
import reforest.bundle.LocalStore;
import reforest.bundle.Scorer;

/** Reads what {@link MakeModels} wrote. */
final class Models {

  private Models() {}

  static Scorer ours(Path folder) {
    return Scorer.of(Bundle.read(new LocalStore(folder), MakeModels.BUNDLE));
  }

  static Evaluator jpmml(Path folder) {
    try (InputStream pmml =
        Files.newInputStream(folder.resolve(MakeModels.BUNDLE).resolve(Bundle.MODEL))) {
      return new LoadingModelEvaluatorBuilder().load(pmml).build();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  static Object object(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file);
        ObjectInputStream objects = new ObjectInputStream(in)) {
      return objects.readObject();
    } catch (ClassNotFoundException e) {
      throw new IOException(e);
    }
  }
}
