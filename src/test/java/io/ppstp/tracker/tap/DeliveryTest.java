package io.ppstp.tracker.tap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ppstp.tracker.tap.Output.OutputException;
import io.ppstp.tracker.tap.TapMark.EventId;
import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.Seeds;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is remembered of what an output has taken, by an output that answers when a test says. */
class DeliveryTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final byte[] LINE = {'x'};

  @TempDir private Path folder = Path.of("set by JUnit");
  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();
  private final SlowOutput output = new SlowOutput();
  private Path file;
  private StateFile state;
  private BatchQueue queue;
  private Delivery delivery;
  private long seq;

  /** Confined to the test's event loop. */
  private static final class SlowOutput implements Output {
    private final Deque<Promise<Integer>> writes = new ArrayDeque<>();
    private final Deque<Promise<Void>> rests = new ArrayDeque<>();

    @Override
    public Future<Integer> write(Batch batch) {
      Promise<Integer> write = Promise.promise();
      writes.add(write);
      return write.future();
    }

    @Override
    public Future<Void> rest() {
      Promise<Void> rest = Promise.promise();
      rests.add(rest);
      return rest.future();
    }
  }

  private static final class Nobody implements Delivery.Listener {
    @Override
    public void hasRoom() {}

    @Override
    public void note(String text) {}
  }

  @BeforeEach
  void start() throws Exception {
    file = folder.resolve("state");
    state = new StateFile(file, false);
    queue =
        new BatchQueue(new BatchRules(1024, 1, Duration.ZERO, 4096), System::nanoTime, this::mark);
    delivery =
        new Delivery(
            vertx,
            queue,
            output,
            new Backoff(60_000, 60_000, new SplittableRandom(Seeds.seed())),
            new Delivery.Keeper(
                Optional.of(state), "", vertx.createSharedWorkerExecutor("test", 1), this::mark),
            new Nobody());
  }

  @AfterEach
  void stop() {
    Await.result(vertx.close());
    state.close();
  }

  private TapMark mark() {
    return new TapMark(Map.of("http://x", new EventId("aa", seq)), Map.of());
  }

  private void on(Runnable step) {
    Promise<Void> done = Promise.promise();
    context.runOnContext(
        now -> {
          step.run();
          done.complete();
        });
    Await.result(done.future());
  }

  private void tell() {
    queue.makeRoom(LINE.length);
    seq++;
    queue.add(LINE, 0, LINE.length);
  }

  private void awaitRemembered(String event) throws Exception {
    Await.until("a state", PATIENCE, () -> Files.exists(file));
    Await.until(event, PATIENCE, () -> Files.readString(file).contains('"' + event + '"'));
  }

  @Test
  void whatComesWhileTheOutputRestsIsNotRememberedYet() throws Exception {
    on(
        () -> {
          tell();
          delivery.work();
        });
    on(() -> output.writes.remove().complete(1));
    on(delivery::tick);
    on(this::tell);
    on(() -> output.rests.remove().complete());
    awaitRemembered("aa-1");
  }

  private Future<Long> written() {
    Promise<Long> written = Promise.promise();
    context.runOnContext(now -> written.complete(delivery.written()));
    return written.future();
  }

  @Test
  void whatASlowOutputHasTakenIsRememberedWhileOthersWait() throws Exception {
    on(
        () -> {
          tell();
          tell();
          tell();
          delivery.work();
        });
    on(() -> output.writes.remove().complete(1));
    on(delivery::tick);
    awaitRemembered("aa-1");

    // The last one of them is never taken, also when it ends.
    on(() -> output.writes.remove().complete(1));
    on(() -> output.writes.remove().fail(OutputException.passing("not now")));
    on(delivery::finish);
    assertThrows(CompletionException.class, () -> Await.result(delivery.end()));
    awaitRemembered("aa-2");
    assertEquals(2, Await.result(written()));
  }
}
