package io.ppstp.tracker.membership;

import io.ppstp.tracker.store.TrackerStore.StoreUnavailableException;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** An announce that is refused, which is expected. */
public final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Makes one, without a stack trace, whose message is for the client. */
  public RefusedException(String reason) {
    super(reason, null, false, false);
  }

  /** Returns what failed, without what stages wrap it in. */
  public static Throwable causeOf(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }

  /** Returns what a client is told of a cause that was to be expected, null of any other. */
  public static @Nullable String reasonOf(Throwable cause) {
    if (cause instanceof RefusedException) {
      return cause.getMessage();
    }
    return cause instanceof StoreUnavailableException
        ? "the tracker is not available, try again"
        : null;
  }
}
