package io.ppstp.tracker.protocol;

/**
 * Says inside the reader that a member of a message is not as RFC 7846 has it. An expected outcome
 * on a hostile port, so it carries no stack trace.
 */
final class MalformedException extends Exception {
  private static final long serialVersionUID = 1L;

  MalformedException(String reason) {
    super(reason, null, false, false);
  }
}
