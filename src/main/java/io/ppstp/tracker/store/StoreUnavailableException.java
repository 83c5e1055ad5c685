package io.ppstp.tracker.store;

/**
 * The store cannot serve now, for a reason that passes: a node has just died, the cluster is split
 * and this side is too small, the node is leaving. Peers are told to come back (05).
 */
public final class StoreUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Says why, where nothing else has failed. */
  public StoreUnavailableException(String message) {
    super(message, null, false, false);
  }

  /** Says why; without a stack trace, since this is expected and may come often. */
  public StoreUnavailableException(String message, Throwable cause) {
    super(message, cause, false, false);
  }
}
