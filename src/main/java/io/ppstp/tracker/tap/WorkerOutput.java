package io.ppstp.tracker.tap;

import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.util.Optional;
import java.util.concurrent.Callable;

/** Lets a sink that blocks do so on another thread. */
final class WorkerOutput implements Output {
  private final BlockingSink sink;
  private final WorkerExecutor worker;
  private volatile Optional<FilePosition> position = Optional.empty();

  /**
   * Makes one.
   *
   * @param worker of one thread
   */
  WorkerOutput(BlockingSink sink, WorkerExecutor worker) {
    this.sink = sink;
    this.worker = worker;
    this.position = sink.position();
  }

  private Future<Void> run(Callable<Void> work) {
    return worker.executeBlocking(work, true);
  }

  @Override
  public Future<Integer> write(Batch batch) {
    return worker.executeBlocking(
        () -> {
          sink.write(batch);
          position = sink.position();
          return batch.events();
        },
        true);
  }

  @Override
  public Future<Void> settle() {
    return run(
        () -> {
          sink.settle();
          return null;
        });
  }

  @Override
  public Optional<FilePosition> position() {
    return position;
  }

  @Override
  public Future<Void> rest() {
    return run(
        () -> {
          sink.rest();
          return null;
        });
  }

  @Override
  public Future<Void> close() {
    return run(
        () -> {
          sink.close();
          return null;
        });
  }
}
