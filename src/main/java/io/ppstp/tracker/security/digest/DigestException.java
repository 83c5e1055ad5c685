package io.ppstp.tracker.security.digest;

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
}
