package io.ppstp.tracker.it;

import io.ppstp.tracker.it.ClusterLoad.Target;
import io.ppstp.tracker.testing.Management.Held;
import io.ppstp.tracker.testing.Message;
import io.ppstp.tracker.testing.Reply;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Compares what was acknowledged to the peers of a {@link ClusterLoad} with what a node knows.
 * Confined to one thread, and of use only while the load is paused.
 */
final class LoadCheck {
  private final List<LoadPeer> peers;
  private int questions;

  LoadCheck(List<LoadPeer> peers) {
    this.peers = peers;
  }

  /** Returns how many peers, swarms and memberships there are by all that was acknowledged. */
  static Held acknowledged(List<LoadPeer> peers) {
    Set<String> swarms = new HashSet<>();
    long registered = 0;
    long members = 0;
    for (LoadPeer peer : peers) {
      registered += peer.joined.isEmpty() ? 0 : 1;
      members += peer.joined.size();
      swarms.addAll(peer.joined.keySet());
    }
    return new Held(registered, swarms.size(), members);
  }

  /**
   * Asks {@code target} about every membership, those that ended too, and returns what is wrong.
   */
  List<String> contradictions(Target target) throws Exception {
    List<String> wrong = new ArrayList<>();
    for (LoadPeer peer : peers) {
      for (String swarm : peer.joined.keySet()) {
        check(target, peer, swarm, 0, wrong);
      }
      String left = peer.lastLeft;
      if (left != null && !peer.joined.containsKey(left)) {
        check(target, peer, left, 3, wrong);
      }
    }
    return wrong;
  }

  private void check(Target target, LoadPeer peer, String swarm, int wanted, List<String> wrong)
      throws Exception {
    String transaction = "v" + questions++;
    Reply reply = target.client().post(Message.find(peer.id, transaction, swarm));
    if (reply.errorCode() != wanted) {
      wrong.add(
          "%s in %s at %s: wanted %d, got %s%s"
              .formatted(peer.id, swarm, target.name(), wanted, reply.text(), peer.story()));
    }
  }
}
