package io.ppstp.tracker.config;

import io.ppstp.tracker.config.Setting.RawValue;
import io.ppstp.tracker.config.text.Texts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads the configuration from everywhere it can be written, and checks it whole.
 *
 * <p>Later wins: built-in default, YAML file, environment, {@code --set}. A value that a later one
 * replaces is checked all the same. One call, one loader; confined to the caller's thread.
 */
public final class ConfigLoader {
  private final List<String> faults = new ArrayList<>();
  private final Map<String, Object> values = new HashMap<>();
  private final Map<String, String> sources = new HashMap<>();
  private final Set<String> faulty = new HashSet<>();

  private ConfigLoader() {}

  /**
   * Returns the configuration with every key at its default.
   *
   * @throws IllegalStateException if the defaults themselves are refused, which the tests rule out
   */
  public static TrackerConfig defaults() {
    try {
      return load(null, Map.of(), List.of());
    } catch (ConfigException e) {
      throw new IllegalStateException("the built-in defaults are at fault", e);
    }
  }

  /**
   * Returns the configuration that the arguments make together.
   *
   * @param file the YAML file, or null for none
   * @param environment the environment; only names that begin with {@code PPSTP_} are looked at
   * @param assignments the {@code key=value} of each {@code --set}, of which the last of a key wins
   * @throws ConfigException if anything is wrong, with all that is wrong
   */
  public static TrackerConfig load(
      @Nullable Path file, Map<String, String> environment, List<String> assignments)
      throws ConfigException {
    return read(file, environment, assignments).config();
  }

  /**
   * As {@link #load}, with where each value was written.
   *
   * @throws ConfigException if anything is wrong, with all that is wrong
   */
  public static LoadedConfig read(
      @Nullable Path file, Map<String, String> environment, List<String> assignments)
      throws ConfigException {
    ConfigLoader loader = new ConfigLoader();
    TrackerConfig config = loader.loadAll(file, environment, assignments);
    return new LoadedConfig(config, loader.sources);
  }

  /**
   * A configuration; immutable.
   *
   * @param sources where the value of each key was written, as faults name it
   */
  public record LoadedConfig(TrackerConfig config, Map<String, String> sources) {
    /** Copies the map. */
    public LoadedConfig {
      sources = Map.copyOf(sources);
    }
  }

  private TrackerConfig loadAll(
      @Nullable Path file, Map<String, String> environment, List<String> assignments)
      throws ConfigException {
    Settings.all()
        .forEach(setting -> read(RawValue.text(setting, setting.defaultText(), "default")));
    List<RawValue> written = file == null ? List.of() : YamlReader.read(file, faults::add);
    if (written != null) {
      written.forEach(this::read);
    }
    new TreeMap<>(environment).forEach(this::readVariable);
    assignments.forEach(this::readAssignment);
    TrackerConfig config = RecordBinder.bind(TrackerConfig.class, values);
    if (written != null) {
      // Without the file's values, what does not fit together may well be the file's absence.
      faults.addAll(CrossChecks.check(config, sources, faulty));
    }
    if (!faults.isEmpty()) {
      throw new ConfigException(faults);
    }
    return config;
  }

  private void readVariable(String name, String text) {
    if (!name.startsWith(Setting.ENVIRONMENT_PREFIX)) {
      return;
    }
    Setting setting = Settings.byEnvironmentName(name);
    if (setting != null) {
      read(RawValue.text(setting, text, name));
      return;
    }
    String advice =
        Texts.nearest(name, Settings.all().stream().map(Setting::environmentName))
            .map(near -> "did you mean " + near + "?")
            .orElse("write PPSTP_ and a key in upper case, such as PPSTP_HTTP_PORT");
    faults.add(Texts.shown(name) + " (environment): unknown variable; " + advice);
  }

  private void readAssignment(String assignment) {
    int equals = assignment.indexOf('=');
    if (equals < 0) {
      faults.add(
          Texts.quoted(assignment) + " (--set): has no '='; write key=value, as http.port=7846");
      return;
    }
    String key = assignment.substring(0, equals).strip();
    Setting setting = Settings.byKey(key);
    if (setting == null) {
      faults.add(Settings.unknownKey(key, "--set"));
    } else {
      read(RawValue.text(setting, assignment.substring(equals + 1), "--set"));
    }
  }

  /** Takes {@code raw} as the value of its key, or notes what is wrong with it. */
  private void read(RawValue raw) {
    String key = raw.setting().key();
    Object value =
        raw.setting()
            .type()
            .read(raw, fault -> faults.add(key + " (" + raw.source() + "): " + fault));
    if (value == null) {
      faulty.add(key);
    } else {
      values.put(key, value);
      sources.put(key, raw.source());
    }
  }

  /** A configuration that was refused, with every fault found in it. */
  public static final class ConfigException extends Exception {
    private static final long serialVersionUID = 1L;

    private final List<String> faults;

    /**
     * Makes the refusal for {@code faults}.
     *
     * @param faults one line each: the key, where its value came from, and what would be right
     */
    public ConfigException(List<String> faults) {
      super(message(faults));
      this.faults = List.copyOf(faults);
    }

    /** Returns the faults in the order they were found, one line each; never empty. */
    public List<String> faults() {
      return faults;
    }

    private static String message(List<String> faults) {
      String count = faults.size() == 1 ? "1 fault" : faults.size() + " faults";
      return "the configuration has " + count + ":\n  " + String.join("\n  ", faults);
    }
  }
}
