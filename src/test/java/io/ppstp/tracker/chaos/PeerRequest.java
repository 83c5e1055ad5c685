package io.ppstp.tracker.chaos;

import io.ppstp.tracker.protocol.SwarmAction;
import io.ppstp.tracker.protocol.SwarmAction.Action;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import io.ppstp.tracker.testing.Message;
import java.util.List;
import java.util.stream.Collectors;

/** A request of a peer; it and its transaction ID stay the same when it is repeated. Immutable. */
sealed interface PeerRequest {
  /** What the lists of all questions ask for: the most that a tracker tells. */
  int LISTED = 29;

  /** A public address: it is told to peers that are seen from elsewhere too. */
  String ADDRESS = "20.0.2.1";

  /** Returns its transaction ID. */
  String transaction();

  /** Returns it as {@code peer} sends it. */
  Message message(String peer);

  /** A CONNECT. */
  record Connect(String transaction, List<SwarmAction> actions) implements PeerRequest {
    @Override
    public Message message(String peer) {
      int port = 1024 + Math.floorMod(peer.hashCode(), 60_000);
      Message message = Message.connect(peer, transaction).address(ADDRESS, port);
      for (SwarmAction action : actions) {
        if (action.leaves()) {
          message.leave(action.swarmId());
        } else if (action.joinsAs(PeerMode.SEEDER)) {
          message.joinAsSeeder(action.swarmId());
        } else {
          message.joinAsLeech(action.swarmId());
        }
      }
      return message;
    }

    /** Returns whether an action names {@code swarm}. */
    boolean names(String swarm) {
      return actions.stream().anyMatch(action -> action.swarmId().equals(swarm));
    }

    @Override
    public String toString() {
      return actions.stream()
          .map(Connect::shortly)
          .collect(Collectors.joining(" ", "CONNECT " + transaction + " ", ""));
    }

    private static String shortly(SwarmAction action) {
      String mode = action.mode() == null ? "" : " as " + action.mode();
      return (action.action() == Action.JOIN ? "+" : "-") + action.swarmId() + mode;
    }
  }

  /** A FIND. */
  record Find(String transaction, String swarm) implements PeerRequest {
    @Override
    public Message message(String peer) {
      return Message.find(peer, transaction, swarm).peerCount(LISTED);
    }

    @Override
    public String toString() {
      return "FIND " + transaction + " " + swarm;
    }
  }

  /** A STAT_REPORT; without swarms it only shows that the peer lives. */
  record Report(String transaction, List<String> swarms) implements PeerRequest {
    @Override
    public Message message(String peer) {
      return Message.statReport(peer, transaction, swarms.toArray(String[]::new));
    }

    @Override
    public String toString() {
      return "STAT_REPORT " + transaction + " " + swarms;
    }
  }
}
