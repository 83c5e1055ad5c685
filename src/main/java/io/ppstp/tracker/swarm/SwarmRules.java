package io.ppstp.tracker.swarm;

import io.ppstp.tracker.bus.Requester;
import io.ppstp.tracker.config.TrackerConfig;
import io.ppstp.tracker.config.TrackerConfig.AddressTrust;
import io.ppstp.tracker.config.TrackerConfig.AnonymousPolicy;
import io.ppstp.tracker.config.TrackerConfig.ListedAddresses;
import io.ppstp.tracker.config.text.PortRanges;
import io.ppstp.tracker.domain.ConnectRules;
import io.ppstp.tracker.domain.address.Origin;
import io.ppstp.tracker.domain.address.Origin.AddressRules;
import io.ppstp.tracker.domain.address.Origin.Claim;
import io.ppstp.tracker.domain.address.PeerAddresses;
import io.ppstp.tracker.domain.address.Place;
import io.ppstp.tracker.domain.address.RegistrationSecret.SecretHash;
import io.ppstp.tracker.domain.swarm.PeerList.Draw;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.protocol.IpScope;
import io.ppstp.tracker.protocol.PeerAddress;
import io.ppstp.tracker.protocol.PeerAddress.Withheld;
import io.ppstp.tracker.protocol.PeerNum;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The part of the configuration that this room decides by; immutable.
 *
 * @param defaultCount peers listed when the request does not say how many
 * @param maxCount peers listed for one swarm at most
 * @param response how much one response may hold
 * @param bestAddressOnly list one address of each peer
 * @param addresses which addresses of a peer others are told
 * @param identityVouches whether others are told all addresses of a peer that has proved who it is
 * @param refusedPorts of which no address is told; nobody changes it
 * @param boundIpv6Bits bits of an IPv6 address that make one client, to which peers without
 *     credentials are bound; 0 if anybody may speak for them
 * @param edgeCaches whether it matters who is vouched for as one
 */
public record SwarmRules(
    ConnectRules connect,
    boolean findRequiresMembership,
    int defaultCount,
    int maxCount,
    ResponseBounds response,
    boolean bestAddressOnly,
    AddressRules addresses,
    boolean identityVouches,
    BitSet refusedPorts,
    int boundIpv6Bits,
    boolean edgeCaches) {
  /** A third of the track timer is a long silence. */
  private static final int SILENCE_DIVISOR = 3;

  /** Within an eighth of the track timer the owner of a peer's state knows who heard of it. */
  private static final int LATE_NEWS_DIVISOR = 8;

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
            config.timers().track().toMillis(),
            silenceMs(config));
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
        config.addresses().rules(),
        config.addresses().trust() != AddressTrust.OBSERVED_ALWAYS,
        PortRanges.union(config.addresses().refusedPorts()),
        config.policy().anonymous() == AnonymousPolicy.BOUND ? config.limits().ipv6Prefix() : 0,
        config.selection().caches() > 0);
  }

  /**
   * Nodes of a cluster tell each other late of whom they have heard, so that a peer that spoke to
   * another one seems silent for longer than it is.
   */
  private static long silenceMs(TrackerConfig config) {
    long trackMs = config.timers().track().toMillis();
    return trackMs / SILENCE_DIVISOR
        + (config.cluster().enabled() ? trackMs / LATE_NEWS_DIVISOR : 0);
  }

  /** Returns what the state is to know of where a request came from. */
  Origin originOf(Requester requester) {
    return originOf(requester, null);
  }

  /**
   * Returns what the state is to know of where a request came from.
   *
   * @param offer the hash of the secret that the answer can bring
   */
  Origin originOf(Requester requester, @Nullable SecretHash offer) {
    return new Origin(
        requester.ip(),
        requester.authState().isAuthenticated(),
        addresses,
        boundIpv6Bits == 0 ? Claim.OPEN : new Claim(boundIpv6Bits, requester.proof(), offer),
        edgeCaches && requester.authState().isEdgeCache() ? Place.CACHES : Place.NOWHERE);
  }

  /** Returns whether the answer to a CONNECT of {@code requester} may have to bring a secret. */
  boolean offersSecretTo(Requester requester) {
    return boundIpv6Bits > 0 && !requester.authState().isAuthenticated();
  }

  /** Returns those of the {@code addresses} of a CONNECT that any peer may be told. */
  Advertised advertised(List<PeerAddress> addresses, Origin origin) {
    return Advertised.of(addresses, refusedPorts, identityVouches && origin.authenticated());
  }

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

  /** Decides how long the peer lists of a response are. Immutable. */
  static final class PeerLists {
    private final SwarmRules rules;

    PeerLists(SwarmRules rules) {
      this.rules = rules;
    }

    /** Returns how many peers a request asks for in each swarm, within the configured bounds. */
    int wanted(@Nullable PeerNum peerNum) {
      long stated = peerNum == null ? PeerNum.NOT_STATED : peerNum.peerCount();
      long wanted = stated == PeerNum.NOT_STATED ? rules.defaultCount() : stated;
      return (int) Math.min(wanted, rules.maxCount());
    }

    /** Returns how many of {@code lists} that a response would have it may have. */
    int most(int lists) {
      return Math.min(lists, rules.response().lists());
    }

    /**
     * Returns the draw for the list numbered {@code index} of {@code lists} in a response. The
     * first lists are whole; once a response holds as many peers as it may, the rest are empty.
     * Each may take the same share of the response's bytes.
     */
    Draw draw(
        int wanted,
        int index,
        int lists,
        @Nullable PeerNum wish,
        long seed,
        @Nullable IpAddress requesterIp) {
      long left = Math.max(0, rules.response().peers() - (long) wanted * index);
      return new Draw(
          (int) Math.min(wanted, left),
          wish == null ? PeerNum.NOTHING : wish,
          seed + index,
          rules.response().bytes() / lists,
          rules.bestAddressOnly(),
          requesterIp);
    }
  }
}
