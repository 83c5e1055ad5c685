package io.ppstp.tracker.config;

import java.util.List;
import java.util.Locale;

/**
 * One configuration key. Immutable.
 *
 * @param key the key with its section, such as {@code limits.in-flight}
 * @param type how its text is read, and which values are allowed
 * @param defaultText the default as it would be written; empty for an absent path or an empty list
 * @param description what it is for, in one line
 */
public record Setting(String key, SettingType<?> type, String defaultText, String description) {

  /** The beginning of every environment variable that sets a key. */
  static final String ENVIRONMENT_PREFIX = "PPSTP_";

  /** Returns the setting of {@code key}. */
  static Setting setting(String key, SettingType<?> type, String defaultText, String description) {
    return new Setting(key, type, defaultText, description);
  }

  /** Returns the environment variable that sets this key, such as {@code PPSTP_HTTP_PORT}. */
  public String environmentName() {
    return ENVIRONMENT_PREFIX + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  /** Returns which values are allowed, such as {@code a whole number from 0 to 65535}. */
  public String expectation() {
    return type.expectation();
  }

  /**
   * The text somebody wrote for a setting, not yet read. Immutable.
   *
   * @param setting the setting it is for
   * @param items the text, or the items of a YAML list
   * @param list whether it was written as a YAML list
   * @param source where it was written, as a fault names it
   */
  record RawValue(Setting setting, List<String> items, boolean list, String source) {
    RawValue {
      items = List.copyOf(items);
    }

    /** Returns a value written as one piece of text. */
    static RawValue text(Setting setting, String text, String source) {
      return new RawValue(setting, List.of(text), false, source);
    }
  }
}
