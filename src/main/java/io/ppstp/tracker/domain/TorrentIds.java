package io.ppstp.tracker.domain;

import io.ppstp.tracker.domain.address.Origin.AddressRules;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.protocol.Request;
import io.ppstp.tracker.protocol.Request.StreamStats;
import io.ppstp.tracker.protocol.SwarmAction;

/**
 * The IDs of the peers and swarms of other protocols, which live in the same store as those of RFC
 * 7846: those of browsers begin with {@code wt:}, those of BitTorrent clients with {@code bt:}. No
 * request of RFC 7846 may name such an ID: what they are told of each other would be anybody's to
 * say. The same hash is two swarms, for browsers and other clients cannot reach each other.
 * Stateless.
 */
public final class TorrentIds {
  /** What all of those of browsers begin with, and no others. */
  public static final String WEBTORRENT_PREFIX = "wt:";

  /** What all of those of BitTorrent clients begin with, and no others. */
  public static final String BITTORRENT_PREFIX = "bt:";

  private TorrentIds() {}

  /** Returns the swarm of browsers of a hash in hexadecimal. */
  public static SwarmKey webTorrent(String infoHash) {
    return new SwarmKey(WEBTORRENT_PREFIX + infoHash);
  }

  /** Returns the swarm of BitTorrent clients of a hash in hexadecimal. */
  public static SwarmKey bitTorrent(String infoHash) {
    return new SwarmKey(BITTORRENT_PREFIX + infoHash);
  }

  /** Returns whether a request of RFC 7846 names an ID that is not for it. */
  public static boolean isNamedBy(Request request) {
    if (isOne(request.peerId())) {
      return true;
    }
    if (request instanceof Request.Connect connect) {
      for (SwarmAction action : connect.actions()) {
        if (isOne(action.swarmId())) {
          return true;
        }
      }
    } else if (request instanceof Request.StatReport report) {
      for (StreamStats stats : report.stats()) {
        if (isOne(stats.swarmId())) {
          return true;
        }
      }
    }
    return request instanceof Request.Find find && isOne(find.swarmId());
  }

  /** Returns whether an ID is that of a peer, or a swarm, of another protocol. */
  public static boolean isOne(String id) {
    return id.startsWith(WEBTORRENT_PREFIX) || id.startsWith(BITTORRENT_PREFIX);
  }

  /**
   * Returns {@code rules} as they hold for a peer: of those of other protocols no port is taken for
   * granted, for a BitTorrent client says itself that it has none, and a browser never has.
   */
  static AddressRules rulesFor(String peerId, AddressRules rules) {
    return rules.defaultPort() != 0 && isOne(peerId)
        ? new AddressRules(rules.proofRequired(), rules.privateConfined(), 0)
        : rules;
  }

  /**
   * Returns the protocol of who has an ID: {@code webtorrent}, {@code bittorrent} or {@code ppstp}.
   */
  public static String protocolOf(String id) {
    if (id.startsWith(WEBTORRENT_PREFIX)) {
      return "webtorrent";
    }
    return id.startsWith(BITTORRENT_PREFIX) ? "bittorrent" : "ppstp";
  }
}
