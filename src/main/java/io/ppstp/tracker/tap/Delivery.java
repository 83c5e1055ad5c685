package io.ppstp.tracker.tap;

import io.ppstp.tracker.tap.Output.OutputException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Hands one batch after the other to the output, again and again if it is not taken, and remembers
 * how far that went. Confined to one event loop.
 */
final class Delivery {
  private static final long NONE = -1;

  private final Vertx vertx;
  private final BatchQueue queue;
  private final Output output;
  private final Backoff backoff;
  private final Keeper keeper;
  private final Listener listener;
  private final Promise<Void> end = Promise.promise();
  private boolean busy;
  private boolean stopping;
  private boolean struggling;
  private boolean forgetful;
  private boolean remembering;
  private long timer = NONE;
  private @Nullable Batch failed;
  private long written;

  /** How far the output is after the last batch that says so, while no file remembers it. */
  private @Nullable TapState reached;

  /** Whether a batch was taken since all that was taken was remembered. */
  private boolean behind;

  Delivery(
      Vertx vertx,
      BatchQueue queue,
      Output output,
      Backoff backoff,
      Keeper keeper,
      Listener listener) {
    this.vertx = vertx;
    this.queue = queue;
    this.output = output;
    this.backoff = backoff;
    this.keeper = keeper;
    this.listener = listener;
  }

  /** What a delivery tells of. */
  interface Listener {
    /** There is more room in the queue. */
    void hasRoom();

    /** Something that the user may want to know. */
    void note(String text);
  }

  /**
   * Remembers how far the output has come.
   *
   * @param file empty if nothing is to be remembered
   * @param filter by which nodes are asked
   * @param worker on whose thread the file is written
   * @param latest how far the tap is now
   */
  record Keeper(
      Optional<StateFile> file, String filter, WorkerExecutor worker, Supplier<TapMark> latest) {

    private TapState state(TapMark mark, Output output) {
      return new TapState(filter, mark, output.position());
    }

    private Future<Void> keep(TapState state) {
      return file.map(
              to ->
                  worker.<Void>executeBlocking(
                      () -> {
                        to.write(state);
                        return null;
                      }))
          .orElse(Future.succeededFuture());
    }
  }

  /** Completes when all is over; fails with a {@link TapException} if the user has to mend it. */
  Future<Void> end() {
    return end.future();
  }

  /** Returns the events that were taken. */
  long written() {
    return written;
  }

  /** Goes on, if there is something to do. */
  void work() {
    if (busy) {
      return;
    }
    Batch next = queue.poll(stopping);
    if (next != null) {
      busy = true;
      offer(next);
    } else if (stopping) {
      busy = true;
      remember(latest())
          .eventually(output::close)
          .onFailure(this::fail)
          .onSuccess(end::tryComplete);
    } else {
      waitForAge();
    }
  }

  private void waitForAge() {
    long waitNs = queue.waitNs();
    if (waitNs > 0 && timer == NONE) {
      timer = vertx.setTimer(TimeUnit.NANOSECONDS.toMillis(waitNs) + 1, due -> again());
    }
  }

  private void again() {
    timer = NONE;
    work();
  }

  private void offer(Batch batch) {
    failed = null;
    output
        .write(batch)
        .onSuccess(events -> taken(batch, events))
        .onFailure(failure -> refused(batch, failure));
  }

  private void taken(Batch batch, int events) {
    TapMark mark = batch.mark();
    if (mark != null) {
      reached = keeper.state(mark, output);
    }
    behind = true;
    written += events;
    queue.release(batch);
    backoff.reset();
    if (struggling) {
      struggling = false;
      listener.note("events are taken again");
    }
    listener.hasRoom();
    busy = false;
    work();
  }

  private void whenIdle(Future<Void> work) {
    work.onSuccess(
            done -> {
              busy = false;
              work();
            })
        .onFailure(this::fail);
  }

  /** Returns how far all is; only while nothing waits and nothing is being written. */
  private TapState latest() {
    behind = false;
    return keeper.state(keeper.latest().get(), output);
  }

  /** Calls in a row are carried out in that order. */
  private Future<Void> remember(TapState state) {
    reached = null;
    return output.settle().compose(settled -> keeper.keep(state).recover(this::forget));
  }

  private Future<Void> rememberReached() {
    TapState state = reached;
    return state == null ? Future.succeededFuture() : remember(state);
  }

  /** What is not remembered is told again after a restart; the next state holds all of it. */
  private Future<Void> forget(Throwable failure) {
    if (!forgetful) {
      forgetful = true;
      listener.note("cannot write the state: " + Reasons.of(failure));
    }
    return Future.succeededFuture();
  }

  private void refused(Batch batch, Throwable failure) {
    boolean again = failure instanceof OutputException reason && !reason.isFatal();
    if (!again) {
      fail(failure);
      return;
    }
    if (!struggling) {
      struggling = true;
      listener.note(Reasons.of(failure) + "; trying again");
    }
    failed = batch;
    if (stopping) {
      giveUp();
      return;
    }
    long waitMs = Math.max(backoff.nextMs(), ((OutputException) failure).waitMs());
    timer =
        vertx.setTimer(
            waitMs,
            due -> {
              timer = NONE;
              offer(batch);
            });
  }

  /** Called once a second. */
  void tick() {
    if (!busy && queue.isEmpty() && !stopping) {
      busy = true;
      // What comes while the output rests only waits, and belongs to no state yet.
      Optional<TapState> state = behind ? Optional.of(latest()) : Optional.empty();
      whenIdle(
          output
              .rest()
              .compose(rested -> state.map(this::remember).orElse(Future.succeededFuture())));
    } else if (!remembering) {
      remembering = true;
      rememberReached().onFailure(this::fail).onComplete(done -> remembering = false);
    }
  }

  /** Hands over what there is, and ends. */
  void finish() {
    stopping = true;
    if (failed != null) {
      vertx.cancelTimer(timer);
      giveUp();
    } else {
      work();
    }
  }

  /** What was not taken is not remembered either: the next run asks for it again. */
  private void giveUp() {
    rememberReached()
        .eventually(output::close)
        .onComplete(closed -> fail(new TapException("the last events were not taken")));
  }

  private void fail(Throwable failure) {
    end.tryFail(failure instanceof TapException ? failure : new TapException(Reasons.of(failure)));
  }
}
