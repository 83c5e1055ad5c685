package io.ppstp.tracker.logging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class LogLevelsTest {
  private static final String NAME = "org.example.levels";

  private final AtomicLong nowNs = new AtomicLong();
  private final LogLevels levels = new LogLevels(nowNs::get);
  private final Logger logger = LoggerFactory.getLogger(NAME + ".Some");

  @AfterEach
  void undo() {
    levels.reset(NAME);
  }

  @Test
  void aLoggerSpeaksFromThereUntilItIsUndone() {
    assertFalse(logger.isDebugEnabled());
    assertEquals("DEBUG", levels.set(NAME, "DEBUG", Duration.ZERO).level());
    assertTrue(logger.isDebugEnabled());
    levels.set(NAME, "OFF", Duration.ZERO);
    assertFalse(logger.isErrorEnabled());
    assertTrue(levels.levels().stream().anyMatch(it -> it.logger().equals(NAME) && it.changed()));
    assertTrue(levels.reset(NAME));
    assertTrue(logger.isInfoEnabled(), "as before the first change");
    assertFalse(logger.isDebugEnabled());
    assertFalse(levels.reset(NAME));
  }

  @Test
  void aTimeEndsByItself() {
    assertEquals(60L, levels.set(NAME, "DEBUG", Duration.ofMinutes(1)).secondsLeft());
    nowNs.addAndGet(Duration.ofSeconds(59).toNanos());
    assertEquals(List.of(), levels.tick());
    assertTrue(logger.isDebugEnabled());
    nowNs.addAndGet(Duration.ofSeconds(1).toNanos());
    assertEquals(List.of(NAME), levels.tick());
    assertFalse(logger.isDebugEnabled());
  }

  @Test
  void theAuditLogAndWhatIsNoNameAreRefused() {
    for (String bad : List.of("audit", "audit.x", "", "a..b", "a b", "a\nb", "x".repeat(201))) {
      assertNotNull(levels.fault(bad), bad);
    }
    assertNull(levels.fault("ROOT"));
    assertThrows(IllegalArgumentException.class, () -> levels.set("audit", "OFF", Duration.ZERO));
    assertThrows(IllegalArgumentException.class, () -> levels.set(NAME, "LOUD", Duration.ZERO));
  }

  @Test
  void thereAreOnlySoMany() {
    for (int i = 0; i < LogLevels.MOST; i++) {
      levels.set(NAME + ".n" + i, "WARN", Duration.ofSeconds(1));
    }
    assertNotNull(levels.fault(NAME));
    assertNull(levels.fault(NAME + ".n7"), "changed already");
    nowNs.addAndGet(Duration.ofSeconds(1).toNanos());
    assertEquals(LogLevels.MOST, levels.tick().size());
    assertNull(levels.fault(NAME));
  }
}
