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
  /** A byte that no text begins with. */
  byte NOT_IN_UTF_8 = (byte) 0xff;

  /** Peers are called by their IDs. */
  PeerNames CLEAR = (kind, id, atMs) -> id;

  /** Peers are not told apart. */
  PeerNames NONE = (kind, id, atMs) -> null;

  /** What is named. A peer may be called like somebody; their names differ all the same. */
  enum Named {
    PEER,
    /** Who has sent a request, and has proved it. */
    IDENTITY
  }

  /** Returns what {@code id} is called in an event of that time, null for nothing. */
  @Nullable String nameOf(Named kind, String id, long atMs);

  /** Returns what {@code peerId} is called in an event of that time, null for nothing. */
  default @Nullable String nameOf(String peerId, long atMs) {
    return nameOf(Named.PEER, peerId, atMs);
  }

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
    return (kind, id, atMs) -> {
      byte[] key = keyOfDay.apply(dayOf(atMs));
      return key == null ? null : hash(key, kind, id);
    };
  }

  private static String hash(byte[] key, Named kind, String id) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      if (kind == Named.IDENTITY) {
        mac.update(NOT_IN_UTF_8);
      }
      byte[] all = mac.doFinal(id.getBytes(UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(all, 16));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }
}
