package io.ppstp.tracker.security.digest;

import static io.ppstp.tracker.security.digest.NonceStore.Use.ACCEPTED;
import static io.ppstp.tracker.security.digest.NonceStore.Use.FULL;
import static io.ppstp.tracker.security.digest.NonceStore.Use.REPLAYED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.security.digest.NonceStore.Nonce;
import io.ppstp.tracker.testing.FakeClock;
import org.junit.jupiter.api.Test;

/** The contract in one process, and how it lets go. */
class LocalNonceStoreTest extends NonceLedgerContract {
  private final FakeClock clock = new FakeClock(1_800_000_000_000L);

  @Override
  protected NonceStore newLedger(int maximum) {
    return new LocalNonceStore(clock, maximum);
  }

  @Override
  protected long nowMs() {
    return clock.millis();
  }

  @Test
  void remembersAsLongAsANonceLivesAndNoLonger() {
    LocalNonceStore ledger = new LocalNonceStore(clock, 10);
    Nonce nonce = newNonce();
    assertEquals(ACCEPTED, use(ledger, nonce, 1));
    clock.advance(LIFE_MS - 1);
    assertEquals(REPLAYED, use(ledger, nonce, 1));
    clock.advance(10_000);
    assertEquals(ACCEPTED, use(ledger, newNonce(), 1));
    assertEquals(1, ledger.size());
  }

  @Test
  void manyNoncesAreHeldToTheBoundAndLeaveRoomWhenTheyExpire() {
    int maximum = 100_000;
    LocalNonceStore ledger = new LocalNonceStore(clock, maximum);
    int full = 0;
    long before = usedMemory();
    for (int i = 0; i < 3 * maximum; i++) {
      if (i % 1000 == 0) {
        clock.advance(1);
      }
      full += use(ledger, newNonce(), 1) == FULL ? 1 : 0;
    }
    long bytes = usedMemory() - before;
    System.out.println("LocalNonceStoreTest: " + bytes / maximum + " bytes per nonce");
    assertEquals(2 * maximum, full);
    assertEquals(maximum, ledger.size());
    assertTrue(bytes < 400L * maximum, bytes + " bytes");
    clock.advance(LIFE_MS + 10_000);
    assertEquals(ACCEPTED, use(ledger, newNonce(), 1));
    assertEquals(1, ledger.size());
  }

  private static long usedMemory() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
