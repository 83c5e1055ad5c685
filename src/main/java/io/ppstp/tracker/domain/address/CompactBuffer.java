package io.ppstp.tracker.domain.address;

import java.util.Arrays;

/**
 * Collects addresses as BitTorrent trackers list them: IP and port in network order, 6 bytes for
 * IPv4 (BEP 23) and 18 for IPv6 (BEP 7), each family for itself. Confined to one draw.
 */
public final class CompactBuffer {
  private static final int V4_BYTES = 6;
  private static final int V6_BYTES = 18;
  private static final byte[] NOTHING = new byte[0];

  private final int most;
  private final byte[] v4;
  private int v4Length;

  /** Made when it is needed: many swarms have no IPv6. */
  private byte[] v6 = NOTHING;

  private int v6Length;

  /** Makes an empty buffer for at most {@code most} addresses. */
  public CompactBuffer(int most) {
    this.most = most;
    this.v4 = most == 0 ? NOTHING : new byte[most * V4_BYTES];
  }

  /** Appends the IP and port that stand at {@code from}. */
  void add(byte[] bytes, int from, boolean isV4) {
    if (isV4) {
      System.arraycopy(bytes, from, v4, v4Length, V4_BYTES);
      v4Length += V4_BYTES;
    } else {
      if (v6Length == 0) {
        v6 = new byte[most * V6_BYTES];
      }
      System.arraycopy(bytes, from, v6, v6Length, V6_BYTES);
      v6Length += V6_BYTES;
    }
  }

  /** Returns those of IPv4. */
  public byte[] v4() {
    return v4Length == v4.length ? v4 : Arrays.copyOf(v4, v4Length);
  }

  /** Returns those of IPv6. */
  public byte[] v6() {
    return v6Length == v6.length ? v6 : Arrays.copyOf(v6, v6Length);
  }
}
