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
  private long timer = NONE;
  private @Nullable Batch failed;
  private long written;
  private long unmarked;

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

    private Future<Void> keep(TapMark mark, Output output) {
      return file.map(
              to ->
                  worker.<Void>executeBlocking(
                      () -> {
                        to.write(new TapState(filter, mark, output.position()));
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
      remember(keeper.latest().get())
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
        .onSuccess(taken -> taken(batch))
        .onFailure(failure -> refused(batch, failure));
  }

  private void taken(Batch batch) {
    TapMark mark = batch.mark();
    written += batch.events();
    unmarked += batch.events();
    queue.release(batch);
    backoff.reset();
    if (struggling) {
      struggling = false;
      listener.note("events are taken again");
    }
    listener.hasRoom();
    whenIdle(mark == null ? Future.succeededFuture() : remember(mark));
  }

  private void whenIdle(Future<Void> work) {
    work.onSuccess(
            done -> {
              busy = false;
              work();
            })
        .onFailure(this::fail);
  }

  private Future<Void> remember(TapMark mark) {
    unmarked = 0;
    return output.settle().compose(settled -> keeper.keep(mark, output).recover(this::forget));
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
      whenIdle(
          output
              .rest()
              .compose(
                  rested ->
                      unmarked > 0 ? remember(keeper.latest().get()) : Future.succeededFuture()));
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
    output.close().onComplete(closed -> fail(new TapException("the last events were not taken")));
  }

  private void fail(Throwable failure) {
    end.tryFail(failure instanceof TapException ? failure : new TapException(Reasons.of(failure)));
  }
}
