package io.ppstp.tracker.domain.swarm;

import io.ppstp.tracker.domain.address.CompactBuffer;
import io.ppstp.tracker.protocol.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * What a draw of addresses from a swarm has come to, in the form of BitTorrent. Immutable by
 * agreement: the bytes are not copied.
 *
 * @param seeders members in that mode, of all {@code members} of the swarm
 * @param v4 of each member drawn that has an IPv4 address: it and its port, 6 bytes (BEP 23)
 * @param v6 of each other: its IPv6 address and port, 18 bytes (BEP 7)
 */
@SuppressWarnings("ArrayRecordComponent")
public record CompactList(int seeders, int members, byte[] v4, byte[] v6) {
  private static final byte[] NO_BYTES = new byte[0];

  static final CompactList OF_NOBODY = new CompactList(0, 0, NO_BYTES, NO_BYTES);

  /** Returns how many members are no seeders. */
  public int leeches() {
    return members - seeders;
  }

  /** Returns the addresses of {@code drawn} that somebody who is seen at {@code ip} may be told. */
  static CompactList of(Member[] drawn, @Nullable IpAddress ip, int seeders, int members) {
    CompactBuffer out = new CompactBuffer(drawn.length);
    for (Member member : drawn) {
      member.addresses().writeTo(out, !member.isOpenTo(ip));
    }
    return new CompactList(seeders, members, out.v4(), out.v6());
  }
}
