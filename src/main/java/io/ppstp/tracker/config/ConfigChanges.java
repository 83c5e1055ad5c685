package io.ppstp.tracker.config;

import java.util.ArrayList;
import java.util.List;

/** Tells configurations apart, key by key. Stateless. */
public final class ConfigChanges {
  private ConfigChanges() {}

  /** Returns the keys whose values differ, in the order of {@code conf/tracker.yaml}. */
  public static List<String> between(TrackerConfig one, TrackerConfig other) {
    var before = RecordBinder.values(one);
    var after = RecordBinder.values(other);
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
}
