package io.ppstp.tracker.app;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.Logs;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class SharedEventLoopsTest {
  /** Is stuck from its start on. */
  private static final class Stuck extends AbstractVerticle {
    private final CountDownLatch free;

    Stuck(CountDownLatch free) {
      this.free = free;
    }

    @Override
    public void start() {
      vertx.runOnContext(
          now -> {
            try {
              free.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          });
    }
  }

  @Test
  void oneThatIsStuckIsSeen() throws Exception {
    Vertx vertx = Vertx.vertx();
    CountDownLatch free = new CountDownLatch(1);
    try (Logs.Silence quiet = Logs.silence("io.vertx.core.impl.BlockedThreadChecker")) {
      SharedEventLoops loops = Await.result(SharedEventLoops.open(vertx, 2));
      assertTrue(loops.silentNs() < Duration.ofSeconds(20).toNanos());
      Await.result(loops.deploy(1, i -> new Stuck(free)));
      Await.until(
          () -> "silence: " + loops.silentNs(),
          () -> loops.silentNs() > Duration.ofSeconds(3).toNanos());
      free.countDown();
      Await.until(
          () -> "silence: " + loops.silentNs(),
          () -> loops.silentNs() < Duration.ofSeconds(2).toNanos());
    } finally {
      free.countDown();
      Await.result(vertx.close());
    }
  }
}
