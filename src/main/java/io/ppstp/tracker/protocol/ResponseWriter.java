package io.ppstp.tracker.protocol;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes the responses of RFC 7846, Section 3.3.4, in one canonical form: the schema's, compact.
 * Stateless.
 */
public final class ResponseWriter {
  private static final byte[] SUCCESS =
      ("{\"PPSPTrackerProtocol\":{\"version\":1,\"response_type\":0,\"error_code\":0,"
              + "\"transaction_id\":")
          .getBytes(US_ASCII);
  private static final byte[] FAILURE =
      "{\"PPSPTrackerProtocol\":{\"version\":1,\"response_type\":1,\"error_code\":"
          .getBytes(US_ASCII);
  private static final byte[] TRANSACTION_ID = ",\"transaction_id\":".getBytes(US_ASCII);
  private static final byte[] PEER_ADDR = ",\"peer_addr\":".getBytes(US_ASCII);
  private static final byte[] SWARM_RESULT = ",\"swarm_result\":[".getBytes(US_ASCII);
  private static final byte[] SWARM_ID = "{\"swarm_id\":".getBytes(US_ASCII);
  private static final byte[] RESULT_SUCCESS = ",\"result\":0".getBytes(US_ASCII);
  private static final byte[] RESULT_FAILURE = ",\"result\":1".getBytes(US_ASCII);
  private static final byte[] PEER_GROUP = ",\"peer_group\":{\"peer_info\":[".getBytes(US_ASCII);
  private static final byte[] END_PEER_GROUP = "]}".getBytes(US_ASCII);
  private static final byte[] END = "}}".getBytes(US_ASCII);

  private static final int FIXED_BYTES = 512;
  private static final int BYTES_PER_RESULT = 128;

  /** Reused, so that each answer is one array of just its length. */
  private static final ThreadLocal<JsonBuffer> SCRATCH =
      ThreadLocal.withInitial(() -> new JsonBuffer(FIXED_BYTES));

  private ResponseWriter() {}

  /**
   * Returns a SUCCESSFUL response.
   *
   * @param self the requester's own address as the tracker sees it, or null to leave it out
   * @param results in the order in which they shall stand; none leaves {@code swarm_result} out
   */
  public static byte[] success(
      String transactionId, @Nullable PeerAddress self, List<SwarmResult> results) {
    JsonBuffer out = SCRATCH.get().clear(sizeHint(results));
    out.raw(SUCCESS).string(transactionId);
    if (self != null) {
      out.raw(PEER_ADDR);
      AddressWriter.address(out, self);
    }
    if (!results.isEmpty()) {
      out.raw(SWARM_RESULT);
      for (int i = 0; i < results.size(); i++) {
        if (i > 0) {
          out.raw(',');
        }
        result(out, results.get(i));
      }
      out.raw(']');
    }
    return out.raw(END).toByteArray();
  }

  /** Returns a FAILED response: the mandatory members and nothing else (Section 4.3). */
  public static byte[] failure(ErrorCode code, String transactionId) {
    JsonBuffer out = SCRATCH.get().clear(FIXED_BYTES);
    out.raw(FAILURE).number(code.wireValue()).raw(TRANSACTION_ID).string(transactionId);
    return out.raw(END).toByteArray();
  }

  private static void result(JsonBuffer out, SwarmResult result) {
    out.raw(SWARM_ID).string(result.swarmId());
    out.raw(result.successful() ? RESULT_SUCCESS : RESULT_FAILURE);
    if (result.peerList() != null) {
      out.raw(PEER_GROUP).raw(result.peerList()).raw(END_PEER_GROUP);
    }
    out.raw('}');
  }

  private static int sizeHint(List<SwarmResult> results) {
    int bytes = FIXED_BYTES;
    for (int i = 0; i < results.size(); i++) {
      SwarmResult result = results.get(i);
      bytes += BYTES_PER_RESULT + (result.peerList() == null ? 0 : result.peerList().length);
    }
    return bytes;
  }

  /**
   * The result of one swarm in a response (RFC 7846, Section 3.3.4).
   *
   * @param peerList the entries of {@code peer_info} as ready JSON, separated by commas; null for a
   *     result without {@code peer_group}. Not copied: nobody may change it.
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record SwarmResult(String swarmId, boolean successful, byte @Nullable [] peerList) {

    /** A success without a peer list. */
    public static SwarmResult success(String swarmId) {
      return new SwarmResult(swarmId, true, null);
    }

    /** A failure, which never has a peer list. */
    public static SwarmResult failure(String swarmId) {
      return new SwarmResult(swarmId, false, null);
    }
  }
}
