package io.ppstp.tracker.config;

import io.ppstp.tracker.config.text.Texts;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The table of all settings, which everything else about the configuration follows from. */
public final class Settings {
  private static final List<Setting> ALL =
      Stream.of(
              ListenerSettings.ALL,
              PolicySettings.ALL,
              SelectionSettings.ALL,
              CredentialSettings.ALL,
              LimitSettings.ALL,
              TorrentSettings.ALL,
              NodeSettings.ALL)
          .flatMap(List::stream)
          .toList();

  private static final Map<String, Setting> BY_KEY =
      ALL.stream().collect(Collectors.toUnmodifiableMap(Setting::key, Function.identity()));

  private static final Map<String, Setting> BY_ENVIRONMENT_NAME =
      ALL.stream()
          .collect(Collectors.toUnmodifiableMap(Setting::environmentName, Function.identity()));

  private Settings() {}

  /** Returns all settings, section by section, in the order of {@code conf/tracker.yaml}. */
  public static List<Setting> all() {
    return ALL;
  }

  /** Returns the setting of {@code key}, or null if there is none. */
  static @Nullable Setting byKey(String key) {
    return BY_KEY.get(key);
  }

  /** Returns the setting that the environment variable {@code name} sets, or null. */
  static @Nullable Setting byEnvironmentName(String name) {
    return BY_ENVIRONMENT_NAME.get(name);
  }

  /** Returns whether {@code key} is the beginning of keys, such as {@code http}. */
  static boolean isSection(String key) {
    return ALL.stream().anyMatch(setting -> setting.key().startsWith(key + "."));
  }

  /** Returns the fault of {@code key}, which is none of the settings. */
  static String unknownKey(String key, String source) {
    String name = key.isBlank() ? Texts.quoted(key) : Texts.shown(key);
    String fault =
        isSection(key)
            ? "is a section, not a key; write a key such as " + firstBelow(key)
            : "unknown key"
                + Texts.nearest(key, ALL.stream().map(Setting::key))
                    .map(near -> "; did you mean " + near + "?")
                    .orElse("; conf/tracker.yaml lists all keys");
    return name + " (" + source + "): " + fault;
  }

  private static String firstBelow(String section) {
    return ALL.stream()
        .map(Setting::key)
        .filter(key -> key.startsWith(section + "."))
        .findFirst()
        .orElseThrow();
  }
}
