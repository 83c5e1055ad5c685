package io.ppstp.tracker.protocol;

import com.fasterxml.jackson.core.JsonToken;
import io.ppstp.tracker.protocol.MessageCursor.MalformedException;
import io.ppstp.tracker.protocol.Request.RequestType;
import io.ppstp.tracker.protocol.Request.StreamStats;
import io.ppstp.tracker.protocol.RequestData.ConnectData;
import io.ppstp.tracker.protocol.RequestData.FindData;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Collects the members of one request while they stream by in any order, and judges them once all
 * are known. One message, one thread.
 *
 * <p>A fault in a member is kept, not thrown: the version is judged before everything else (RFC
 * 7846, Section 4.3), and a member that this request type does not have is no fault at all.
 */
final class RequestEnvelope {
  private enum MessageVersion {
    ONE,
    ONE_SPELLED_OTHERWISE,
    FOREIGN
  }

  /** Longer numbers are no version that anybody writes, and cost more than a look at them. */
  private static final int LONGEST_VERSION = 16;

  private final MessageCursor in;

  private @Nullable MessageVersion version;
  private @Nullable RequestType type;
  private @Nullable String transactionId;
  private @Nullable String peerId;
  private @Nullable ConnectData connect;
  private @Nullable FindData find;
  private @Nullable String flatSwarmId;
  private @Nullable PeerNum flatPeerNum;
  private @Nullable List<StreamStats> stats;

  /** The first fault per member; those of data members count only for their request type. */
  private final Map<String, String> faults = new HashMap<>(0);

  RequestEnvelope(MessageCursor in) {
    this.in = in;
  }

  /** Returns the ID read so far, or an empty string. */
  String transactionId() {
    return transactionId == null ? "" : transactionId;
  }

  /** Returns whether a version was read and is not the one spoken here. */
  boolean hasForeignVersion() {
    return version == MessageVersion.FOREIGN;
  }

  /** Reads one member of the message, the parser being on its value. */
  void read(String name) throws IOException {
    int depth = in.depthAroundValue();
    try {
      readMember(name);
    } catch (MalformedException e) {
      faults.putIfAbsent(name, Objects.requireNonNullElse(e.getMessage(), name));
      in.skipToDepth(depth);
    }
  }

  private void readMember(String name) throws IOException, MalformedException {
    switch (name) {
      case "version" -> version = readVersion();
      case "request_type" -> type = in.exactly(name, RequestType.values());
      case "transaction_id" -> transactionId = in.transactionId();
      case "peer_id" -> peerId = in.identifier(name, in.rules().peerId());
      case "connect" -> connect = RequestData.connect(in);
      case "find" -> find = RequestData.find(in);
      case "swarm_id" -> flatSwarmId = in.identifier(name, in.rules().swarmId());
      case "peer_num", "peer_number" -> flatPeerNum = RequestData.peerNum(in, name, flatPeerNum);
      case "stat_report" -> stats = RequestData.statReport(in);
      default -> in.parser().skipChildren();
    }
  }

  /** Any value is a version: all but 1 are answered with 02. */
  private MessageVersion readVersion() throws IOException {
    JsonToken token = in.parser().currentToken();
    if (token.isStructStart()) {
      in.parser().skipChildren();
      return MessageVersion.FOREIGN;
    }
    String text = in.parser().getText();
    if (token == JsonToken.VALUE_NUMBER_INT && text.equals("1")) {
      return MessageVersion.ONE;
    }
    boolean one =
        text.equals("1")
            || text.equals("1.0")
            || (token == JsonToken.VALUE_NUMBER_FLOAT && isOne(text));
    return one ? MessageVersion.ONE_SPELLED_OTHERWISE : MessageVersion.FOREIGN;
  }

  /** Returns whether a number is 1, however it is spelled: 1e0, 1.00, 10e-1. */
  private static boolean isOne(String number) {
    if (number.length() > LONGEST_VERSION) {
      return false;
    }
    try {
      return new BigDecimal(number).compareTo(BigDecimal.ONE) == 0;
    } catch (NumberFormatException e) {
      // An exponent beyond all measure.
      return false;
    }
  }

  /**
   * Returns the request that the members make.
   *
   * @param digest gives the message's digest, which only a {@link Request.Connect} needs
   * @throws MalformedException if they make none
   */
  Request toRequest(LongSupplier digest) throws MalformedException {
    throwFaultOf("request_type", "transaction_id", "peer_id");
    if (PeerElements.required(version, "version") == MessageVersion.ONE_SPELLED_OTHERWISE) {
      in.note(Leniency.VERSION_SPELLING);
    }
    String transaction = PeerElements.required(transactionId, "transaction_id");
    String peer = PeerElements.required(peerId, "peer_id");
    return switch (PeerElements.required(type, "request_type")) {
      case CONNECT -> {
        throwFaultOf("connect");
        ConnectData data = PeerElements.required(connect, "connect");
        yield new Request.Connect(
            transaction,
            peer,
            digest.getAsLong(),
            data.peerNum(),
            data.addresses(),
            data.actions());
      }
      case FIND -> {
        throwFaultOf("find", "swarm_id", "peer_num", "peer_number");
        FindData data = findData();
        yield new Request.Find(transaction, peer, data.swarmId(), data.peerNum());
      }
      case STAT_REPORT -> {
        throwFaultOf("stat_report");
        yield new Request.StatReport(transaction, peer, stats == null ? List.of() : stats);
      }
    };
  }

  /** FIND's data stand inside {@code find} or, as in the RFC's example, beside it. */
  private FindData findData() throws MalformedException {
    if (flatSwarmId == null && flatPeerNum == null) {
      return PeerElements.required(find, "find");
    }
    in.note(Leniency.FLAT_FIND);
    if (find == null) {
      return new FindData(PeerElements.required(flatSwarmId, "swarm_id"), flatPeerNum);
    }
    boolean sameSwarm = flatSwarmId == null || flatSwarmId.equals(find.swarmId());
    boolean sameNumber = flatPeerNum == null || flatPeerNum.equals(find.peerNum());
    if (!sameSwarm || !sameNumber) {
      throw new MalformedException("find and the members beside it disagree");
    }
    return find;
  }

  private void throwFaultOf(String... members) throws MalformedException {
    if (faults.isEmpty()) {
      return;
    }
    for (String member : members) {
      String fault = faults.get(member);
      if (fault != null) {
        throw new MalformedException(fault);
      }
    }
  }
}
