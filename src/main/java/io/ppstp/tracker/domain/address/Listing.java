package io.ppstp.tracker.domain.address;

import io.ppstp.tracker.domain.address.Origin.AddressRules;
import io.ppstp.tracker.domain.address.Origin.Observed;
import io.ppstp.tracker.protocol.IpScope;
import io.ppstp.tracker.protocol.PeerAddress;
import io.ppstp.tracker.protocol.PeerAddress.AddressType;
import io.ppstp.tracker.protocol.PeerAddress.Withheld;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What other peers may be told of where a peer is; immutable.
 *
 * @param addresses those that some peer at least may be told
 * @param confinedTo where a requester must be seen from to be told those addresses that are not
 *     public; null if there are none, or if everybody may be told
 * @param place by which it is chosen, and which nobody is told
 */
public record Listing(PeerAddresses addresses, @Nullable Observed confinedTo, Place place) {
  /** Nothing may be told: the peer is not listed. */
  public static final Listing NONE = toAnyone(PeerAddresses.NONE);

  /** Makes a listing of a peer whose place does not matter. */
  public Listing(PeerAddresses addresses, @Nullable Observed confinedTo) {
    this(addresses, confinedTo, Place.UNKNOWN);
  }

  /** Returns a listing of addresses that everybody may be told. */
  public static Listing toAnyone(PeerAddresses addresses) {
    return new Listing(addresses, null);
  }

  /**
   * Returns what may be told of a peer: the addresses that it advertised and that may be believed
   * (with a proven one, also HOST candidates of its local network, among neighbours); or else those
   * that it was seen at with the default port, if there is one.
   */
  public static Listing of(PeerAddresses advertised, Observed observed, AddressRules rules) {
    return of(advertised, observed, rules, Place.NOWHERE);
  }

  /**
   * Returns the same of a peer whose place matters.
   *
   * @param network that it is in, as {@link Place} has it
   */
  public static Listing of(
      PeerAddresses advertised, Observed observed, AddressRules rules, int network) {
    PeerAddresses told = believed(advertised, observed, rules);
    if (!told.isListable() && rules.defaultPort() != 0) {
      told = PeerAddresses.observed(observed, rules.defaultPort(), Place.asnOf(network));
    }
    return new Listing(
        told,
        rules.privateConfined() && told.anyPrivate() ? observed : null,
        Place.of(network, observed));
  }

  private static PeerAddresses believed(
      PeerAddresses advertised, Observed observed, AddressRules rules) {
    if (!rules.proofRequired() || advertised.vouched()) {
      return advertised;
    }
    List<PeerAddress> all = advertised.all();
    boolean anyProved = false;
    for (PeerAddress address : all) {
      anyProved |= observed.includes(address.ip());
    }
    List<PeerAddress> believed = new ArrayList<>(all.size());
    for (PeerAddress address : all) {
      boolean amongNeighbours = anyProved && rules.privateConfined() && isOfALocalNetwork(address);
      if (observed.includes(address.ip()) || amongNeighbours) {
        believed.add(address);
      }
    }
    // What is the same is shared: there is one for each of a million peers.
    return believed.size() == all.size() ? advertised : PeerAddresses.advertised(believed, false);
  }

  /**
   * Returns whether an address may be that of a host beside the requester's, behind the same NAT.
   * It cannot be proved, for the tracker sees the NAT; but who shares a public address with a peer
   * may be told, and whom it sends there is its own neighbour.
   */
  private static boolean isOfALocalNetwork(PeerAddress address) {
    return address.type() == AddressType.HOST && IpScope.isLocal(address.ip());
  }

  /** Which peers are told an address of another. */
  public enum Audience {
    ANYONE,
    /** Those that are seen from where the other is seen. */
    SAME_ADDRESS,
    NOBODY
  }

  /**
   * Who is told an address; immutable.
   *
   * @param why not everybody is, null if everybody is
   */
  public record Told(PeerAddress address, Audience audience, @Nullable Withheld why) {}

  /**
   * Returns who is told what of a peer, and why not more: all that it advertised, and what the
   * tracker tells in place of it.
   */
  public static List<Told> explain(
      PeerAddresses advertised, Observed observed, AddressRules rules) {
    Listing listing = of(advertised, observed, rules);
    List<PeerAddress> listed = listing.addresses().all();
    List<Told> told = new ArrayList<>();
    for (PeerAddress address : advertised.all()) {
      if (!listing.addresses().advertised() || !listed.contains(address)) {
        boolean relay = address.type() == AddressType.PROXY;
        told.add(new Told(address, Audience.NOBODY, relay ? Withheld.RELAYED : Withheld.UNPROVEN));
      } else {
        told.add(listing.told(address));
      }
    }
    if (!listing.addresses().advertised()) {
      listed.forEach(address -> told.add(listing.told(address)));
    }
    return told;
  }

  private Told told(PeerAddress address) {
    return confinedTo == null || address.ip().isPublic()
        ? new Told(address, Audience.ANYONE, null)
        : new Told(address, Audience.SAME_ADDRESS, Withheld.PRIVATE);
  }

  /**
   * Tells how many of the addresses that a peer advertised nobody may be told, and why.
   *
   * @param advertised those that this listing was made of
   */
  public void tellWithheldOf(PeerAddresses advertised, ObjIntConsumer<Withheld> teller) {
    int told = addresses.advertised() ? addresses.count() : 0;
    if (told == advertised.count()) {
      return;
    }
    List<PeerAddress> withheld = new ArrayList<>(advertised.all());
    if (addresses.advertised()) {
      withheld.removeAll(addresses.all());
    }
    int relayed = 0;
    for (PeerAddress address : withheld) {
      relayed += address.type() == AddressType.PROXY ? 1 : 0;
    }
    teller.accept(Withheld.RELAYED, relayed);
    teller.accept(Withheld.UNPROVEN, withheld.size() - relayed);
  }
}
