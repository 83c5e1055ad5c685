package io.ppstp.tracker.logging;

import static io.ppstp.tracker.logging.LogLimiter.HOLD_BACK;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogLimiterTest {
  private static final long MINUTE_NS = Duration.ofMinutes(1).toNanos();

  private final AtomicLong nowNs = new AtomicLong();
  private final LogLimiter limiter = new LogLimiter(nowNs::get);

  @Test
  void oneLineOfAKindPassesPerMinute() {
    assertEquals(0, limiter.ask("a"));
    assertEquals(HOLD_BACK, limiter.ask("a"));
    assertEquals(0, limiter.ask("b"), "kinds do not share their minute");
    nowNs.addAndGet(MINUTE_NS - 1);
    assertEquals(HOLD_BACK, limiter.ask("a"));
    nowNs.addAndGet(1);
    assertEquals(2, limiter.ask("a"), "two were held back");
    assertEquals(HOLD_BACK, limiter.ask("a"));
    assertEquals(0, limiter.ask("b"));
    nowNs.addAndGet(10 * MINUTE_NS);
    assertEquals(1, limiter.ask("a"));
  }

  /** As {@link System#nanoTime} may begin anywhere, it may also pass its end. */
  @ParameterizedTest
  @ValueSource(longs = {Long.MIN_VALUE, -1, Long.MAX_VALUE, Long.MAX_VALUE - 30_000_000_000L})
  void theClockMayBeginAnywhere(long startNs) {
    nowNs.set(startNs);
    LogLimiter late = new LogLimiter(nowNs::get);
    assertEquals(0, late.ask("a"));
    assertEquals(HOLD_BACK, late.ask("a"));
    nowNs.addAndGet(MINUTE_NS - 1);
    assertEquals(HOLD_BACK, late.ask("a"));
    nowNs.addAndGet(1);
    assertEquals(2, late.ask("a"));
  }

  @Test
  void kindsWithoutEndTakeNoMemoryWithoutEnd() {
    long passed =
        IntStream.range(0, 100_000).filter(i -> limiter.ask("kind " + i) != HOLD_BACK).count();
    assertEquals(LogLimiter.MOST_KINDS + 1, passed);
    assertEquals(HOLD_BACK, limiter.ask("kind 0"), "those that came first have their own");
    nowNs.addAndGet(MINUTE_NS);
    assertEquals(1, limiter.ask("kind 0"));
    assertEquals(100_000 - LogLimiter.MOST_KINDS - 1, limiter.ask("one kind more"));
  }

  @Test
  void ofManyThreadsOnePassesAndNoneIsForgotten() throws Exception {
    int threads = 8;
    int each = 20_000;
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      Callable<Long> asking =
          () -> IntStream.range(0, each).filter(i -> limiter.ask("a") != HOLD_BACK).count();
      List<Future<Long>> asked = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        asked.add(pool.submit(asking));
      }
      long passed = 0;
      for (Future<Long> one : asked) {
        passed += one.get();
      }
      assertEquals(1, passed);
    } finally {
      pool.shutdownNow();
    }
    nowNs.addAndGet(MINUTE_NS);
    assertEquals((long) threads * each - 1, limiter.ask("a"));
  }

  @Test
  void textOfOthersStaysInItsLineAndShort() {
    assertEquals("node-1 é 漢", ForeignText.of("node-1 é 漢"));
    assertEquals("a?b?c?d?e", ForeignText.of("a\nb\u001bc\u202ed\u2028e"));
    String shown = ForeignText.of("x".repeat(1_000_000));
    assertTrue(shown.length() <= 101, shown);
    assertEquals("??", ForeignText.of("\ud83d\ude00"), "two halves of one sign");
  }
}
