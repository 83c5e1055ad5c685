package io.ppstp.tracker.security.digest;

import io.ppstp.tracker.security.digest.NonceStore.Nonce;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Makes nonces and knows its own again without keeping them: time, serial number and an HMAC over
 * both. Serial numbers begin at random, so that nodes with one key do not make the same nonce.
 * Thread-safe.
 */
public final class NonceGenerator {
  private static final String HMAC = "HmacSHA256";
  private static final int MAC_LENGTH = 16;
  private static final int LENGTH = 2 * Long.BYTES + MAC_LENGTH;
  private static final int TEXT_LENGTH = 43;

  /** How far a node's clock may be ahead of ours. */
  private static final long SKEW_MS = 30_000;

  private final NonceKeys keys;
  private final InstantSource clock;
  private final long lifeMs;
  private final AtomicLong nextSerial;

  /**
   * Makes a mint.
   *
   * @param life how long a nonce is good for
   */
  public NonceGenerator(
      NonceKeys keys, InstantSource clock, Duration life, RandomGenerator random) {
    this.keys = keys;
    this.clock = clock;
    this.lifeMs = life.toMillis();
    this.nextSerial = new AtomicLong(random.nextLong());
  }

  /** Returns the text of a new nonce. */
  public String mint() {
    byte[] bytes =
        ByteBuffer.allocate(LENGTH)
            .putLong(clock.millis())
            .putLong(nextSerial.getAndIncrement())
            .array();
    byte[] mac = mac(bytes, keys.newestFirst().get(0));
    System.arraycopy(mac, 0, bytes, LENGTH - MAC_LENGTH, MAC_LENGTH);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** Returns the nonce that {@code text} says, or null if it was not made with our keys. */
  @Nullable Nonce read(String text) {
    byte[] bytes = decode(text);
    if (bytes == null) {
      return null;
    }
    byte[] mac = Arrays.copyOfRange(bytes, LENGTH - MAC_LENGTH, LENGTH);
    for (byte[] key : keys.newestFirst()) {
      if (MessageDigest.isEqual(mac, mac(bytes, key))) {
        ByteBuffer fields = ByteBuffer.wrap(bytes);
        return new Nonce(fields.getLong(), fields.getLong());
      }
    }
    return null;
  }

  private static byte @Nullable [] decode(String text) {
    if (text.length() != TEXT_LENGTH) {
      return null;
    }
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(text);
      return bytes.length == LENGTH ? bytes : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static byte[] mac(byte[] bytes, byte[] key) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(key, HMAC));
      mac.update(bytes, 0, LENGTH - MAC_LENGTH);
      return Arrays.copyOf(mac.doFinal(), MAC_LENGTH);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java lacks " + HMAC, e);
    }
  }

  boolean isFresh(Nonce nonce) {
    long ageMs = ageMs(nonce);
    return ageMs >= -SKEW_MS && ageMs < lifeMs;
  }

  /** Returns whether the client should move to a newer nonce before this one expires. */
  boolean isAgeing(Nonce nonce) {
    return ageMs(nonce) > lifeMs / 2;
  }

  private long ageMs(Nonce nonce) {
    return clock.millis() - nonce.mintedAtMs();
  }

  long expiresAtMs(Nonce nonce) {
    return nonce.mintedAtMs() + lifeMs;
  }
}
