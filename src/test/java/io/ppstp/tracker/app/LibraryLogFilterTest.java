package io.ppstp.tracker.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.core.spi.FilterReply;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LibraryLogFilterTest {
  private final LoggerContext context = new LoggerContext();
  private final AtomicLong nowNs = new AtomicLong();
  private final LibraryLogFilter filter = new LibraryLogFilter(nowNs::get);

  private int passed(String logger, Level level, int lines) {
    Logger log = context.getLogger(logger);
    int passed = 0;
    for (int i = 0; i < lines; i++) {
      FilterReply reply = filter.decide(null, log, level, "line {}", new Object[] {i}, null);
      passed += reply == FilterReply.NEUTRAL ? 1 : 0;
    }
    return passed;
  }

  @Test
  void librariesWriteSoManyLinesAMinute() {
    assertEquals(60, passed("io.vertx.core.Any", Level.ERROR, 1000));
    assertEquals(0, passed("io.netty.any", Level.WARN, 1000), "all of them together");
    assertEquals(1000, passed("io.ppstp.tracker.app.Tracker", Level.INFO, 1000));
    assertEquals(1000, passed("audit", Level.WARN, 1000));
    nowNs.addAndGet(Duration.ofMinutes(1).toNanos());
    assertEquals(60, passed("io.vertx.core.Any", Level.ERROR, 100));
  }

  @Test
  void whatIsNotLoggedDoesNotCount() {
    context.getLogger("io.netty").setLevel(Level.WARN);
    assertEquals(1000, passed("io.netty.any", Level.DEBUG, 1000));
    assertEquals(60, passed("io.netty.any", Level.WARN, 1000));
  }
}
