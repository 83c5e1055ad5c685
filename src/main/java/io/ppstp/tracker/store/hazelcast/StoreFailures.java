package io.ppstp.tracker.store.hazelcast;

import com.hazelcast.core.HazelcastException;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import com.hazelcast.core.OperationTimeoutException;
import com.hazelcast.nio.serialization.HazelcastSerializationException;
import com.hazelcast.spi.exception.RetryableException;
import com.hazelcast.splitbrainprotection.SplitBrainProtectionException;
import io.ppstp.tracker.store.StoreUnavailableException;
import java.util.concurrent.CompletionException;

/** Tells failures that pass from those that are faults. Stateless. */
final class StoreFailures {
  private StoreFailures() {}

  static RuntimeException explain(Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof SplitBrainProtectionException) {
      return new StoreUnavailableException("fewer members than cluster.minimum-members", cause);
    }
    if (cause instanceof HazelcastSerializationException) {
      return new IllegalStateException("state or command that cannot be read", cause);
    }
    boolean passes =
        cause instanceof RetryableException
            || cause instanceof OperationTimeoutException
            || cause instanceof HazelcastException
            || cause instanceof HazelcastInstanceNotActiveException;
    return passes
        ? new StoreUnavailableException("the cluster is changing: " + cause, cause)
        : new IllegalStateException("a command failed in the cluster", cause);
  }
}
