package io.ppstp.tracker.membership;

import io.ppstp.tracker.domain.swarm.SwarmKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * The swarms of one protocol that an operator lets be used, and the names of the channels that they
 * are part of; without any, all swarms may be used. Immutable.
 */
public final class AllowedSwarms {
  private final Function<String, SwarmKey> key;
  private final Map<String, List<String>> channels;

  /**
   * Makes it.
   *
   * @param key of a swarm in the store, by its hash in hexadecimal, in lower case
   * @param channels names of the channels of each swarm, which may be none, by its hash
   */
  public AllowedSwarms(Function<String, SwarmKey> key, Map<String, List<String>> channels) {
    this.key = key;
    this.channels = Map.copyOf(channels);
  }

  /** Lets all swarms be used whose hash is among {@code hashes}, or all if these are none. */
  public static AllowedSwarms ofHashes(Function<String, SwarmKey> key, List<String> hashes) {
    Map<String, List<String>> channels = new HashMap<>();
    hashes.forEach(hash -> channels.put(hash.toLowerCase(Locale.ROOT), List.of()));
    return new AllowedSwarms(key, channels);
  }

  /** Returns whether a swarm, by its hash in hexadecimal, may be used. */
  boolean include(String hash) {
    return channels.isEmpty() || channels.containsKey(hash);
  }

  /** Returns whether any swarm may be used. */
  boolean isAll() {
    return channels.isEmpty();
  }

  /** Returns all names of a swarm: those of its channels, and its ID in the store. */
  List<String> namesOf(String hash) {
    String id = key.apply(hash).swarmId();
    List<String> known = channels.getOrDefault(hash, List.of());
    if (known.isEmpty()) {
      return List.of(id);
    }
    List<String> names = new ArrayList<>(known);
    names.add(id);
    return names;
  }
}
