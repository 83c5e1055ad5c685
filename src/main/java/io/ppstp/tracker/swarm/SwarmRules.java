package io.ppstp.tracker.swarm;

import io.ppstp.tracker.bus.Requester;
import io.ppstp.tracker.config.AddressTrust;
import io.ppstp.tracker.config.ListedAddresses;
import io.ppstp.tracker.config.PrivateAddresses;
import io.ppstp.tracker.config.TrackerConfig;
import io.ppstp.tracker.domain.AddressRules;
import io.ppstp.tracker.domain.ConnectRules;
import io.ppstp.tracker.domain.Origin;

/**
 * The part of the configuration that this room decides by; immutable.
 *
 * @param defaultCount peers listed when the request does not say how many
 * @param maxCount peers listed for one swarm at most
 * @param response how much one response may hold
 * @param bestAddressOnly list one address of each peer
 * @param addresses which addresses of a peer others are told
 */
public record SwarmRules(
    ConnectRules connect,
    boolean findRequiresMembership,
    int defaultCount,
    int maxCount,
    ResponseBounds response,
    boolean bestAddressOnly,
    AddressRules addresses) {

  /**
   * How much one response may hold over all its swarms.
   *
   * @param peers listed
   * @param lists of peers, the first of those that it would have
   * @param bytes of all its lists, unless each holds one peer only
   */
  public record ResponseBounds(int peers, int lists, int bytes) {}

  /** Returns the rules that {@code config} sets. */
  public static SwarmRules of(TrackerConfig config) {
    ConnectRules connect =
        new ConnectRules(
            config.policy().connect(),
            config.limits().swarmsPerPeer(),
            Integer.MAX_VALUE,
            config.policy().strict(),
            config.timers().track().toMillis());
    return new SwarmRules(
        connect,
        config.policy().findRequiresMembership(),
        config.peerList().defaultSize(),
        config.peerList().maximum(),
        new ResponseBounds(
            config.limits().peersPerResponse(),
            config.limits().listsPerResponse(),
            config.limits().listBytesPerResponse()),
        config.peerList().addresses() == ListedAddresses.BEST,
        addresses(config));
  }

  /** Returns what the state is to know of where a request came from. */
  Origin originOf(Requester requester) {
    return new Origin(requester.ip(), requester.authState().isAuthenticated(), addresses);
  }

  private static AddressRules addresses(TrackerConfig config) {
    return new AddressRules(
        config.addresses().trust() == AddressTrust.OBSERVED,
        config.addresses().privateTo() == PrivateAddresses.SAME_ADDRESS,
        config.addresses().defaultPort());
  }
}
