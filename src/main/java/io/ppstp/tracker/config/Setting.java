package io.ppstp.tracker.config;

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
}
