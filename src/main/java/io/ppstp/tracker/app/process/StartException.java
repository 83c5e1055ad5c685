package io.ppstp.tracker.app.process;

import java.net.BindException;
import java.util.List;

/** The tracker cannot start, for reasons that the operator can mend and the message says. */
public final class StartException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String reason;

  /** Says what is wrong, and what to do. */
  public StartException(String reason) {
    super("cannot start: " + reason);
    this.reason = reason;
  }

  /** Lists {@code reasons}, one a line. */
  public StartException(List<String> reasons) {
    super("cannot start:\n  " + String.join("\n  ", reasons));
    this.reason = String.join("; ", reasons);
  }

  /**
   * Returns {@code failure} in the operator's words: a port may be taken since it was looked at.
   */
  public static Throwable explaining(Throwable failure) {
    return failure instanceof BindException
        ? new StartException("a port cannot be listened on: " + failure.getMessage())
        : failure;
  }

  /** Returns the reason alone, which holds for a running tracker too. */
  public String reason() {
    return reason;
  }
}
