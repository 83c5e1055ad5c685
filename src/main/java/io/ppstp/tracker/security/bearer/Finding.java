package io.ppstp.tracker.security.bearer;

import io.ppstp.tracker.protocol.ErrorCode;
import io.ppstp.tracker.security.AuthState.Identity;

/** What has been found out about a token; immutable. */
sealed interface Finding {
  /**
   * The token is good.
   *
   * @param identity of its bearer
   */
  record Good(Identity identity) implements Finding {
    /** Returns when it stops being good, in milliseconds since the epoch. */
    long untilMs() {
      return identity.untilMs();
    }
  }

  /** The token is not good. */
  record Bad(TokenFault fault) implements Finding {}

  /** All that can be wrong with a token, as clients and the audit log are told. */
  enum TokenFault {
    /** The field holds no b64token (RFC 6750, Section 2.1). */
    MALFORMED(ErrorCode.BAD_REQUEST, "the Authorization field is malformed"),
    /** It is no JWT of the compact form, and nobody can be asked about others. */
    UNREADABLE(ErrorCode.AUTHENTICATION_REQUIRED, "the token cannot be read"),
    /** Not on the list of algorithms, or not one of the key that it names. */
    ALGORITHM(ErrorCode.AUTHENTICATION_REQUIRED, "the signature algorithm is not accepted"),
    UNKNOWN_KEY(ErrorCode.AUTHENTICATION_REQUIRED, "the signing key is unknown"),
    SIGNATURE(ErrorCode.AUTHENTICATION_REQUIRED, "the signature is wrong"),
    ISSUER(ErrorCode.AUTHENTICATION_REQUIRED, "the issuer is not accepted"),
    AUDIENCE(ErrorCode.AUTHENTICATION_REQUIRED, "the token is for another audience"),
    EXPIRED(ErrorCode.AUTHENTICATION_REQUIRED, "the token expired"),
    /** RFC 7519 leaves {@code exp} to the issuer; a token for ever is not accepted here. */
    ENDLESS(ErrorCode.AUTHENTICATION_REQUIRED, "the token has no expiry"),
    EARLY(ErrorCode.AUTHENTICATION_REQUIRED, "the token is not valid yet"),
    NOBODY(ErrorCode.AUTHENTICATION_REQUIRED, "the token names no subject"),
    /** The issuer says so (RFC 7662, Section 2.2). */
    INACTIVE(ErrorCode.AUTHENTICATION_REQUIRED, "the token is not active"),
    /** The issuer says so, and said otherwise before. */
    ENDED(ErrorCode.AUTHENTICATION_REQUIRED, "the token is no longer active"),
    SCOPE(ErrorCode.FORBIDDEN_ACTION, "the token lacks a scope"),
    /** Nobody can say whether the token is good. */
    UNDECIDED(ErrorCode.SERVICE_UNAVAILABLE, "the authorization server cannot be reached");

    private final ErrorCode code;
    private final String description;

    TokenFault(ErrorCode code, String description) {
      this.code = code;
      this.description = description;
    }

    /** Returns the error code of the answer. */
    ErrorCode code() {
      return code;
    }

    /**
     * Returns whether the token cannot have been a guess: it is good elsewhere, or was, or will be.
     */
    boolean isOutdated() {
      return switch (this) {
        case EXPIRED, EARLY, UNKNOWN_KEY, ENDED -> true;
        default -> false;
      };
    }

    /** Returns what it is, in the characters of {@code error_description} (RFC 6750, Section 3). */
    String description() {
      return description;
    }
  }
}
