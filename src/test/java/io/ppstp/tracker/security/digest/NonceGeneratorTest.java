package io.ppstp.tracker.security.digest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.security.digest.NonceStore.Nonce;
import io.ppstp.tracker.testing.FakeClock;
import io.ppstp.tracker.testing.Seeds;
import java.time.Duration;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Nonces that are known again without being kept. */
class NonceGeneratorTest {
  private static final Duration LIFE = Duration.ofMinutes(5);

  private final SplittableRandom random = Seeds.random();
  private final FakeClock clock = new FakeClock(1_800_000_000_000L);
  private final NonceKeys keys = new NonceKeys(NonceKeys.newKey(random));
  private final NonceGenerator mint = new NonceGenerator(keys, clock, LIFE, random);

  @Test
  void noTwoAreAlikeAndEachIsKnownOnEveryNode() {
    NonceGenerator otherNode = new NonceGenerator(keys, clock, LIFE, random);
    Set<Nonce> seen = new HashSet<>();
    for (int i = 0; i < 5000; i++) {
      assertTrue(seen.add(Objects.requireNonNull(otherNode.read(mint.mint()))));
      assertTrue(seen.add(Objects.requireNonNull(mint.read(otherNode.mint()))));
    }
  }

  @Test
  void livesForItsTime() {
    Nonce nonce = Objects.requireNonNull(mint.read(mint.mint()));
    assertTrue(mint.isFresh(nonce));
    assertFalse(mint.isAgeing(nonce));
    clock.advance(LIFE.toMillis() - 1);
    assertTrue(mint.isFresh(nonce));
    assertTrue(mint.isAgeing(nonce));
    clock.advance(1);
    assertFalse(mint.isFresh(nonce));
    assertEquals(clock.millis(), mint.expiresAtMs(nonce));
  }

  @Test
  void comesFromTheFutureOnlyAsFarAsClocksDiffer() {
    Nonce nonce = Objects.requireNonNull(mint.read(mint.mint()));
    clock.advance(-20_000);
    assertTrue(mint.isFresh(nonce));
    clock.advance(-20_000);
    assertFalse(mint.isFresh(nonce));
  }

  @Test
  void isForeignWhenAnythingIsChanged() {
    String text = mint.mint();
    for (int i = 0; i < text.length() - 1; i++) {
      char changed = text.charAt(i) == 'A' ? 'B' : 'A';
      assertNull(mint.read(text.substring(0, i) + changed + text.substring(i + 1)), text);
    }
    assertNull(mint.read(""));
    assertNull(mint.read(text + "A"));
    assertNull(mint.read(text.substring(1)));
    assertNull(mint.read("\u00e4".repeat(43)));
    assertNull(mint.read("7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v"));
  }

  @Test
  void outlivesOneChangeOfTheKey() {
    String text = mint.mint();
    keys.adopt(keys.current());
    keys.adopt(NonceKeys.newKey(random));
    assertNotNull(mint.read(text));
    assertNotNull(mint.read(mint.mint()));
    keys.adopt(NonceKeys.newKey(random));
    assertNull(mint.read(text));
  }
}
