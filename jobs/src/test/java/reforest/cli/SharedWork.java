package reforest.cli;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;

/** The commands' real bodies on a session that outlives them. */
public final class SharedWork {

  private SharedWork() {}

  /** Work that finds the given session and leaves it open. */
  public static Supplier<Work> on(SparkSession session) {
    SparkSession.setActiveSession(session);
    Work work = new SparkWork();
    Object open =
        Proxy.newProxyInstance(
            Work.class.getClassLoader(),
            new Class<?>[] {Work.class},
            (proxy, method, args) -> {
              if (method.getName().equals("close")) {
                return null;
              }
              try {
                return method.invoke(work, args);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
    return () -> (Work) open;
  }
}
