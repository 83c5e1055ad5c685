package io.ppstp.tracker.config;

import io.ppstp.tracker.config.text.Durations;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What configurations say, key by key: shown to the operator without what is secret, and told
 * apart. Stateless.
 */
public final class ConfigView {
  private static final String DEFAULT = "default";

  private ConfigView() {}

  /**
   * A setting; immutable.
   *
   * @param value as it would be written, with commas in a list; empty for none
   * @param source where it was written: the file and line, the environment, or default
   * @param live whether it can change while the tracker runs
   */
  public record ConfigValue(String key, String value, String source, boolean live) {}

  /**
   * Returns all settings, in the order of {@code conf/tracker.yaml}.
   *
   * @param sources where each was written, by key
   * @param live which can change while the tracker runs
   */
  public static List<ConfigValue> of(
      TrackerConfig config, Map<String, String> sources, Predicate<String> live) {
    Map<String, Object> values = RecordBinder.values(config);
    List<ConfigValue> shown = new ArrayList<>();
    for (Setting setting : Settings.all()) {
      String key = setting.key();
      shown.add(
          new ConfigValue(
              key, text(values.get(key)), sources.getOrDefault(key, DEFAULT), live.test(key)));
    }
    return List.copyOf(shown);
  }

  /** Returns the keys whose values differ, in the order of {@code conf/tracker.yaml}. */
  public static List<String> differences(TrackerConfig one, TrackerConfig other) {
    Map<String, Object> before = RecordBinder.values(one);
    Map<String, Object> after = RecordBinder.values(other);
    List<String> changed = new ArrayList<>();
    for (Setting setting : Settings.all()) {
      String key = setting.key();
      Object value = before.get(key);
      if (value == null || !value.equals(after.get(key))) {
        changed.add(key);
      }
    }
    return List.copyOf(changed);
  }

  private static String text(@Nullable Object value) {
    if (value instanceof Optional<?> optional) {
      return optional.map(ConfigView::text).orElse("");
    } else if (value instanceof List<?> list) {
      return String.join(",", list.stream().map(ConfigView::text).toList());
    } else if (value instanceof Duration duration) {
      return Durations.text(duration);
    } else if (value instanceof Enum<?> constant) {
      return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    } else if (value instanceof URI uri && uri.getRawUserInfo() != null) {
      // A password, where somebody has written one.
      return uri.toString().replace(uri.getRawUserInfo() + "@", "***@");
    }
    return String.valueOf(value);
  }
}
