package io.ppstp.tracker.swarm;

import io.ppstp.tracker.domain.PeerAddresses;
import io.ppstp.tracker.protocol.IpScope;
import io.ppstp.tracker.protocol.PeerAddress;
import io.ppstp.tracker.protocol.PeerAddress.Withheld;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.ObjIntConsumer;

/**
 * The addresses of a CONNECT, without those that nobody is ever told, whoever advertises them;
 * immutable. The state need not know of those.
 *
 * @param addresses those that remain, as the state is to have them
 * @param unusable how many no peer can be at
 * @param refusedPorts how many have a port that may not be advertised
 */
record Advertised(PeerAddresses addresses, int unusable, int refusedPorts) {

  private static final Advertised NOTHING = new Advertised(PeerAddresses.NONE, 0, 0);

  /**
   * Sorts {@code all} out.
   *
   * @param vouched whether the sender has proved who it is, and is believed for that
   */
  static Advertised of(List<PeerAddress> all, BitSet refusedPorts, boolean vouched) {
    if (all.isEmpty()) {
      return NOTHING;
    }
    int unusable = 0;
    int refused = 0;
    List<PeerAddress> rest = new ArrayList<>(all.size());
    for (PeerAddress address : all) {
      if (!IpScope.isHost(address.ip())) {
        unusable++;
      } else if (refusedPorts.get(address.port())) {
        refused++;
      } else {
        rest.add(address);
      }
    }
    return new Advertised(new PeerAddresses(rest, true, vouched), unusable, refused);
  }

  /** Tells how many were left out, and why. */
  void tellWithheld(ObjIntConsumer<Withheld> teller) {
    teller.accept(Withheld.UNUSABLE, unusable);
    teller.accept(Withheld.REFUSED_PORT, refusedPorts);
  }
}
