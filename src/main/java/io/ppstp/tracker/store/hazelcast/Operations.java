package io.ppstp.tracker.store.hazelcast;

import com.hazelcast.core.HazelcastException;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import com.hazelcast.core.OperationTimeoutException;
import com.hazelcast.map.EntryProcessor;
import com.hazelcast.map.IMap;
import com.hazelcast.nio.serialization.HazelcastSerializationException;
import com.hazelcast.spi.exception.RetryableException;
import com.hazelcast.splitbrainprotection.SplitBrainProtectionException;
import io.ppstp.tracker.store.TrackerStore.StoreUnavailableException;
import io.ppstp.tracker.store.hazelcast.state.ChangeProcessor;
import io.ppstp.tracker.store.hazelcast.state.QueryProcessor;
import io.ppstp.tracker.store.hazelcast.state.Question;
import io.ppstp.tracker.store.hazelcast.state.ReplaceProcessor;
import io.ppstp.tracker.store.hazelcast.state.StateKind;
import io.ppstp.tracker.store.hazelcast.state.StateValue;
import java.io.IOException;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * Hazelcast's operations on the clustered maps: the only way in which state changes. An operation
 * is complete when the owner and all backups have applied the change; if it is not known whether
 * they have, it fails. Thread-safe; no method blocks.
 */
final class Operations {
  private final IMap<Integer, StateValue<?, ?>> peers;
  private final IMap<Integer, StateValue<?, ?>> swarms;
  private final Supplier<UUID> here;
  private final LongAdder started = new LongAdder();
  private final LongAdder failed = new LongAdder();

  /** Reads what a processor answered. */
  private interface AnswerReader<R> {
    R read(byte[] answer) throws IOException;
  }

  /** Opens the maps; blocks. */
  Operations(HazelcastInstance hazelcast, Supplier<UUID> here) {
    this.peers = hazelcast.getMap(StateKind.PEERS.map());
    this.swarms = hazelcast.getMap(StateKind.SWARMS.map());
    this.here = here;
  }

  /** Returns the number of operations so far. */
  long started() {
    return started.sum();
  }

  /** Returns the number of operations of which it is not known whether they were executed. */
  long failed() {
    return failed.sum();
  }

  /**
   * Executes a command at the owner of a shard.
   *
   * @return its result; the stage fails with a {@link StoreUnavailableException} if the command was
   *     not executed, or nobody knows
   */
  <S, C, Q> CompletionStage<Object> change(
      StateKind<S, C, Q> kind, int shard, Q command, Executor executor) {
    return submit(
        kind,
        shard,
        new ChangeProcessor<>(kind, command, here.get()),
        answer -> {
          Object result = ChangeProcessor.decode(kind, command, answer);
          if (result == null) {
            throw StoreUnavailableException.notExecuted(
                "another node has become the owner, or a node that was lost may still answer");
          }
          return result;
        },
        executor);
  }

  /** Asks the owner of a shard. */
  <R> CompletionStage<R> ask(
      StateKind<?, ?, ?> kind, int shard, Question<R> question, Executor executor) {
    return submit(
        kind,
        shard,
        new QueryProcessor<Object, R>(question),
        answer -> QueryProcessor.decode(question, answer),
        executor);
  }

  /** Gives all backups of a shard what its owner has. */
  CompletionStage<Boolean> replaceBackups(StateKind<?, ?, ?> kind, int shard, Executor executor) {
    return submit(kind, shard, new ReplaceProcessor<>(), answer -> true, executor);
  }

  /**
   * Submits a processor. Its answer comes to the executor straight from Hazelcast's thread, and in
   * a future of our own: what is built upon one of Hazelcast's goes through the common pool.
   */
  @SuppressWarnings({"unchecked", "rawtypes"})
  private <R> CompletionStage<R> submit(
      StateKind<?, ?, ?> kind,
      int shard,
      EntryProcessor<Integer, ?, byte[]> processor,
      AnswerReader<R> reader,
      Executor executor) {
    CompletableFuture<R> answer = new CompletableFuture<>();
    started.increment();
    try {
      IMap<Integer, ?> map = kind == StateKind.PEERS ? peers : swarms;
      CompletionStage<byte[]> submitted = map.submitToKey(shard, (EntryProcessor) processor);
      submitted.whenCompleteAsync(
          (bytes, failure) -> {
            if (failure == null) {
              read(bytes, reader, answer);
            } else {
              fail(answer, failure);
            }
          },
          executor);
    } catch (RuntimeException e) {
      fail(answer, e);
    }
    return answer;
  }

  private <R> void fail(CompletableFuture<R> answer, Throwable failure) {
    failed.increment();
    answer.completeExceptionally(StoreFailures.explain(failure));
  }

  private static <R> void read(byte[] bytes, AnswerReader<R> reader, CompletableFuture<R> answer) {
    try {
      answer.complete(reader.read(bytes));
    } catch (IOException | RuntimeException e) {
      answer.completeExceptionally(e);
    }
  }

  /** Tells failures that pass from those that are faults. Stateless. */
  static final class StoreFailures {
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
}
