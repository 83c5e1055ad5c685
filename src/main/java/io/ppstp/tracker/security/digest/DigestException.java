package io.ppstp.tracker.security.digest;

import io.ppstp.tracker.protocol.ErrorCode;

/** Credentials that are refused, which is to be expected: it carries no stack. */
final class DigestException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Fault fault;

  DigestException(Fault fault) {
    super(fault.text(), null, false, false);
    this.fault = fault;
  }

  Fault fault() {
    return fault;
  }

  /**
   * Why credentials are refused: a closed set, so that nothing a client sent gets into a log. Only
   * {@link #WRONG} can be a guess at a password; with any of the others nothing is found out.
   */
  enum Fault {
    MALFORMED("its Authorization field is malformed", ErrorCode.BAD_REQUEST),
    OTHER_TARGET("its uri is not that of the request", ErrorCode.BAD_REQUEST),
    OTHER_REALM("its realm is not ours", ErrorCode.AUTHENTICATION_REQUIRED),
    OTHER_ALGORITHM("its algorithm is not offered", ErrorCode.AUTHENTICATION_REQUIRED),
    WRONG("unknown user or wrong password", ErrorCode.AUTHENTICATION_REQUIRED),
    STALE("its nonce is too old or not ours", ErrorCode.AUTHENTICATION_REQUIRED),
    REPLAYED("a replay", ErrorCode.AUTHENTICATION_REQUIRED),
    FORGOTTEN("its nonce count is too far back", ErrorCode.AUTHENTICATION_REQUIRED),
    FULL("too many nonces are in use", ErrorCode.AUTHENTICATION_REQUIRED);

    private final String text;
    private final ErrorCode code;

    Fault(String text, ErrorCode code) {
      this.text = text;
      this.code = code;
    }

    String text() {
      return text;
    }

    ErrorCode code() {
      return code;
    }

    /**
     * Returns whether the same user may try again with a new nonce: the digest was right, and only
     * the nonce was not (RFC 7616, Section 3.3, stale).
     */
    boolean stale() {
      return this == STALE || this == FORGOTTEN || this == FULL;
    }
  }
}
