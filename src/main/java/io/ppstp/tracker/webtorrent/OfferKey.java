package io.ppstp.tracker.webtorrent;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A key of this node, and the checks of offers that nobody can make without it: 64 bits each of
 * HMAC-SHA-256 (RFC 2104). Confined to one event loop.
 *
 * <p>One HMAC has 256 bits, so it serves four offers of a socket in a row: an announce has five or
 * so, and an HMAC for each of them took a twentieth of what an announce costs.
 */
final class OfferKey {
  /** Offers that one HMAC has checks for. */
  static final int CHECKS = 4;

  private static final String ALGORITHM = "HmacSHA256";

  private final Mac mac;
  private final ByteBuffer words = ByteBuffer.allocate(2 * Long.BYTES);

  /** Takes a key, which has to be fit for keys. */
  OfferKey(long high, long low) {
    byte[] key = ByteBuffer.allocate(2 * Long.BYTES).putLong(high).putLong(low).array();
    try {
      mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + ALGORITHM, e);
    }
  }

  /** Returns the checks of the {@code group}th {@link #CHECKS} offers of a socket. */
  long[] checks(long socket, long group) {
    mac.update(words.clear().putLong(socket).putLong(group).flip());
    long[] checks = new long[CHECKS];
    ByteBuffer.wrap(mac.doFinal()).asLongBuffer().get(checks);
    return checks;
  }
}
