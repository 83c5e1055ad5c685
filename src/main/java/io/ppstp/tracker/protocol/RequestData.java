package io.ppstp.tracker.protocol;

import com.fasterxml.jackson.core.JsonParser;
import io.ppstp.tracker.protocol.MessageCursor.MalformedException;
import io.ppstp.tracker.protocol.Request.StreamStats;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import java.io.IOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the request_data of each request type (RFC 7846, Section 3.3.3 and Table 5). Stateless;
 * unknown members are skipped.
 */
final class RequestData {
  private static final String STREAM_STATS = "STREAM_STATS";

  private RequestData() {}

  record ConnectData(
      @Nullable PeerNum peerNum, List<PeerAddress> addresses, List<SwarmAction> actions) {}

  record FindData(String swarmId, @Nullable PeerNum peerNum) {}

  static ConnectData connect(MessageCursor in) throws IOException, MalformedException {
    in.expectObject("connect");
    JsonParser parser = in.parser();
    PeerNum peerNum = null;
    List<PeerAddress> addresses = List.of();
    List<SwarmAction> actions = null;
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      parser.nextToken();
      switch (name) {
        case "peer_num", "peer_number" -> peerNum = peerNum(in, name, peerNum);
        case "peer_addr" -> addresses = addresses(in);
        case "swarm_action" -> actions = in.oneOrMany(name, PeerElements::swarmAction);
        default -> parser.skipChildren();
      }
    }
    if (actions == null || actions.isEmpty()) {
      throw new MalformedException("swarm_action is missing");
    }
    refuseContradictions(actions);
    return new ConnectData(peerNum, addresses, List.copyOf(actions));
  }

  static FindData find(MessageCursor in) throws IOException, MalformedException {
    in.expectObject("find");
    JsonParser parser = in.parser();
    String swarmId = null;
    PeerNum peerNum = null;
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      parser.nextToken();
      switch (name) {
        case "swarm_id" -> swarmId = in.identifier(name, in.rules().swarmId());
        case "peer_num", "peer_number" -> peerNum = peerNum(in, name, peerNum);
        default -> parser.skipChildren();
      }
    }
    return new FindData(PeerElements.required(swarmId, "swarm_id"), peerNum);
  }

  /** Returns the statistics; none for a keep-alive or a property type unknown here (3.2.5). */
  static List<StreamStats> statReport(MessageCursor in) throws IOException, MalformedException {
    in.expectObject("stat_report");
    JsonParser parser = in.parser();
    String type = null;
    List<StreamStats> stats = null;
    MalformedException statFault = null;
    Set<Leniency> before = in.leniencies();
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      parser.nextToken();
      switch (name) {
        case "type" -> type = in.string(name);
        case "stat", "Stat" -> {
          if (stats != null || statFault != null) {
            throw new MalformedException("both stat and Stat are present");
          }
          int depth = in.depthAroundValue();
          try {
            stats = stats(in, name);
          } catch (MalformedException e) {
            // Another property type may have other members: its stat is not ours to judge.
            statFault = e;
            in.skipToDepth(depth);
          }
        }
        default -> parser.skipChildren();
      }
    }
    if (stats == null && statFault == null) {
      return List.of();
    }
    if (!PeerElements.required(type, "type").equals(STREAM_STATS)) {
      in.forgetNotedAfter(before);
      return List.of();
    }
    if (statFault != null) {
      throw statFault;
    }
    List<StreamStats> reported = PeerElements.required(stats, "stat");
    refuseTwins(reported);
    return List.copyOf(reported);
  }

  /** Which of two reports on a swarm is the true one nobody could say. */
  private static void refuseTwins(List<StreamStats> stats) throws MalformedException {
    if (stats.size() == 1) {
      return;
    }
    Set<String> swarms = new HashSet<>();
    for (StreamStats stat : stats) {
      if (!swarms.add(stat.swarmId())) {
        throw new MalformedException("the same swarm stands in two stats");
      }
    }
  }

  private static List<StreamStats> stats(MessageCursor in, String name)
      throws IOException, MalformedException {
    if (name.equals("Stat")) {
      in.note(Leniency.STAT_CAPITALISED);
    }
    return in.oneOrMany(name, PeerElements::streamStats);
  }

  /** Reads {@code peer_num} or its other name, refusing both at once. */
  static PeerNum peerNum(MessageCursor in, String name, @Nullable PeerNum earlier)
      throws IOException, MalformedException {
    if (earlier != null) {
      throw new MalformedException("both peer_num and peer_number are present");
    }
    if (name.equals("peer_number")) {
      in.note(Leniency.PEER_NUMBER);
    }
    return PeerElements.peerNum(in);
  }

  private static List<PeerAddress> addresses(MessageCursor in)
      throws IOException, MalformedException {
    List<PeerAddress> all = in.oneOrMany("peer_addr", PeerElements::address);
    if (all.isEmpty()) {
      throw new MalformedException("peer_addr is empty");
    }
    return all.stream()
        .distinct()
        .sorted(Comparator.comparingLong(PeerAddress::priority).reversed())
        .limit(in.rules().addresses())
        .toList();
  }

  /** A swarm may stand twice only to change from LEECH to SEEDER: LEAVE and JOIN in one CONNECT. */
  private static void refuseContradictions(List<SwarmAction> actions) throws MalformedException {
    if (actions.size() == 1) {
      return;
    }
    Map<String, SwarmAction> seen = new HashMap<>();
    for (SwarmAction action : actions) {
      SwarmAction earlier = seen.put(action.swarmId(), action);
      if (earlier != null && !changesMode(earlier, action) && !changesMode(action, earlier)) {
        throw new MalformedException("the same swarm stands in two actions");
      }
      if (earlier != null && seen.put(action.swarmId() + '\0', action) != null) {
        throw new MalformedException("the same swarm stands in three actions");
      }
    }
  }

  private static boolean changesMode(SwarmAction leave, SwarmAction join) {
    return leave.leaves() && leave.mode() != PeerMode.SEEDER && join.joinsAs(PeerMode.SEEDER);
  }
}
