package io.ppstp.tracker.tap;

/** Why a tap cannot go on, in words for the user, who can mend it. */
public final class TapException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Makes one that says what to mend. */
  public TapException(String message) {
    super(message);
  }
}
