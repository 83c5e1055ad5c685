package io.ppstp.tracker.security;

import io.ppstp.tracker.protocol.Request;
import io.ppstp.tracker.protocol.StreamStats;
import io.ppstp.tracker.protocol.SwarmAction;
import java.util.List;

/**
 * Somebody who has proved who they are, and what they may do; immutable.
 *
 * @param name unique within its scheme, for logs and for limits per identity
 * @param scheme of the proof, such as {@code digest}
 * @param peerIds the peer IDs that it may use
 * @param swarms the swarms that it may join, ask for and report on
 */
public record Identity(String name, String scheme, Permissions peerIds, Permissions swarms) {

  /** Returns whether {@code request} speaks for an own peer ID and of allowed swarms only. */
  public boolean permits(Request request) {
    return peerIds.allows(request.peerId()) && permitsSwarms(request);
  }

  private boolean permitsSwarms(Request request) {
    return swarms.equals(Permissions.ANY) || swarmsOf(request).stream().allMatch(swarms::allows);
  }

  /** Returns the swarms that {@code request} is about. */
  static List<String> swarmsOf(Request request) {
    if (request instanceof Request.Connect connect) {
      return connect.actions().stream().map(SwarmAction::swarmId).toList();
    }
    if (request instanceof Request.Find find) {
      return List.of(find.swarmId());
    }
    return ((Request.StatReport) request).stats().stream().map(StreamStats::swarmId).toList();
  }
}
