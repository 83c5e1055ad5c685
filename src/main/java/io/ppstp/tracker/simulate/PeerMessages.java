package io.ppstp.tracker.simulate;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.ppstp.tracker.protocol.JsonBuffer;
import io.ppstp.tracker.protocol.SwarmAction;
import io.ppstp.tracker.protocol.SwarmAction.Action;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes the requests of RFC 7846, Section 3.3.3, as peers send them. Stateless. */
public final class PeerMessages {
  private static final byte[] HEAD =
      "{\"PPSPTrackerProtocol\":{\"version\":1,\"request_type\":\"".getBytes(US_ASCII);
  private static final byte[] TRANSACTION_ID = "\",\"transaction_id\":".getBytes(US_ASCII);
  private static final byte[] PEER_ID = ",\"peer_id\":".getBytes(US_ASCII);
  private static final byte[] CONNECT = ",\"connect\":{".getBytes(US_ASCII);
  private static final byte[] FIND = ",\"find\":{\"swarm_id\":".getBytes(US_ASCII);
  private static final byte[] PEER_NUM = "\"peer_num\":{\"peer_count\":".getBytes(US_ASCII);
  private static final byte[] PEER_ADDR =
      "\"peer_addr\":[{\"ip_address\":{\"address_type\":\"ipv4\",\"address\":".getBytes(US_ASCII);
  private static final byte[] PORT = "},\"port\":".getBytes(US_ASCII);
  private static final byte[] END_PEER_ADDR =
      ",\"priority\":1,\"type\":\"HOST\"}],".getBytes(US_ASCII);
  private static final byte[] SWARM_ACTION = "\"swarm_action\":[".getBytes(US_ASCII);
  private static final byte[] SWARM_ID = "{\"swarm_id\":".getBytes(US_ASCII);
  private static final byte[] ACTION = ",\"action\":\"".getBytes(US_ASCII);
  private static final byte[] PEER_MODE = "\",\"peer_mode\":\"".getBytes(US_ASCII);
  private static final byte[] STAT_REPORT =
      ",\"stat_report\":{\"type\":\"STREAM_STATS\",\"stat\":[{\"swarm_id\":".getBytes(US_ASCII);
  private static final byte[] UPLOADED = ",\"uploaded_bytes\":".getBytes(US_ASCII);
  private static final byte[] DOWNLOADED = ",\"downloaded_bytes\":".getBytes(US_ASCII);
  private static final byte[] END_STAT =
      ",\"available_bandwidth\":8000000,\"concurrent_links\":12}]}".getBytes(US_ASCII);
  private static final byte[] END = "}}".getBytes(US_ASCII);
  private static final int TYPICAL_BYTES = 512;

  private PeerMessages() {}

  /** An IPv4 address and a port at which a peer says that it serves others. */
  public record Candidate(String ipv4, int port) {}

  /**
   * Returns a CONNECT (Section 4.1.1).
   *
   * @param address what the peer advertises, null for nothing
   * @param peerCount how many peers a list shall have, negative to leave it to the tracker
   */
  public static byte[] connect(
      String peerId,
      String transactionId,
      @Nullable Candidate address,
      int peerCount,
      List<SwarmAction> actions) {
    JsonBuffer out = head("CONNECT", peerId, transactionId).raw(CONNECT);
    if (peerCount >= 0) {
      out.raw(PEER_NUM).number(peerCount).raw('}').raw(',');
    }
    if (address != null) {
      out.raw(PEER_ADDR).string(address.ipv4()).raw(PORT).number(address.port());
      out.raw(END_PEER_ADDR);
    }
    out.raw(SWARM_ACTION);
    for (int i = 0; i < actions.size(); i++) {
      if (i > 0) {
        out.raw(',');
      }
      action(out, actions.get(i));
    }
    return out.raw(']').raw('}').raw(END).toByteArray();
  }

  private static void action(JsonBuffer out, SwarmAction action) {
    out.raw(SWARM_ID).string(action.swarmId()).raw(ACTION);
    out.raw(action.action().name().getBytes(US_ASCII));
    if (action.action() == Action.JOIN && action.mode() != null) {
      out.raw(PEER_MODE).raw(action.mode().name().getBytes(US_ASCII));
    }
    out.raw('"').raw('}');
  }

  /**
   * Returns a FIND (Section 4.1.2).
   *
   * @param peerCount how many peers the list shall have, negative to leave it to the tracker
   */
  public static byte[] find(String peerId, String transactionId, String swarmId, int peerCount) {
    JsonBuffer out = head("FIND", peerId, transactionId).raw(FIND).string(swarmId);
    if (peerCount >= 0) {
      out.raw(',').raw(PEER_NUM).number(peerCount).raw('}');
    }
    return out.raw('}').raw(END).toByteArray();
  }

  /** Returns a STAT_REPORT (Section 4.1.3) on one swarm. */
  public static byte[] statReport(
      String peerId, String transactionId, String swarmId, long uploaded, long downloaded) {
    return head("STAT_REPORT", peerId, transactionId)
        .raw(STAT_REPORT)
        .string(swarmId)
        .raw(UPLOADED)
        .number(uploaded)
        .raw(DOWNLOADED)
        .number(downloaded)
        .raw(END_STAT)
        .raw(END)
        .toByteArray();
  }

  private static JsonBuffer head(String type, String peerId, String transactionId) {
    return new JsonBuffer(TYPICAL_BYTES)
        .raw(HEAD)
        .raw(type.getBytes(US_ASCII))
        .raw(TRANSACTION_ID)
        .string(transactionId)
        .raw(PEER_ID)
        .string(peerId);
  }
}
