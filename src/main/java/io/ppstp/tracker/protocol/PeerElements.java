package io.ppstp.tracker.protocol;

import com.fasterxml.jackson.core.JsonParser;
import io.ppstp.tracker.protocol.MessageCursor.MalformedException;
import io.ppstp.tracker.protocol.PeerAddress.AccessType;
import io.ppstp.tracker.protocol.PeerAddress.AddressType;
import io.ppstp.tracker.protocol.PeerNum.NatAbility;
import io.ppstp.tracker.protocol.Request.StreamStats;
import io.ppstp.tracker.protocol.SwarmAction.Action;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the resource elements of RFC 7846, Section 3.2: peer number, address, swarm action and
 * statistics. Stateless; unknown members are skipped (Section 4.4).
 */
final class PeerElements {
  private static final double FULL_BATTERY_PERCENT = 100;

  /** What a stream of some quality takes. */
  private static final double SLOW_DOWNLINK_KBPS = 3000;

  private static final String CELLULAR = "cellular";

  private static final int HIGHEST_PORT = 65_535;

  private PeerElements() {}

  static PeerNum peerNum(MessageCursor in) throws IOException, MalformedException {
    in.expectObject("peer_num");
    JsonParser parser = in.parser();
    long peerCount = PeerNum.NOT_STATED;
    NatAbility natAbility = null;
    long links = PeerNum.NOT_STATED;
    long onlineTime = PeerNum.NOT_STATED;
    long bandwidth = PeerNum.NOT_STATED;
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      parser.nextToken();
      switch (name) {
        case "peer_count" -> peerCount = peerCount(in);
        case "ability_nat" -> natAbility = natAbility(in);
        case "concurrent_links" -> links = MessageNumbers.countOrLevel(in, name);
        case "online_time" -> onlineTime = MessageNumbers.countOrLevel(in, name);
        case "upload_bandwidth" -> bandwidth = MessageNumbers.countOrLevel(in, name);
        default -> parser.skipChildren();
      }
    }
    if (peerCount == PeerNum.NOT_STATED) {
      in.note(Leniency.PEER_COUNT_MISSING);
    }
    return new PeerNum(peerCount, natAbility, links, onlineTime, bandwidth);
  }

  private static @Nullable NatAbility natAbility(MessageCursor in)
      throws IOException, MalformedException {
    return in.anyCaseOr(
        Leniency.UNKNOWN_NAT_ABILITY, "ability_nat", NatAbility.values(), NatAbility::name);
  }

  private static long peerCount(MessageCursor in) throws IOException, MalformedException {
    long count = MessageNumbers.count(in, "peer_count");
    if (count >= 30) {
      in.note(Leniency.PEER_COUNT_OVER_MAXIMUM);
    }
    return Math.min(count, in.rules().peerListMaximum());
  }

  static PeerAddress address(MessageCursor in) throws IOException, MalformedException {
    in.expectObject("peer_addr");
    JsonParser parser = in.parser();
    IpAddress ip = null;
    int port = 0;
    long priority = -1;
    AddressType type = null;
    AccessType access = null;
    String asn = null;
    String peerProtocol = null;
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      parser.nextToken();
      switch (name) {
        case "ip_address" -> ip = ipAddress(in);
        case "port" -> port = MessageNumbers.countUpTo(in, name, 1, HIGHEST_PORT);
        case "priority" -> priority = MessageNumbers.count(in, name);
        case "type" -> type = in.anyCase(name, AddressType.values());
        case "connection" -> access = access(in);
        case "asn" -> asn = MessageNumbers.asn(in);
        case "peer_protocol" -> peerProtocol = in.word(name, Leniency.UNKNOWN_PEER_PROTOCOL);
        default -> parser.skipChildren();
      }
    }
    if (port == 0 || priority < 0) {
      throw new MalformedException("peer_addr lacks port or priority");
    }
    return new PeerAddress(
        required(ip, "ip_address"),
        port,
        priority,
        required(type, "type"),
        access,
        asn,
        peerProtocol);
  }

  /** Access types are printed in lower case by the RFC, unlike all other words. */
  private static @Nullable AccessType access(MessageCursor in)
      throws IOException, MalformedException {
    AccessType known =
        in.anyCaseOr(
            Leniency.UNKNOWN_ACCESS_TYPE, "connection", AccessType.values(), AccessType::wireName);
    // Browsers' Network Information API calls it so.
    boolean cellular = known == null && CELLULAR.equalsIgnoreCase(in.parser().getText());
    return cellular ? AccessType.WIRELESS : known;
  }

  private static IpAddress ipAddress(MessageCursor in) throws IOException, MalformedException {
    in.expectObject("ip_address");
    JsonParser parser = in.parser();
    String family = null;
    IpAddress ip = null;
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      parser.nextToken();
      switch (name) {
        case "address_type" -> family = in.string(name);
        case "address" -> ip = IpAddress.parse(in.string(name));
        default -> parser.skipChildren();
      }
    }
    if (ip == null) {
      throw new MalformedException("address is missing or not an IP address");
    }
    String actual = ip.isV4() ? "ipv4" : "ipv6";
    if (!actual.equalsIgnoreCase(family)) {
      throw new MalformedException("address_type is missing or disagrees with the address");
    }
    if (!actual.equals(family)) {
      in.note(Leniency.ENUM_CASE);
    }
    return ip.unmapped();
  }

  static SwarmAction swarmAction(MessageCursor in) throws IOException, MalformedException {
    in.expectObject("swarm_action");
    JsonParser parser = in.parser();
    String swarmId = null;
    Action action = null;
    PeerMode mode = null;
    MalformedException modeFault = null;
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      parser.nextToken();
      switch (name) {
        case "swarm_id" -> swarmId = in.identifier(name, in.rules().swarmId());
        case "action" -> action = in.exactly(name, Action.values());
        case "peer_mode" -> {
          int depth = in.depthAroundValue();
          try {
            mode = in.anyCase(name, PeerMode.values());
          } catch (MalformedException e) {
            modeFault = e;
            in.skipToDepth(depth);
          }
        }
        default -> parser.skipChildren();
      }
    }
    // A LEAVE counts "regardless of the peer mode" (Section 4.1.1), whatever stands there.
    if (action == Action.JOIN && modeFault != null) {
      throw modeFault;
    }
    if (action == Action.JOIN && mode == null) {
      throw new MalformedException("peer_mode is missing");
    }
    return new SwarmAction(required(swarmId, "swarm_id"), required(action, "action"), mode);
  }

  static StreamStats streamStats(MessageCursor in) throws IOException, MalformedException {
    in.expectObject("stat");
    JsonParser parser = in.parser();
    String swarmId = null;
    long uploaded = -1;
    long downloaded = -1;
    long bandwidth = -1;
    long links = -1;
    boolean constrained = false;
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      parser.nextToken();
      switch (name) {
        case "swarm_id" -> swarmId = in.identifier(name, in.rules().swarmId());
        case "uploaded_bytes" -> uploaded = MessageNumbers.count(in, name);
        case "downloaded_bytes" -> downloaded = MessageNumbers.count(in, name);
        case "available_bandwidth" -> bandwidth = MessageNumbers.count(in, name);
        case "concurrent_links" -> links = MessageNumbers.count(in, name);
        case "battery" -> constrained |= isBelow(in, FULL_BATTERY_PERCENT);
        case "downlink" -> constrained |= isBelow(in, SLOW_DOWNLINK_KBPS);
        default -> parser.skipChildren();
      }
    }
    if (uploaded < 0 || downloaded < 0 || bandwidth < 0 || links < 0) {
      throw new MalformedException("stat lacks a counter");
    }
    return new StreamStats(
        required(swarmId, "swarm_id"), uploaded, downloaded, bandwidth, links, constrained);
  }

  /**
   * Returns whether a member that is not the RFC's is a number below a bound. Others may call
   * something else so, which is as good as a member that is not known.
   */
  private static boolean isBelow(MessageCursor in, double bound) throws IOException {
    JsonParser parser = in.parser();
    if (parser.currentToken().isNumeric()) {
      double value = parser.getDoubleValue();
      return value >= 0 && value < bound;
    }
    parser.skipChildren();
    return false;
  }

  static <T> T required(@Nullable T value, String member) throws MalformedException {
    if (value == null) {
      throw new MalformedException(member + " is missing");
    }
    return value;
  }
}
