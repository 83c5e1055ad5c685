package io.ppstp.tracker.app;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.app.StoreRoom.HeapWatch;
import io.ppstp.tracker.testing.Await;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class HeapWatchTest {
  @Test
  void theHeapIsFullUntilThereIsClearlyRoomAgain() {
    HeapWatch watch = new HeapWatch(1000);
    assertFalse(watch.getAsBoolean());
    watch.collected(920);
    assertFalse(watch.getAsBoolean());
    watch.collected(921);
    assertTrue(watch.getAsBoolean());
    watch.collected(860);
    assertTrue(watch.getAsBoolean(), "neither full nor clearly not");
    watch.collected(849);
    assertFalse(watch.getAsBoolean());
  }

  @Test
  void aCollectionOfThisProcessIsHeardOf() throws Exception {
    AtomicBoolean heard = new AtomicBoolean();
    HeapWatch.listen(used -> heard.set(used > 0));
    System.gc();
    Await.until("a collection", Duration.ofSeconds(30), heard::get);
  }
}
