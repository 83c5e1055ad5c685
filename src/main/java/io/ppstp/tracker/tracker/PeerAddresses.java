package io.ppstp.tracker.tracker;

import io.ppstp.tracker.protocol.AddressType;
import io.ppstp.tracker.protocol.AddressWriter;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.protocol.JsonBuffer;
import io.ppstp.tracker.protocol.PeerAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The addresses under which other peers may reach a peer, by descending priority; immutable. Empty
 * for a peer that is registered but not listed.
 *
 * @param advertised whether the peer named them itself; otherwise the tracker observed them
 */
public record PeerAddresses(List<PeerAddress> all, boolean advertised) {
  /** No address known. */
  public static final PeerAddresses NONE = new PeerAddresses(List.of(), false);

  /** The priority of the address that the tracker itself observed. */
  private static final long OBSERVED_PRIORITY = 1;

  /**
   * Returns the addresses that a peer advertised, sorted already; {@link #NONE} if there are none.
   */
  public static PeerAddresses advertised(List<PeerAddress> addresses) {
    return addresses.isEmpty() ? NONE : new PeerAddresses(addresses, true);
  }

  /** Returns the one address that the tracker derived from where a request came from. */
  public static PeerAddresses observed(IpAddress ip, int mediaPort) {
    return new PeerAddresses(
        List.of(PeerAddress.reflexive(ip, mediaPort, OBSERVED_PRIORITY)), false);
  }

  /** Copies {@code all}, which must be sorted already. */
  public PeerAddresses {
    all = List.copyOf(all);
  }

  /** Returns whether a list can name this peer. */
  public boolean isListable() {
    return !all.isEmpty();
  }

  /**
   * Returns what a response tells this peer about its own public address (RFC 7846, Section 4.1.1),
   * or null if the peer has gathered its candidates itself. The source port of a request is not a
   * port that serves media, so the advertised one is preferred when it is unambiguous.
   */
  public @Nullable PeerAddress reflexive(IpAddress observed, int observedPort) {
    if (!advertised) {
      return PeerAddress.reflexive(observed, observedPort, OBSERVED_PRIORITY);
    }
    boolean unambiguous = !all.isEmpty();
    for (PeerAddress address : all) {
      if (address.type() != AddressType.HOST) {
        return null;
      }
      unambiguous &= address.port() == all.get(0).port();
    }
    int port = unambiguous ? all.get(0).port() : observedPort;
    return PeerAddress.reflexive(observed, port, OBSERVED_PRIORITY);
  }

  /** Appends one list entry per address, adjacent, or only that of highest priority. */
  void writeTo(JsonBuffer out, String peerId, boolean bestOnly) {
    int count = bestOnly ? 1 : all.size();
    for (int i = 0; i < count; i++) {
      if (i > 0) {
        out.raw(',');
      }
      AddressWriter.peerInfo(out, peerId, all.get(i));
    }
  }
}
