package io.ppstp.tracker.swarm;

import io.ppstp.tracker.protocol.ErrorCode;
import io.ppstp.tracker.protocol.PeerAddress;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the model says about an answer.
 *
 * @param self the requester's own address, null if the answer has none
 * @param sameAsLastConnect whether the bytes must be those of the peer's last successful CONNECT
 */
record ExpectedAnswer(
    ErrorCode code, @Nullable PeerAddress self, List<Result> results, boolean sameAsLastConnect) {

  /** One swarm's result; {@code list} is null if it has no peer group. */
  record Result(String swarmId, boolean successful, @Nullable ListOfPeers list) {}

  /**
   * A list of which {@code least} to {@code most} peers are drawn.
   *
   * @param candidates who may be in it, and at which addresses
   */
  record ListOfPeers(Map<String, List<PeerAddress>> candidates, int least, int most) {}

  static ExpectedAnswer failure(ErrorCode code) {
    return new ExpectedAnswer(code, null, List.of(), false);
  }
}
