package io.ppstp.tracker.domain.address;

import io.ppstp.tracker.domain.address.Origin.Observed;
import io.ppstp.tracker.domain.address.PackedAddresses.Source;
import io.ppstp.tracker.protocol.AddressWriter;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.protocol.JsonBuffer;
import io.ppstp.tracker.protocol.PeerAddress;
import io.ppstp.tracker.protocol.PeerAddress.AccessType;
import io.ppstp.tracker.protocol.PeerAddress.AddressType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The addresses under which other peers may reach a peer, by descending priority; immutable. Empty
 * for a peer that is registered but not listed: it has advertised none, or none that is told.
 *
 * <p>It is no more than a way to look at bytes: whoever holds many keeps those ({@link #packed}),
 * and makes this of them when it is needed.
 */
public final class PeerAddresses {
  /** No address known. */
  public static final PeerAddresses NONE = new PeerAddresses(List.of(), false, false);

  /** The priority of the address that the tracker itself observed. */
  private static final long OBSERVED_PRIORITY = 1;

  /**
   * Returns the addresses that a peer advertised, sorted already; {@link #NONE} if there are none.
   *
   * @param vouched whether the peer has proved who it is
   */
  public static PeerAddresses advertised(List<PeerAddress> addresses, boolean vouched) {
    return addresses.isEmpty() ? NONE : new PeerAddresses(addresses, true, vouched);
  }

  /**
   * Returns the addresses that the tracker derives from where requests came from.
   *
   * @param asn of the autonomous system that they are in, 0 if it is not known
   */
  public static PeerAddresses observed(Observed observed, int mediaPort, int asn) {
    List<PeerAddress> addresses = new ArrayList<>(2);
    if (observed.v4() != null) {
      addresses.add(PeerAddress.reflexive(observed.v4(), mediaPort, OBSERVED_PRIORITY).in(asn));
    }
    if (observed.v6() != null) {
      addresses.add(PeerAddress.reflexive(observed.v6(), mediaPort, OBSERVED_PRIORITY).in(asn));
    }
    return new PeerAddresses(addresses, false, false);
  }

  private final byte[] packed;

  /**
   * Makes addresses of {@code all}, which must be sorted already.
   *
   * @param advertised whether the peer named them itself; otherwise the tracker observed them
   * @param vouched whether the peer had proved who it is when it named them; says nothing of those
   *     that it did not name
   */
  public PeerAddresses(List<PeerAddress> all, boolean advertised, boolean vouched) {
    this(
        PackedAddresses.pack(
            all, !advertised ? Source.OBSERVED : vouched ? Source.VOUCHED : Source.ADVERTISED));
  }

  private PeerAddresses(byte[] packed) {
    this.packed = packed;
  }

  /** Returns the addresses whose bytes {@code packed} are. */
  public static PeerAddresses ofPacked(byte[] packed) {
    return new PeerAddresses(packed);
  }

  /** Returns all that this consists of, for {@link #ofPacked}; not to be changed. */
  public byte[] packed() {
    return packed;
  }

  /** Returns all addresses; makes the list anew. */
  public List<PeerAddress> all() {
    return PackedAddresses.unpack(packed);
  }

  /** Returns whether the peer named them itself; otherwise the tracker observed them. */
  public boolean advertised() {
    return PackedAddresses.source(packed) != Source.OBSERVED;
  }

  /** Returns whether the peer had proved who it is when it named them. */
  public boolean vouched() {
    return PackedAddresses.source(packed) == Source.VOUCHED;
  }

  /** Returns whether a list can name this peer. */
  public boolean isListable() {
    return PackedAddresses.hasAny(packed);
  }

  /**
   * Returns what a response tells this peer about its own public address (RFC 7846, Section 4.1.1),
   * or null if the peer has gathered its candidates itself. The source port of a request is not a
   * port that serves media, so the advertised one is preferred when it is unambiguous.
   */
  public @Nullable PeerAddress reflexive(IpAddress observed, int observedPort) {
    if (!advertised()) {
      return PeerAddress.reflexive(observed, observedPort, OBSERVED_PRIORITY);
    }
    int port = 0;
    boolean unambiguous = true;
    PackedAddresses each = new PackedAddresses(packed);
    while (each.next()) {
      if (each.type() != AddressType.HOST) {
        return null;
      }
      unambiguous &= port == 0 || port == each.port();
      port = each.port();
    }
    return PeerAddress.reflexive(
        observed, unambiguous && port != 0 ? port : observedPort, OBSERVED_PRIORITY);
  }

  /** Returns these with what {@code change} makes of each. */
  public PeerAddresses each(UnaryOperator<PeerAddress> change) {
    List<PeerAddress> before = all();
    List<PeerAddress> after = before.stream().map(change).toList();
    // What is the same is shared: there is one for each of a million peers.
    return after.equals(before) ? this : new PeerAddresses(after, advertised(), vouched());
  }

  /** Returns how many bytes they take here. */
  public int packedBytes() {
    return packed.length;
  }

  /** Returns the priority of the best, 0 if there are none. */
  public long highestPriority() {
    PackedAddresses first = new PackedAddresses(packed);
    return first.next() ? first.priority() : 0;
  }

  /** Returns whether the best is one of a wireless access network, as the peer says. */
  public boolean isWireless() {
    PackedAddresses first = new PackedAddresses(packed);
    return first.next() && first.access() == AccessType.WIRELESS;
  }

  /** Returns how many there are. */
  public int count() {
    int count = 0;
    PackedAddresses each = new PackedAddresses(packed);
    while (each.next()) {
      count++;
    }
    return count;
  }

  /** Returns whether any address is not public. */
  boolean anyPrivate() {
    return any(false);
  }

  /** Returns whether any address is public. */
  public boolean anyPublic() {
    return any(true);
  }

  private boolean any(boolean isPublic) {
    PackedAddresses each = new PackedAddresses(packed);
    while (each.next()) {
      if (each.isPublic() == isPublic) {
        return true;
      }
    }
    return false;
  }

  /**
   * Appends one list entry per address, adjacent, or only that of highest priority.
   *
   * @param publicOnly pass over the addresses that are not public; some must be
   * @return how many were passed over
   */
  public int writeTo(JsonBuffer out, String peerId, boolean bestOnly, boolean publicOnly) {
    int written = 0;
    int passedOver = 0;
    PackedAddresses each = new PackedAddresses(packed);
    while (!(bestOnly && written > 0) && each.next()) {
      if (publicOnly && !each.isPublic()) {
        passedOver++;
        continue;
      }
      if (written++ > 0) {
        out.raw(',');
      }
      AddressWriter.beginPeerInfo(out, peerId);
      each.writeTo(out);
      AddressWriter.endPeerInfo(out);
    }
    return passedOver;
  }

  /**
   * Appends the address of highest priority.
   *
   * @param publicOnly pass over the addresses that are not public
   */
  public void writeTo(CompactBuffer out, boolean publicOnly) {
    PackedAddresses each = new PackedAddresses(packed);
    while (each.next()) {
      if (!publicOnly || each.isPublic()) {
        each.writeTo(out);
        return;
      }
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PeerAddresses that && Arrays.equals(packed, that.packed);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(packed);
  }

  @Override
  public String toString() {
    return all() + (vouched() ? " vouched for" : advertised() ? " advertised" : " observed");
  }
}
