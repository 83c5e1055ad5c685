package io.ppstp.tracker.app.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.bus.SocketNumbers;
import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.Logs;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SharedEventLoopsTest {
  private final Logs.Silence silence = Logs.silence("io.vertx.core.impl.BlockedThreadChecker");

  @AfterEach
  void speakAgain() {
    silence.close();
  }

  /** Is stuck from its start on. */
  private static final class Stuck extends VerticleBase {
    private final CountDownLatch free;

    Stuck(CountDownLatch free) {
      this.free = free;
    }

    @Override
    public Future<?> start() {
      vertx.runOnContext(
          now -> {
            try {
              free.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          });
      return Future.succeededFuture();
    }
  }

  /** Beyond that the sockets of one could not be told from those of another. */
  @Test
  void thereAreNoMoreThanNumbersOfSocketsTellApart() {
    assertEquals(48, SharedEventLoops.count(0, 48));
    assertEquals(SocketNumbers.MOST_INSTANCES, SharedEventLoops.count(0, 128));
    assertEquals(3, SharedEventLoops.count(3, 128));
  }

  @Test
  void oneThatIsStuckIsSeen() throws Exception {
    Vertx vertx = Vertx.vertx();
    CountDownLatch free = new CountDownLatch(1);
    AtomicLong longestLagNs = new AtomicLong();
    try {
      SharedEventLoops loops =
          Await.result(
              SharedEventLoops.open(
                  vertx,
                  2,
                  loop -> lag -> longestLagNs.accumulateAndGet(loop == 0 ? lag : 0, Math::max)));
      assertTrue(loops.silentNs() < Duration.ofSeconds(20).toNanos());
      Await.result(loops.deploy(1, i -> new Stuck(free)));
      Await.until(
          () -> "silence: " + loops.silentNs(),
          () -> loops.silentNs() > Duration.ofSeconds(3).toNanos());
      free.countDown();
      Await.until(
          () -> "silence: " + loops.silentNs(),
          () -> loops.silentNs() < Duration.ofSeconds(2).toNanos());
      assertTrue(longestLagNs.get() > Duration.ofSeconds(2).toNanos(), () -> "" + longestLagNs);
    } finally {
      free.countDown();
      Await.result(vertx.close());
    }
  }
}
