package reforest.config;

import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import reforest.bundle.Sha256;

/**
 * The digest of all settings that can change a verdict.
 *
 * <p>Left out: where things lie (home, source path), how long history is kept, how many candidates
 * are fitted at once, and how often a lost race is tried again.
 */
final class Fingerprint {

  private Fingerprint() {}

  /** The same configuration with its digest set. */
  static ModelConfig into(ModelConfig c) {
    return new ModelConfig(
        c.home(),
        c.model(),
        c.task(),
        c.about(),
        c.data(),
        c.windows(),
        c.features(),
        c.train(),
        c.evaluate(),
        c.behaviour(),
        c.fairness(),
        c.gate(),
        c.export(),
        Sha256.of(canonical(judged(c)).getBytes(StandardCharsets.UTF_8)));
  }

  private static List<Object> judged(ModelConfig c) {
    DataConfig d = c.data();
    DataConfig.Source source =
        new DataConfig.Source(d.source().format(), d.source().options(), Optional.empty());
    DataConfig data =
        new DataConfig(
            source,
            d.columns(),
            d.key(),
            d.eventTime(),
            d.label(),
            d.positive(),
            d.derivedFromLabel(),
            d.maxQuarantined(),
            Duration.ZERO);
    TrainConfig t = c.train();
    TrainConfig train =
        new TrainConfig(
            t.metric(),
            t.folds(),
            t.seed(),
            1,
            t.maxBins(),
            t.engine(),
            t.memoryShare(),
            t.search(),
            t.randomForest(),
            t.gradientBoosting());
    GateConfig g = c.gate();
    GateConfig gate =
        new GateConfig(
            g.primary(),
            g.mode(),
            g.minGain(),
            g.margin(),
            g.worthwhileGain(),
            g.sliceMargin(),
            g.guardrails(),
            g.alpha(),
            0,
            g.freshClusters(),
            g.limits());
    return List.of(
        c.model(),
        c.task(),
        c.about(),
        data,
        c.windows(),
        c.features(),
        train,
        c.evaluate(),
        c.behaviour(),
        c.fairness(),
        gate,
        c.export());
  }

  /**
   * A text that is equal exactly for equal values: names and order of records' components count.
   */
  private static String canonical(@Nullable Object value) {
    if (value instanceof Record settings) {
      StringBuilder text = new StringBuilder(settings.getClass().getSimpleName()).append('{');
      for (RecordComponent component : settings.getClass().getRecordComponents()) {
        try {
          Object inner = component.getAccessor().invoke(settings);
          text.append(component.getName()).append('=').append(canonical(inner)).append(';');
        } catch (ReflectiveOperationException e) {
          throw new IllegalStateException("cannot read " + component, e);
        }
      }
      return text.append('}').toString();
    }
    if (value instanceof Map<?, ?> map) {
      TreeMap<String, String> sorted = new TreeMap<>();
      map.forEach((k, v) -> sorted.put(canonical(k), canonical(v)));
      return sorted.toString();
    }
    if (value instanceof List<?> list) {
      return list.stream().map(Fingerprint::canonical).collect(Collectors.joining(",", "[", "]"));
    }
    if (value instanceof Optional<?> optional) {
      return optional.isPresent() ? "some(" + canonical(optional.get()) + ")" : "none";
    }
    String text = String.valueOf(value);
    // The length tells where a text ends, whatever characters it holds.
    return value instanceof String ? text.length() + ":" + text : text;
  }
}
