package io.ppstp.tracker.app;

import io.ppstp.tracker.bus.EventSink;
import io.ppstp.tracker.bus.TrackerEvent;
import io.ppstp.tracker.config.ConfigLoader.ConfigException;
import io.ppstp.tracker.config.ConfigLoader.LoadedConfig;
import io.ppstp.tracker.config.ConfigView;
import io.ppstp.tracker.config.ConfigView.ConfigValue;
import io.ppstp.tracker.config.Live;
import io.ppstp.tracker.config.TrackerConfig;
import io.ppstp.tracker.security.Reloadable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The settings, of which those under {@code limits} and the lists of allowed swarms can change
 * while the tracker runs; the others wait for a restart, and the log says so. Thread-safe.
 */
final class LiveSettings implements Reloadable {
  private static final Logger LOG = LoggerFactory.getLogger(LiveSettings.class);
  private static final String LIVE_SECTION = "limits.";
  private static final Set<String> LIVE_LISTS = Set.of("webtorrent.allowed", "bittorrent.allowed");

  /** What listeners take when they start to listen, and never again. */
  private static final String FIXED_LIMIT = "limits.headers";

  private final ConfigSource source;
  private final TrackerConfig atStart;
  private final Live<TrackerConfig> live;
  private final Map<String, String> sourcesAtStart;
  private volatile Map<String, String> sources;
  private volatile BiConsumer<TrackerConfig, TrackerConfig> publisher = (before, after) -> {};

  /** Begins with {@code atStart}, which {@code source} gave. Reads files. */
  LiveSettings(ConfigSource source, TrackerConfig atStart) {
    this.sourcesAtStart = sourcesOf(source);
    this.sources = sourcesAtStart;
    this.source = source;
    this.atStart = atStart;
    this.live = new Live<>(atStart);
  }

  private static Map<String, String> sourcesOf(ConfigSource source) {
    try {
      return source.read().sources();
    } catch (ConfigException e) {
      // It has changed for the worse since it was read, a moment ago.
      return Map.of();
    }
  }

  /** Returns the configuration in force; followers take of it what can change, and nothing else. */
  Live<TrackerConfig> live() {
    return live;
  }

  /** Returns what {@code derive} makes of the configuration in force, whenever it changes. */
  <T> Live<T> derive(Function<TrackerConfig, T> derive) {
    Live<T> derived = new Live<>(derive.apply(live.now()));
    follow(changed -> derived.change(derive.apply(changed)));
    return derived;
  }

  /** Has {@code follower} told of every new configuration, of which it may take the limits. */
  void follow(Consumer<TrackerConfig> follower) {
    live.follow(follower);
  }

  /** Returns what is in force: at the start and, of what can change, since. */
  List<ConfigValue> inForce() {
    List<ConfigValue> first = ConfigView.of(atStart, sourcesAtStart, LiveSettings::isLive);
    List<ConfigValue> now = ConfigView.of(live.now(), sources, LiveSettings::isLive);
    List<ConfigValue> inForce = new ArrayList<>(first.size());
    for (int i = 0; i < first.size(); i++) {
      inForce.add(first.get(i).live() ? now.get(i) : first.get(i));
    }
    return inForce;
  }

  /** Publishes to {@code events} from now on which settings a new configuration has changed. */
  void publishTo(EventSink events, InstantSource clock) {
    publisher =
        (before, after) -> {
          List<String> changed = ConfigView.differences(before, after);
          if (!changed.isEmpty()) {
            events.publish(
                new TrackerEvent.Configured(
                    clock.millis(),
                    changed.stream().filter(LiveSettings::isLive).toList(),
                    changed.stream().filter(key -> !isLive(key)).toList()));
          }
        };
  }

  @Override
  public String name() {
    return "settings";
  }

  @Override
  public Set<Path> files() {
    return source.file() == null ? Set.of() : Set.of(source.file());
  }

  @Override
  public void reload() throws IOException {
    try {
      TrackerConfig before = live.now();
      LoadedConfig read = source.read();
      TrackerConfig next = read.config();
      sources = read.sources();
      live.change(next);
      publisher.accept(before, next);
      List<String> waiting =
          ConfigView.differences(atStart, next).stream().filter(key -> !isLive(key)).toList();
      if (!waiting.isEmpty()) {
        LOG.warn("changed, but in force only after a restart: {}", String.join(", ", waiting));
      }
    } catch (ConfigException e) {
      throw new IOException(String.join("; ", e.faults()), e);
    }
  }

  private static boolean isLive(String key) {
    return LIVE_LISTS.contains(key) || (key.startsWith(LIVE_SECTION) && !key.equals(FIXED_LIMIT));
  }
}
