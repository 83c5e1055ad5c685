package io.ppstp.tracker.webtorrent;

import io.ppstp.tracker.domain.TorrentIds;
import io.ppstp.tracker.membership.AllowedSwarms;
import io.ppstp.tracker.webtorrent.protocol.Bytes20;
import io.ppstp.tracker.webtorrent.protocol.MediaStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads which swarms an operator lets browsers use. Stateless. */
public final class AllowedStreams {
  private static final String DIGITS = "[0-9a-f]{" + 2 * Bytes20.LENGTH + "}";

  private AllowedStreams() {}

  /**
   * Reads the setting {@code webtorrent.allowed}. Several streams may be one swarm: then it has the
   * names of all their channels.
   *
   * @param written hashes in hexadecimal, and streams as {@link MediaStream#parse} has them
   */
  public static AllowedSwarms of(List<String> written) {
    Map<String, List<String>> channels = new HashMap<>();
    for (String item : written) {
      String hash = item.toLowerCase(Locale.ROOT);
      if (hash.matches(DIGITS)) {
        channels.computeIfAbsent(hash, first -> new ArrayList<>(1));
        continue;
      }
      MediaStream stream = MediaStream.parse(item);
      List<String> names =
          channels.computeIfAbsent(Bytes20.hex(stream.infoHash()), first -> new ArrayList<>(1));
      if (!names.contains(stream.swarmId())) {
        names.add(stream.swarmId());
      }
    }
    return new AllowedSwarms(TorrentIds::webTorrent, channels);
  }
}
