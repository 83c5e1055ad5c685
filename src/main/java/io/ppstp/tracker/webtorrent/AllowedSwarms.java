package io.ppstp.tracker.webtorrent;

import io.ppstp.tracker.domain.TorrentIds;
import io.ppstp.tracker.webtorrent.protocol.Bytes20;
import io.ppstp.tracker.webtorrent.protocol.MediaStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The swarms that an operator lets browsers use, and the names of the channels that they are part
 * of; without any, all swarms may be used. Immutable.
 */
public final class AllowedSwarms {
  /** Lets all swarms be used. */
  static final AllowedSwarms ALL = of(List.of());

  private static final String DIGITS = "[0-9a-f]{" + 2 * Bytes20.LENGTH + "}";

  /** In hexadecimal. */
  private final Set<String> hashes = new HashSet<>();

  private final Map<String, List<String>> channels = new HashMap<>();

  private AllowedSwarms() {}

  /**
   * Reads the setting {@code webtorrent.allowed}.
   *
   * @param written hashes in hexadecimal, and streams as {@link MediaStream#parse} has them
   */
  public static AllowedSwarms of(List<String> written) {
    AllowedSwarms allowed = new AllowedSwarms();
    written.forEach(allowed::add);
    return allowed;
  }

  private void add(String written) {
    String text = written.toLowerCase(Locale.ROOT);
    if (text.matches(DIGITS)) {
      hashes.add(text);
      return;
    }
    MediaStream stream = MediaStream.parse(written);
    String hash = Bytes20.hex(stream.infoHash());
    hashes.add(hash);
    List<String> names = channels.computeIfAbsent(hash, first -> new ArrayList<>(1));
    if (!names.contains(stream.swarmId())) {
      names.add(stream.swarmId());
    }
  }

  /** Returns whether a swarm, by its hash in hexadecimal, may be used. */
  boolean include(String hash) {
    return hashes.isEmpty() || hashes.contains(hash);
  }

  /** Returns whether any swarm may be used. */
  boolean isAll() {
    return hashes.isEmpty();
  }

  /** Returns all names of a swarm: its ID in the store, and those of its channels. */
  List<String> namesOf(String hash) {
    String id = TorrentIds.webTorrent(hash).swarmId();
    List<String> known = channels.getOrDefault(hash, List.of());
    if (known.isEmpty()) {
      return List.of(id);
    }
    List<String> names = new ArrayList<>(known);
    names.add(id);
    return names;
  }
}
