package io.ppstp.tracker.tracing;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.ppstp.tracker.domain.PeerCommand;
import io.ppstp.tracker.domain.PeerQuery;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.domain.swarm.SwarmQuery;
import io.ppstp.tracker.store.ForwardingStore;
import io.ppstp.tracker.store.TrackerStore;
import io.vertx.core.Vertx;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A store that makes a span of each question that a traced request asks it, and lets what comes
 * after the answer belong to the same trace. Thread-safe.
 */
final class TracingStore extends ForwardingStore {
  private final Tracer tracer;

  TracingStore(TrackerStore store, Tracer tracer) {
    super(store);
    this.tracer = tracer;
  }

  @Override
  public <R> CompletionStage<R> change(String peerId, PeerCommand<R> command) {
    return traced(command, () -> store().change(peerId, command));
  }

  @Override
  public <R> CompletionStage<R> ask(String peerId, PeerQuery<R> query) {
    return traced(query, () -> store().ask(peerId, query));
  }

  @Override
  public <R> CompletionStage<R> ask(SwarmKey swarm, SwarmQuery<R> query) {
    return traced(query, () -> store().ask(swarm, query));
  }

  @Override
  public TrackerStore on(Executor executor) {
    return new TracingStore(store().on(executor), tracer);
  }

  private <R> CompletionStage<R> traced(Object question, Supplier<CompletionStage<R>> work) {
    Context trace = Context.current();
    if (!Span.fromContext(trace).isRecording()) {
      return work.get();
    }
    Span span =
        tracer
            .spanBuilder("store " + question.getClass().getSimpleName())
            .setParent(trace)
            .startSpan();
    CompletionStage<R> answer = work.get();
    CompletableFuture<R> known = answer.toCompletableFuture();
    if (known.isDone()) {
      end(span, known.isCompletedExceptionally());
      return answer;
    }
    io.vertx.core.@Nullable Context here = Vertx.currentContext();
    CompletableFuture<R> later = new CompletableFuture<>();
    answer.whenComplete(
        (result, failure) -> {
          end(span, failure != null);
          goOn(here, trace, () -> complete(later, result, failure));
        });
    return later;
  }

  private static void end(Span span, boolean failed) {
    if (failed) {
      span.setStatus(StatusCode.ERROR);
    }
    span.end();
  }

  /** The answer comes to the room, and not to what the room did when it asked. */
  private static void goOn(io.vertx.core.@Nullable Context context, Context trace, Runnable rest) {
    if (context == null) {
      rest.run();
      return;
    }
    context.runOnContext(now -> trace.wrap(rest).run());
  }

  private static <R> void complete(
      CompletableFuture<R> later, R result, @Nullable Throwable failure) {
    if (failure == null) {
      later.complete(result);
    } else {
      later.completeExceptionally(failure);
    }
  }
}
