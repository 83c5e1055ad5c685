package io.ppstp.tracker.testing;

import io.ppstp.tracker.domain.ConnectRules;
import io.ppstp.tracker.domain.ConnectRules.ConnectPolicy;
import io.ppstp.tracker.domain.PeerCommand;
import io.ppstp.tracker.domain.address.Origin;
import io.ppstp.tracker.domain.address.Origin.AddressRules;
import io.ppstp.tracker.domain.address.Origin.Claim;
import io.ppstp.tracker.domain.address.PeerAddresses;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.protocol.PeerNum;
import io.ppstp.tracker.protocol.SwarmAction;
import io.ppstp.tracker.protocol.SwarmAction.Action;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Builds CONNECT commands. Each that is built is another message and another transaction. */
public final class ConnectBuilder {
  /** The track timer of all commands built here, in milliseconds. */
  public static final long TRACK_MS = 180_000;

  private static final AtomicLong MESSAGES = new AtomicLong();

  private final String peerId;
  private final List<SwarmAction> actions = new ArrayList<>();
  private final long digest = MESSAGES.incrementAndGet();
  private long transactionHash = -digest;
  private PeerAddresses advertised = PeerAddresses.NONE;
  private PeerNum status = PeerNum.NOTHING;
  private @Nullable IpAddress ip;
  private boolean authenticated;
  private AddressRules addressRules = AddressRules.OPEN;
  private Claim claim = Claim.OPEN;
  private ConnectPolicy policy = ConnectPolicy.TABLE6;
  private int maxSwarms = 1000;
  private boolean refuseReused;

  private ConnectBuilder(String peerId) {
    this.peerId = peerId;
  }

  public static ConnectBuilder connect(String peerId) {
    return new ConnectBuilder(peerId);
  }

  /** Returns {@code first} as it is sent again, unchanged. */
  public static PeerCommand.Connect repeated(PeerCommand.Connect first, long nowMs) {
    return repeated(first, first.origin(), nowMs);
  }

  /** Returns {@code first} as it is sent again, unchanged, from elsewhere. */
  public static PeerCommand.Connect repeated(PeerCommand.Connect first, Origin origin, long nowMs) {
    return new PeerCommand.Connect(
        first.peerId(),
        first.actions(),
        first.advertised(),
        first.status(),
        origin,
        first.transactionHash(),
        first.digest(),
        ~first.seed(),
        nowMs,
        first.rules());
  }

  public ConnectBuilder leech(String... swarms) {
    return join(PeerMode.LEECH, swarms);
  }

  public ConnectBuilder seeder(String... swarms) {
    return join(PeerMode.SEEDER, swarms);
  }

  private ConnectBuilder join(PeerMode mode, String... swarms) {
    for (String swarm : swarms) {
      actions.add(new SwarmAction(swarm, Action.JOIN, mode));
    }
    return this;
  }

  public ConnectBuilder leave(String... swarms) {
    for (String swarm : swarms) {
      actions.add(new SwarmAction(swarm, Action.LEAVE, null));
    }
    return this;
  }

  public ConnectBuilder actions(List<SwarmAction> more) {
    actions.addAll(more);
    return this;
  }

  /** Gives this message the transaction ID of another. */
  public ConnectBuilder reusing(PeerCommand.Connect other) {
    transactionHash = other.transactionHash();
    return this;
  }

  public ConnectBuilder advertising(PeerAddresses addresses) {
    advertised = addresses;
    return this;
  }

  /** Lets the peer state something about itself in a {@code peer_num}. */
  public ConnectBuilder stating(PeerNum peerNum) {
    status = peerNum;
    return this;
  }

  /** Lets the message come from an address. */
  public ConnectBuilder from(String literal) {
    ip = IpAddress.parse(literal);
    return this;
  }

  /** Lets the message come from somebody who has proved who it is. */
  public ConnectBuilder authenticated() {
    authenticated = true;
    return this;
  }

  public ConnectBuilder addressRules(AddressRules rules) {
    addressRules = rules;
    return this;
  }

  /** Lets the message come where peers without credentials are bound to an address. */
  public ConnectBuilder claiming(Claim newClaim) {
    claim = newClaim;
    return this;
  }

  public ConnectBuilder policy(ConnectPolicy newPolicy) {
    policy = newPolicy;
    return this;
  }

  public ConnectBuilder additive() {
    return policy(ConnectPolicy.ADDITIVE);
  }

  public ConnectBuilder maxSwarms(int maximum) {
    maxSwarms = maximum;
    return this;
  }

  public ConnectBuilder refusingReusedTransactions() {
    refuseReused = true;
    return this;
  }

  /** Ends the message, which the tracker gets at {@code timeMs}. */
  public PeerCommand.Connect at(long timeMs) {
    return new PeerCommand.Connect(
        peerId,
        List.copyOf(actions),
        PeerAddresses.advertised(advertised.all(), authenticated),
        status,
        new Origin(ip, authenticated, addressRules, claim),
        transactionHash,
        digest,
        digest * 31,
        timeMs,
        new ConnectRules(policy, maxSwarms, Integer.MAX_VALUE, refuseReused, TRACK_MS));
  }
}
