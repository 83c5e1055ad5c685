package io.ppstp.tracker.tap;

import io.ppstp.tracker.tap.SeqWindow.Verdict;
import io.ppstp.tracker.tap.TapMark.EventId;
import io.ppstp.tracker.tap.TapPlan.Target;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * What a tap has before its first event: what is remembered of its last run, and what that run has
 * written since then.
 *
 * @param file where the state is kept, if it is
 * @param lastIds by the URL of each node the last event that it told
 * @param seen what has been written
 * @param worker of one thread, on which the output and the state file may block
 */
record Opening(
    Optional<StateFile> file,
    Map<String, EventId> lastIds,
    SeenEvents seen,
    Output output,
    WorkerExecutor worker) {

  /**
   * Opens output and state. Blocks.
   *
   * @throws TapException if the user has to mend something first
   */
  static Opening of(Vertx vertx, TapPlan plan, InstantSource clock, Consumer<String> notes)
      throws TapException {
    Optional<StateFile> file = Optional.empty();
    Optional<TapState> known = Optional.empty();
    Optional<FileOutput> files = Optional.empty();
    if (plan.target() instanceof Target.Files target) {
      files = Optional.of(new FileOutput(target, plan.fsync(), clock, notes));
    }
    if (plan.state().isPresent()) {
      StateFile opened = new StateFile(plan.state().get(), plan.fsync());
      file = Optional.of(opened);
      known = opened.read();
    }
    SeenEvents seen = new SeenEvents();
    if (known.isPresent() && known.get().filter().equals(plan.filter().query())) {
      seen.restore(known.get().mark().seen());
    }
    if (files.isPresent()) {
      files
          .get()
          .recover(
              known.flatMap(TapState::position),
              NodeReader.LONGEST_LINE,
              (bytes, from, length) -> {
                EventLine line = EventLine.of(bytes, from, length);
                if (line != null && !line.isLoss()) {
                  Verdict unused = seen.take(line.node(), line.seq());
                }
              });
    }
    // A stream whose reader has stopped may block for ever.
    WorkerExecutor worker = vertx.createSharedWorkerExecutor("tap", 1, 365, TimeUnit.DAYS);
    // A state is written after the output has had what it tells of.
    boolean everTaken = known.filter(it -> !it.mark().seen().isEmpty()).isPresent();
    Output output;
    if (plan.target() instanceof Target.Made made) {
      output = made.maker().make(vertx, everTaken, notes);
    } else if (plan.target() instanceof Target.Collector collector) {
      output = new HttpOutput(vertx, collector, everTaken, notes);
    } else {
      output = new WorkerOutput(sink(plan.target(), files), worker);
    }
    Map<String, EventId> lastIds = known.map(it -> it.mark().lastIds()).orElse(Map.of());
    return new Opening(file, lastIds, seen, output, worker);
  }

  private static BlockingSink sink(Target target, Optional<FileOutput> files) {
    return target instanceof Target.Stream stream
        ? new StreamOutput(stream.stream())
        : files.orElseThrow();
  }
}
