package io.ppstp.tracker.domain.swarm;

import io.ppstp.tracker.domain.address.CompactBuffer;
import io.ppstp.tracker.domain.swarm.PeerList.Draw;
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

  /** Draws a uniform sample, as {@link PeerListDraw} does. */
  static CompactList draw(
      IndexedSet<Member> listed,
      @Nullable PlaceIndex places,
      String requester,
      Draw draw,
      int seeders,
      int members) {
    if (draw.count() == 0) {
      return new CompactList(seeders, members, NO_BYTES, NO_BYTES);
    }
    Member[] drawn =
        PeerListDraw.sample(listed, places, listed.positionOf(requester), draw).members();
    CompactBuffer out = new CompactBuffer(drawn.length);
    for (Member member : drawn) {
      member.addresses().writeTo(out, !member.isOpenTo(draw.requesterIp()));
    }
    return new CompactList(seeders, members, out.v4(), out.v6());
  }
}
