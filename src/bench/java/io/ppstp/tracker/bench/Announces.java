package io.ppstp.tracker.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * What a BitTorrent tracker is asked by viewers as many as an {@link Audience} has: announces for
 * 30 peers, the compact form. Immutable.
 */
record Announces(Audience audience) {
  private static final int LISTED = 30;
  private static final int COMPACT_PEER_BYTES = 6;

  private static String infoHash(int torrent) {
    return "torrent-%012d".formatted(torrent);
  }

  /** Returns the info hashes in hex, as a white list names them. */
  List<String> whiteList() {
    List<String> hashes = new ArrayList<>();
    for (int torrent = 0; torrent < audience.channels(); torrent++) {
      StringBuilder hex = new StringBuilder();
      infoHash(torrent).chars().forEach(c -> hex.append("%02x".formatted(c)));
      hashes.add(hex.toString());
    }
    return hashes;
  }

  /** Returns the plan: every viewer announces over and over; the first round is the arrival. */
  Plan plan() {
    List<Script> scripts = new ArrayList<>();
    for (int connection = 0; connection < audience.connections(); connection++) {
      Ring ring = new Ring();
      for (int i = 0; i < audience.perConnection(); i++) {
        ring.add(0, announce(connection * audience.perConnection() + i));
      }
      scripts.add(ring);
    }
    // Until the swarms are filled an answer is shorter.
    return new Plan(List.of("announce"), List.of(COMPACT_PEER_BYTES * 2), scripts);
  }

  private byte[] announce(int viewer) {
    return Http.get(
        "/announce?info_hash="
            + infoHash(viewer % audience.channels())
            + "&peer_id=-BN0001-"
            + "%012d".formatted(viewer)
            + "&port="
            + (10_000 + viewer)
            + "&uploaded=0&downloaded=0&left=1000&compact=1&numwant="
            + LISTED);
  }
}
