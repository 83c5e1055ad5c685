package io.ppstp.tracker.domain.swarm;

import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.protocol.PeerNum;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A drawn peer list as ready JSON, or none. Immutable by agreement: the bytes are not copied.
 *
 * @param entries the entries of {@code peer_info}, separated by commas; null if no list was wanted
 * @param withheld addresses of drawn peers that this requester may not be told
 * @param placed peers listed, if it is known where the requester is, else 0
 * @param near how many of those are in the requester's network
 * @param costed how many of them are in networks of which it is known what it costs to reach them
 * @param cost of all those together
 */
@SuppressWarnings("ArrayRecordComponent")
public record PeerList(
    byte @Nullable [] entries, int withheld, int placed, int near, int costed, double cost) {
  private static final byte[] NO_BYTES = new byte[0];

  /** No list was wanted. */
  public static final PeerList NOT_WANTED = new PeerList(null, 0);

  /** Makes a list for somebody of whom it is not known where it is. */
  public PeerList(byte @Nullable [] entries, int withheld) {
    this(entries, withheld, 0, 0);
  }

  /** Makes a list for somebody of whom it is not known what it costs to reach anybody. */
  public PeerList(byte @Nullable [] entries, int withheld, int placed, int near) {
    this(entries, withheld, placed, near, 0, 0);
  }

  /** A list of nobody. */
  static final PeerList EMPTY = new PeerList(NO_BYTES, 0);

  /**
   * What a peer list shall hold; immutable.
   *
   * @param count distinct peers at most
   * @param wish the requester's own status, by which the drawn peers are ranked
   * @param seed of the random choice; the same seed and swarm give the same list
   * @param mostBytes about how long the list may be; the first peer is listed whatever it takes
   * @param bestAddressOnly list one address of each peer instead of all
   * @param requesterIp where the requester is seen, null if that is not known
   * @param selection how members are chosen
   */
  public record Draw(
      int count,
      PeerNum wish,
      long seed,
      int mostBytes,
      boolean bestAddressOnly,
      @Nullable IpAddress requesterIp,
      Selection selection) {

    /** Makes a draw to which all members are alike. */
    public Draw(
        int count,
        PeerNum wish,
        long seed,
        int mostBytes,
        boolean bestAddressOnly,
        @Nullable IpAddress requesterIp) {
      this(count, wish, seed, mostBytes, bestAddressOnly, requesterIp, Selection.RANDOM);
    }

    /** Returns this with another way to choose. */
    public Draw by(Selection other) {
      return new Draw(count, wish, seed, mostBytes, bestAddressOnly, requesterIp, other);
    }
  }

  /**
   * What a draw of IDs of members has come to; immutable.
   *
   * @param seeders members in that mode, of all {@code members} of the swarm
   * @param ids in random order
   */
  public record MemberDraw(int seeders, int members, List<String> ids) {
    static final MemberDraw OF_NOBODY = new MemberDraw(0, 0, List.of());

    /** Returns how many members are no seeders. */
    public int leeches() {
      return members - seeders;
    }
  }
}
