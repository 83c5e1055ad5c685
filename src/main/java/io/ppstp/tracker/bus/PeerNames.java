package io.ppstp.tracker.bus;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * What listeners to events are told of who a peer is (RFC 7846, Section 6.5): they need not learn
 * who watches what to see that somebody does. Thread-safe.
 */
@FunctionalInterface
public interface PeerNames {
  /** Peers are called by their IDs. */
  PeerNames CLEAR = (peerId, atMs) -> peerId;

  /** Peers are not told apart. */
  PeerNames NONE = (peerId, atMs) -> null;

  /** Returns what {@code peerId} is called in an event of that time, null for nothing. */
  @Nullable String nameOf(String peerId, long atMs);

  /** Returns the day of a time in epoch milliseconds, in UTC. */
  static long dayOf(long atMs) {
    return Math.floorDiv(atMs, TimeUnit.DAYS.toMillis(1));
  }

  /**
   * Calls peers by a keyed hash of their IDs, so that a peer has one name for a day, and whoever
   * guesses an ID cannot look for it.
   *
   * @param keyOfDay the key of a {@linkplain #dayOf day}, null if it cannot be had: then peers have
   *     no name
   */
  static PeerNames hashed(LongFunction<byte @Nullable []> keyOfDay) {
    return (peerId, atMs) -> {
      byte[] key = keyOfDay.apply(dayOf(atMs));
      return key == null ? null : hash(key, peerId);
    };
  }

  private static String hash(byte[] key, String peerId) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      byte[] all = mac.doFinal(peerId.getBytes(UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(all, 16));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }
}
