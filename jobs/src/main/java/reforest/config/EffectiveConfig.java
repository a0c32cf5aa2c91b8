package reforest.config;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Every setting that is in effect, secrets left out.
 *
 * @param settings sorted by key
 */
public record EffectiveConfig(List<Setting> settings) {

  private static final String HIDDEN = "***";

  public EffectiveConfig {
    settings = List.copyOf(settings);
  }

  /**
   * One setting.
   *
   * @param key its full name; elements of a list of objects are numbered from 0
   * @param value its value as JSON, {@code ***} for a secret
   * @param origin file and line, {@code command line}, {@code environment} or {@code default}
   */
  public record Setting(String key, String value, String origin) {}

  /** One line a setting: key, value and, as a comment, the origin. */
  public String text() {
    return settings.stream()
        .map(s -> s.key() + " = " + s.value() + "  # " + s.origin() + "\n")
        .collect(Collectors.joining());
  }

  /** The values by key, sorted: what a run records. */
  public Map<String, String> values() {
    Map<String, String> values = new TreeMap<>();
    settings.forEach(s -> values.put(s.key(), s.value()));
    return values;
  }

  /**
   * @param personal columns whose values in the rows of a suite are left out, too
   */
  static EffectiveConfig of(ConfigObject root, Set<String> personal) {
    List<Setting> settings = new ArrayList<>();
    collect(root, "", personal, settings);
    return new EffectiveConfig(settings);
  }

  private static void collect(
      ConfigValue value, String path, Set<String> personal, List<Setting> settings) {
    if (value instanceof ConfigObject object && !object.isEmpty()) {
      new TreeMap<>(object)
          .forEach(
              (key, inner) -> {
                String name = ConfigUtil.joinPath(key);
                collect(inner, path.isEmpty() ? name : path + "." + name, personal, settings);
              });
    } else if (value instanceof ConfigList list
        && !list.isEmpty()
        && list.get(0).valueType() == ConfigValueType.OBJECT) {
      for (int i = 0; i < list.size(); i++) {
        String element = path + "[" + i + "]";
        Set<String> hidden = path.equals("behaviour") ? personal : Set.of();
        settings.add(setting(element, list.get(i), hidden));
      }
    } else {
      settings.add(setting(path, value, Set.of()));
    }
  }

  private static Setting setting(String path, ConfigValue value, Set<String> hidden) {
    ConfigValue shown = ConfigValueFactory.fromAnyRef(withoutSecrets(path, value, hidden));
    return new Setting(
        path, shown.render(ConfigRenderOptions.concise()), ConfigFiles.shown(value.origin()));
  }

  private static @org.jspecify.annotations.Nullable Object withoutSecrets(
      String key, ConfigValue value, Set<String> hidden) {
    if (value instanceof ConfigObject object) {
      Map<String, Object> copy = new TreeMap<>();
      // A case may say by values of its own how a personal input changes.
      ConfigValue input = object.get("input");
      Set<String> within = new HashSet<>(hidden);
      if (input != null && hidden.contains(String.valueOf(input.unwrapped()))) {
        within.addAll(Set.of("values", "from", "to"));
      }
      object.forEach((inner, v) -> copy.put(inner, withoutSecrets(inner, v, within)));
      return copy;
    }
    if (value.valueType() != ConfigValueType.NULL
        && (Secrets.namedBy(key) || hidden.contains(key))) {
      return HIDDEN;
    }
    if (value instanceof ConfigList list) {
      List<Object> copy = new ArrayList<>();
      list.forEach(v -> copy.add(withoutSecrets(key, v, hidden)));
      return copy;
    }
    Object plain = value.unwrapped();
    return plain instanceof String text ? Secrets.masked(text) : plain;
  }
}
