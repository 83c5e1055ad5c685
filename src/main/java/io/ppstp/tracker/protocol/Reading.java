package io.ppstp.tracker.protocol;

import java.util.Set;

/** What became of the bytes of a request. */
public sealed interface Reading {

  /** A well-formed request, and the lenient spellings it needed. */
  record Accepted(Request request, Set<Leniency> leniencies) implements Reading {}

  /**
   * A message that is answered with an error.
   *
   * @param code 01 or 02
   * @param transactionId the request's, or empty if it could not be read
   * @param tooLarge whether a size limit was the cause, which HTTP calls 413
   * @param reason for the operator's log; never sent
   */
  record Rejected(ErrorCode code, String transactionId, boolean tooLarge, String reason)
      implements Reading {}
}
