package io.ppstp.tracker.bus;

import io.ppstp.tracker.domain.address.RegistrationSecret;
import io.ppstp.tracker.protocol.ErrorCode;
import io.ppstp.tracker.protocol.Request.RequestType;
import io.ppstp.tracker.protocol.ResponseWriter;
import org.jspecify.annotations.Nullable;

/**
 * From a room back to ingress: the response, ready to send. Immutable by agreement: the bytes are
 * not copied.
 *
 * @param type of the request, null if it was not well-formed
 * @param tooLarge whether the request was over a size limit, which HTTP has its own status for
 * @param secret that the client is to know its registration by, null if it is told none
 */
@SuppressWarnings("ArrayRecordComponent")
public record Answer(
    @Nullable RequestType type,
    ErrorCode code,
    byte[] body,
    boolean tooLarge,
    @Nullable RegistrationSecret secret) {

  /** Makes an answer without a secret. */
  public Answer(@Nullable RequestType type, ErrorCode code, byte[] body, boolean tooLarge) {
    this(type, code, body, tooLarge, null);
  }

  /** Returns a successful answer with this message body. */
  public static Answer success(RequestType type, byte[] body) {
    return new Answer(type, ErrorCode.NO_ERROR, body, false);
  }

  /** Returns this with a secret for the client. */
  public Answer telling(RegistrationSecret told) {
    return new Answer(type, code, body, tooLarge, told);
  }

  /** Returns the answer to a request that failed with {@code code}. */
  public static Answer failure(@Nullable RequestType type, ErrorCode code, String transactionId) {
    return new Answer(type, code, ResponseWriter.failure(code, transactionId), false);
  }
}
