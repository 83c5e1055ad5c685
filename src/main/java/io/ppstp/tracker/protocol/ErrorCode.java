package io.ppstp.tracker.protocol;

/** The error codes of RFC 7846, Section 4.3 and 8.4. */
public enum ErrorCode {
  NO_ERROR(0),
  /** The message is incorrectly formed. */
  BAD_REQUEST(1),
  UNSUPPORTED_VERSION(2),
  /** The request is not allowed in the peer's state (Section 2.3.2). */
  FORBIDDEN_ACTION(3),
  INTERNAL_SERVER_ERROR(4),
  /** The tracker is overloaded. */
  SERVICE_UNAVAILABLE(5),
  AUTHENTICATION_REQUIRED(6);

  private final int wireValue;

  ErrorCode(int wireValue) {
    this.wireValue = wireValue;
  }

  /** Returns the integer that stands in {@code error_code}. */
  public int wireValue() {
    return wireValue;
  }

  /** Returns whether a response with this code is SUCCESSFUL (Section 4.2). */
  public boolean isSuccess() {
    return this == NO_ERROR;
  }
}
