package io.ppstp.tracker.security.digest;

import static io.ppstp.tracker.security.digest.NonceStore.Use.ACCEPTED;
import static io.ppstp.tracker.security.digest.NonceStore.Use.FORGOTTEN;
import static io.ppstp.tracker.security.digest.NonceStore.Use.FULL;
import static io.ppstp.tracker.security.digest.NonceStore.Use.REPLAYED;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ppstp.tracker.security.digest.NonceStore.Nonce;
import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.Seeds;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What every {@link NonceStore} does, whichever node is asked. */
public abstract class NonceLedgerContract {
  /** How long a nonce of these tests is remembered at least. */
  protected static final long LIFE_MS = 60_000;

  private static final AtomicLong SERIALS = new AtomicLong();

  /** Returns an empty ledger; each call to it may go to another node. */
  protected abstract NonceStore newLedger(int maximum);

  /** Returns the present time of the ledger. */
  protected abstract long nowMs();

  /** Returns a nonce that no test has used. */
  protected final Nonce newNonce() {
    return new Nonce(nowMs(), SERIALS.incrementAndGet());
  }

  /** Uses a count of a nonce that has just been made. */
  protected final NonceStore.Use use(NonceStore ledger, Nonce nonce, long count) {
    return use(ledger, nonce, "account of " + nonce.serial(), count);
  }

  /** Uses a count of a nonce that has just been made, as an account. */
  protected final NonceStore.Use use(NonceStore ledger, Nonce nonce, String account, long count) {
    return Await.result(ledger.use(nonce, account, count, nonce.mintedAtMs() + LIFE_MS));
  }

  @Test
  void eachCountOfEachNonceIsAcceptedOnce() {
    NonceStore ledger = newLedger(100);
    Nonce one = newNonce();
    Nonce other = newNonce();
    for (long count = 1; count < 10; count++) {
      assertEquals(ACCEPTED, use(ledger, one, count));
      assertEquals(ACCEPTED, use(ledger, other, count));
      assertEquals(REPLAYED, use(ledger, one, count));
      assertEquals(REPLAYED, use(ledger, other, 1));
    }
  }

  @Test
  void countsMayComeInAnyOrderWithinTheWindow() {
    NonceStore ledger = newLedger(100);
    Nonce nonce = newNonce();
    List<Long> counts =
        new ArrayList<>(LongStream.rangeClosed(1, CountWindow.SIZE).boxed().toList());
    Collections.shuffle(counts, new Random(Seeds.seed()));
    counts.forEach(count -> assertEquals(ACCEPTED, use(ledger, nonce, count)));
    counts.forEach(count -> assertEquals(REPLAYED, use(ledger, nonce, count)));
  }

  @Test
  void whatIsBehindTheWindowIsRefused() {
    NonceStore ledger = newLedger(100);
    Nonce nonce = newNonce();
    assertEquals(ACCEPTED, use(ledger, nonce, 5));
    assertEquals(ACCEPTED, use(ledger, nonce, 5 + CountWindow.SIZE));
    assertEquals(FORGOTTEN, use(ledger, nonce, 5));
    assertEquals(ACCEPTED, use(ledger, nonce, 6));
    assertEquals(ACCEPTED, use(ledger, nonce, 0xffff_ffffL));
    assertEquals(FORGOTTEN, use(ledger, nonce, 7));
  }

  @Test
  void ofManyUsesAtOnceOneIsAccepted() {
    NonceStore ledger = newLedger(1000);
    for (int round = 0; round < 20; round++) {
      Nonce nonce = newNonce();
      List<Future<NonceStore.Use>> uses = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        uses.add(ledger.use(nonce, "one", 1 + i % 2, nonce.mintedAtMs() + LIFE_MS));
      }
      var counted =
          uses.stream()
              .map(Await::result)
              .collect(Collectors.groupingBy(use -> use, Collectors.counting()));
      assertEquals(2, counted.get(ACCEPTED));
      assertEquals(18, counted.get(REPLAYED));
    }
  }

  @Test
  void oneAccountLeavesRoomForOthers() {
    NonceStore ledger = newLedger(20);
    Nonce first = newNonce();
    assertEquals(ACCEPTED, use(ledger, first, "hoarder", 1));
    for (int i = 0; i < 40; i++) {
      use(ledger, newNonce(), "hoarder", 1);
    }
    assertEquals(FULL, use(ledger, newNonce(), "hoarder", 1));
    assertEquals(ACCEPTED, use(ledger, first, "hoarder", 2), "what it has it keeps");
    for (int i = 0; i < 8; i++) {
      assertEquals(ACCEPTED, use(ledger, newNonce(), "viewer " + i, 1));
    }
  }

  @Test
  void aFullLedgerForgetsNothing() {
    NonceStore ledger = newLedger(4);
    Nonce first = newNonce();
    assertEquals(ACCEPTED, use(ledger, first, 1));
    for (int i = 0; i < 40; i++) {
      use(ledger, newNonce(), 1);
    }
    assertEquals(FULL, use(ledger, newNonce(), 1));
    assertEquals(REPLAYED, use(ledger, first, 1));
    assertEquals(ACCEPTED, use(ledger, first, 2));
  }
}
