package io.ppstp.tracker.testing;

import io.ppstp.tracker.domain.address.PeerAddresses;
import io.ppstp.tracker.domain.swarm.Member;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.protocol.PeerAddress;
import io.ppstp.tracker.protocol.PeerAddress.AddressType;
import io.ppstp.tracker.protocol.PeerNum;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import java.util.List;

/** Members and addresses of which only one trait matters. */
public final class Peers {
  private static final IpAddress IP = IpAddress.ofBytes(new byte[] {(byte) 192, 0, 2, 1});

  private Peers() {}

  /** Returns an address that differs from others in its port, which is also its priority. */
  public static PeerAddress address(int port) {
    return new PeerAddress(IP, port, port, AddressType.HOST, null, null, null);
  }

  /** Returns addresses as a peer advertises them, the most preferred first. */
  public static PeerAddresses addresses(Integer... ports) {
    return PeerAddresses.advertised(List.of(ports).stream().map(Peers::address).toList(), false);
  }

  /** Returns a member that lists can name. */
  public static Member member(String id, long stamp) {
    return member(id, stamp, addresses(80));
  }

  public static Member member(String id, long stamp, PeerAddresses addresses) {
    return new Member(id, PeerMode.LEECH, stamp, addresses, PeerNum.NOTHING, null);
  }
}
