package io.ppstp.tracker.domain;

import io.ppstp.tracker.protocol.ErrorCode;
import java.util.Locale;

/** Why a well-formed request is refused as a whole: a small list, which no sender can add to. */
public enum RefusalCause {
  /** The sender may not speak for the peer that is registered. */
  FOREIGN(ErrorCode.FORBIDDEN_ACTION),
  /** The peer is not registered. */
  UNREGISTERED(ErrorCode.FORBIDDEN_ACTION),
  /** The peer is in none of the swarms that it names. */
  NOT_A_MEMBER(ErrorCode.FORBIDDEN_ACTION),
  /** Table 6 of RFC 7846 does not allow the actions together. */
  COMBINATION(ErrorCode.FORBIDDEN_ACTION),
  /** An operator has closed a swarm that it names. */
  CLOSED(ErrorCode.FORBIDDEN_ACTION),
  /** Each action failed by itself. */
  NOTHING_DONE(ErrorCode.FORBIDDEN_ACTION),
  /** The transaction ID came before, with other content. */
  TRANSACTION_REUSED(ErrorCode.BAD_REQUEST),
  /** The peer has said something else since. */
  LATE(ErrorCode.SERVICE_UNAVAILABLE),
  /** The tracker has no room. */
  FULL(ErrorCode.SERVICE_UNAVAILABLE),
  /** The client has as many peers, memberships or new registrations as it may have. */
  CLIENT_LIMIT(ErrorCode.SERVICE_UNAVAILABLE),
  /** Lists cannot follow at the moment. */
  BUSY(ErrorCode.SERVICE_UNAVAILABLE);

  private final ErrorCode code;

  RefusalCause(ErrorCode code) {
    this.code = code;
  }

  /** Returns the code of the answer. */
  public ErrorCode code() {
    return code;
  }

  /** Returns the word for it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
