package io.ppstp.tracker.logging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class AccessLogTest {
  private final AtomicLong nowNs = new AtomicLong();
  private final Logger logger = (Logger) LoggerFactory.getLogger(LogStreams.ACCESS);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

  @BeforeEach
  void listen() {
    lines.start();
    logger.setAdditive(false);
    logger.addAppender(lines);
  }

  @AfterEach
  void speakAgain() {
    logger.detachAppender(lines);
    logger.setAdditive(true);
  }

  private AccessLog log(int oneIn, int perSecond) {
    return new AccessLog(oneIn, perSecond, new SplittableRandom(1)::nextInt, nowNs::get);
  }

  private static int wanted(AccessLog log, int requests) {
    int wanted = 0;
    for (int i = 0; i < requests; i++) {
      wanted += log.wants() ? 1 : 0;
    }
    return wanted;
  }

  private List<String> written() {
    return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  @Test
  void aLineSaysWhatBecameOfARequest() {
    log(1, 1)
        .write(
            new AccessLog.Line(
                "192.0.2.7", "POST", "h2", 403, 91, 1_234_567, "CONNECT", "FORBIDDEN_ACTION"));
    assertEquals(
        List.of("192.0.2.7 POST h2 403 91 bytes 1.235 ms CONNECT FORBIDDEN_ACTION"), written());
    assertEquals("client", lines.list.get(0).getKeyValuePairs().get(0).key);
  }

  @Test
  void itIsOffOrASample() {
    assertFalse(log(0, 100).wants());
    assertEquals(10_000, wanted(log(1, 100_000), 10_000));
    int drawn = wanted(log(100, 100_000), 100_000);
    assertEquals(1000, drawn, 150, "a hundredth of them");
  }

  @Test
  void whoeverAsksDoesNotMakeItGrowBeyondItsRate() {
    AccessLog log = log(1, 100);
    assertEquals(100, wanted(log, 5000));
    nowNs.addAndGet(Duration.ofSeconds(1).toNanos());
    assertEquals(100, wanted(log, 5000));
    assertEquals(List.of("4900 more requests that were drawn were left out"), written());
  }
}
