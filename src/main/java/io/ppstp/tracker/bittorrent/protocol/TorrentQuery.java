package io.ppstp.tracker.bittorrent.protocol;

import java.util.List;

/** What a BitTorrent client asks; immutable. Hashes and peer IDs are 40 digits of hexadecimal. */
public sealed interface TorrentQuery {

  /** What a client announces besides that it is there. */
  enum Event {
    NONE,
    STARTED,
    COMPLETED,
    STOPPED
  }

  /**
   * An announce (BEP 3). What a client says of its own address is not among it.
   *
   * @param port 0 to 65535; 0 of a client that nobody can reach
   * @param complete whether the client has nothing left to fetch
   * @param wanted the peers it asks for, {@link #NOT_STATED} if it does not say
   */
  record Announce(
      String infoHash, String peerId, int port, boolean complete, Event event, int wanted)
      implements TorrentQuery {
    /** As many peers as the tracker likes to list. */
    public static final int NOT_STATED = -1;
  }

  /** A scrape of some swarms (BEP 48), in ascending order, none twice. */
  record Scrape(List<String> infoHashes) implements TorrentQuery {
    /** Copies the list. */
    public Scrape {
      infoHashes = List.copyOf(infoHashes);
    }
  }

  /** What cannot be followed. */
  record Malformed(String reason) implements TorrentQuery {}
}
