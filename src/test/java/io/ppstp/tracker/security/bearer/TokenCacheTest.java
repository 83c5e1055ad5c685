package io.ppstp.tracker.security.bearer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;

class TokenCacheTest {
  private final TokenCache<String> cache = new TokenCache<>();

  @Test
  void keepsForAMinuteAtMost() {
    TokenCache.TokenDigest a = TokenCache.digest("a");
    cache.put(a, "long", Long.MAX_VALUE, 1000);
    assertEquals("long", cache.get(TokenCache.digest("a"), 60_999));
    assertNull(cache.get(a, 61_000));
    cache.put(a, "short", 1500, 1000);
    assertEquals("short", cache.get(a, 1499));
    assertNull(cache.get(a, 1500));
    assertNull(cache.get(TokenCache.digest("b"), 1000));
  }

  @Test
  void isBounded() {
    for (int i = 0; i < TokenCache.MOST + 500; i++) {
      cache.put(TokenCache.digest("t" + i), "v", Long.MAX_VALUE, 0);
    }
    assertEquals(TokenCache.MOST, cache.size());
    assertNull(cache.get(TokenCache.digest("t499"), 0));
    assertEquals("v", cache.get(TokenCache.digest("t500"), 0));
  }
}
