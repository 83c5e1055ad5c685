package io.ppstp.tracker.app;

import io.ppstp.tracker.app.process.FileStamps;
import io.ppstp.tracker.app.process.SighupHandler;
import io.ppstp.tracker.config.ConfigLoader;
import io.ppstp.tracker.config.ConfigLoader.ConfigException;
import io.ppstp.tracker.config.ConfigLoader.LoadedConfig;
import io.ppstp.tracker.config.TrackerConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the configuration comes from; immutable, though the file's content may change.
 *
 * @param file the YAML file, null for none
 * @param assignments the {@code key=value} of each {@code --set}
 */
record ConfigSource(
    @Nullable Path file, Map<String, String> environment, List<String> assignments) {

  ConfigSource {
    environment = Map.copyOf(environment);
    assignments = List.copyOf(assignments);
  }

  /** Returns where the configuration comes from, for the log. */
  String describe() {
    return file == null ? "no settings file" : "the settings of " + file;
  }

  /** Reads the configuration. May block. */
  TrackerConfig load() throws ConfigException {
    return read().config();
  }

  /** Reads the configuration, and where each value was written. May block. */
  LoadedConfig read() throws ConfigException {
    return ConfigLoader.read(file, environment, assignments);
  }

  /**
   * What was there before the first setting was read; immutable.
   *
   * @param source of the settings
   * @param files what they looked like then
   * @param sighup takes the signal since then
   */
  record Startup(ConfigSource source, FileStamps files, SighupHandler sighup) {}
}
