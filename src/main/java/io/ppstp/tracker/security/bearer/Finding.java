package io.ppstp.tracker.security.bearer;

import io.ppstp.tracker.security.Identity;

/** What has been found out about a token; immutable. */
sealed interface Finding {
  /**
   * The token is good.
   *
   * @param identity of its bearer
   * @param untilMs when it stops being good, in milliseconds since the epoch
   */
  record Good(Identity identity, long untilMs) implements Finding {}

  /** The token is not good. */
  record Bad(TokenFault fault) implements Finding {}
}
