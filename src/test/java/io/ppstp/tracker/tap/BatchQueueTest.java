package io.ppstp.tracker.tap;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BatchQueueTest {
  private static final byte[] LINE = "x".repeat(99).getBytes(US_ASCII);
  private final AtomicLong nowNs = new AtomicLong();

  private BatchQueue queue(Duration age) {
    return new BatchQueue(new BatchRules(1000, 5, age, 5000), nowNs::get, () -> null);
  }

  private static void add(BatchQueue queue, int lines) {
    for (int i = 0; i < lines; i++) {
      queue.makeRoom(LINE.length);
      queue.add(LINE, 0, LINE.length);
    }
  }

  private static Batch next(BatchQueue queue, boolean now) {
    Batch batch = queue.poll(now);
    assertNotNull(batch);
    return batch;
  }

  @Test
  void aBatchIsDueWhenItIsFullOrOld() {
    BatchQueue queue = queue(Duration.ofNanos(100));
    assertEquals(-1, queue.waitNs());
    add(queue, 4);
    assertNull(queue.poll(false));
    assertEquals(100, queue.waitNs());
    add(queue, 2);
    Batch full = next(queue, false);
    assertEquals(5, full.events());
    assertEquals(500, full.length());
    assertNull(queue.poll(false));
    nowNs.addAndGet(100);
    assertEquals(1, next(queue, false).events());
    assertTrue(queue.isEmpty());
  }

  @Test
  void withoutAnAgeNothingWaits() {
    BatchQueue queue = queue(Duration.ZERO);
    add(queue, 1);
    assertEquals(1, next(queue, false).events());
  }

  @Test
  void itSaysInTimeThatItIsFull() {
    BatchQueue queue = queue(Duration.ofSeconds(1));
    while (!queue.isFull()) {
      add(queue, 1);
    }
    assertTrue(queue.held() <= 5000, "within its bound");
    // What comes with the piece of data that made it full.
    add(queue, 5);
    assertTrue(queue.held() <= 5000, "within its bound");
    assertFalse(queue.isRoomy());
    while (!queue.isEmpty()) {
      queue.release(next(queue, true));
    }
    assertTrue(queue.isRoomy());
    assertEquals(0, queue.held());
  }

  @Test
  void aLineThatIsLongerThanABatchHasOneOfItsOwn() {
    BatchQueue queue = queue(Duration.ofSeconds(1));
    add(queue, 1);
    byte[] longLine = new byte[3000];
    queue.makeRoom(longLine.length);
    queue.add(longLine, 0, longLine.length);
    assertEquals(100, next(queue, false).length());
    assertEquals(3001, next(queue, true).length());
  }
}
