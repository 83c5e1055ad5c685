package io.ppstp.tracker.domain;

import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.protocol.Request;
import io.ppstp.tracker.protocol.Request.StreamStats;
import io.ppstp.tracker.protocol.SwarmAction;

/**
 * The IDs of the peers and swarms of the WebTorrent protocol, which live in the same store as those
 * of RFC 7846 and begin with {@code wt:}. No request of RFC 7846 may name such an ID: what browsers
 * are told of each other would be anybody's to say. Stateless.
 */
public final class WebTorrentIds {
  /** What all of them begin with, and no others. */
  public static final String PREFIX = "wt:";

  private WebTorrentIds() {}

  /** Returns the swarm of a hash in hexadecimal. */
  public static SwarmKey swarm(String infoHash) {
    return new SwarmKey(PREFIX + infoHash);
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

  /** Returns whether {@code id} is one of these. */
  public static boolean isOne(String id) {
    return id.startsWith(PREFIX);
  }
}
