package io.ppstp.tracker.bittorrent;

import io.ppstp.tracker.bittorrent.protocol.TorrentQuery.Announce;
import io.ppstp.tracker.config.TrackerConfig;
import io.ppstp.tracker.config.text.PortRanges;
import io.ppstp.tracker.domain.ConnectRules;
import io.ppstp.tracker.domain.ConnectRules.ConnectPolicy;
import io.ppstp.tracker.domain.address.Origin.AddressRules;
import java.util.BitSet;

/**
 * The part of the configuration that this room decides by; immutable.
 *
 * @param connect of a member, which is in one swarm
 * @param addresses which addresses of a member others are told
 * @param refusedPorts of which no address is told; nobody changes it
 * @param mostPeers listed in one answer
 */
public record TorrentRules(
    ConnectRules connect, AddressRules addresses, BitSet refusedPorts, int mostPeers) {
  /** Peers that a client gets which does not say how many it wants. */
  private static final int USUAL_PEERS = 30;

  /** Returns the rules that {@code config} sets. */
  public static TorrentRules of(TrackerConfig config) {
    AddressRules rules = config.addresses().rules();
    return new TorrentRules(
        new ConnectRules(
            ConnectPolicy.ADDITIVE,
            1,
            Integer.MAX_VALUE,
            false,
            config.timers().track().toMillis()),
        // A client says itself that it cannot be reached.
        new AddressRules(rules.proofRequired(), rules.privateConfined(), 0),
        PortRanges.union(config.addresses().refusedPorts()),
        config.bittorrent().peers());
  }

  /** Returns how many peers an announce gets at most. */
  int peers(Announce announce) {
    int wanted = announce.wanted() == Announce.NOT_STATED ? USUAL_PEERS : announce.wanted();
    return Math.min(wanted, mostPeers);
  }

  /** Returns whether others may be told of a client at this port. */
  boolean mayBeListed(int port) {
    return port != 0 && !refusedPorts.get(port);
  }
}
