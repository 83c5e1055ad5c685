package io.ppstp.tracker.security.bearer;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What has lately been found out about tokens, by their digests; the tokens themselves are not
 * kept. Bounded: the oldest goes first. Thread-safe.
 */
final class TokenCache<V> {
  static final int MOST = 10_000;

  private final long lifeMs;
  private final Map<TokenDigest, CachedValue<V>> entries = new LinkedHashMap<>();

  /** The SHA-256 of a token. */
  record TokenDigest(ByteBuffer bytes) {}

  private record CachedValue<V>(V value, long untilMs) {}

  /** Makes a cache that keeps what it is told for a minute. */
  TokenCache() {
    this(60_000);
  }

  TokenCache(long lifeMs) {
    this.lifeMs = lifeMs;
  }

  static TokenDigest digest(String token) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(token.getBytes(UTF_8));
      return new TokenDigest(ByteBuffer.wrap(hash).asReadOnlyBuffer());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Returns what is known at {@code nowMs}, or null. */
  synchronized @Nullable V get(TokenDigest token, long nowMs) {
    CachedValue<V> entry = entries.get(token);
    return entry == null || nowMs >= entry.untilMs() ? null : entry.value();
  }

  /** Returns whether anything was known of late, even if it is no longer current. */
  synchronized boolean remembers(TokenDigest token) {
    return entries.containsKey(token);
  }

  /** Keeps {@code value} until {@code untilMs} at the latest. */
  synchronized void put(TokenDigest token, V value, long untilMs, long nowMs) {
    entries.remove(token);
    entries.put(token, new CachedValue<>(value, Math.min(untilMs, nowMs + lifeMs)));
    if (entries.size() > MOST) {
      entries.remove(entries.keySet().iterator().next());
    }
  }

  synchronized int size() {
    return entries.size();
  }
}
