package io.ppstp.tracker.management;

import io.ppstp.tracker.config.TrackerConfig;
import io.ppstp.tracker.domain.PeerQuery;
import io.ppstp.tracker.domain.ShardSnapshot.RegistrationView;
import io.ppstp.tracker.domain.TorrentIds;
import io.ppstp.tracker.domain.address.Listing;
import io.ppstp.tracker.domain.address.Listing.Audience;
import io.ppstp.tracker.domain.address.Listing.Told;
import io.ppstp.tracker.domain.address.Origin.AddressRules;
import io.ppstp.tracker.management.access.Answers;
import io.ppstp.tracker.management.access.Problem;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.store.TrackerStore;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Tells an operator what is known of one peer, and which of its addresses others are told and why
 * not more: {@code /api/v1/peers/ID}. Thread-safe.
 */
final class PeerReport {
  private static final String TRACKING = "TRACKING";
  private static final String NO_ADDRESS = "no_address";

  private final TrackerStore store;
  private final AddressRules rules;
  private final long trackMs;
  private final InstantSource clock;

  /**
   * What is told of a peer, in this order.
   *
   * @param memberships peer modes by swarm
   * @param seenAt the latest address of each family that requests came from
   * @param state of RFC 7846, Figure 5
   * @param listed whether any other peer is told where it is
   * @param whyNotListed why none is, as of its addresses, or that it has none; null if some are
   */
  record Peer(
      String peerId,
      String state,
      String protocol,
      Map<String, String> memberships,
      List<String> seenAt,
      boolean authenticated,
      long connectedSeconds,
      long silentSeconds,
      long expiresInSeconds,
      boolean listed,
      @Nullable List<String> whyNotListed,
      List<Address> addresses) {}

  /**
   * An address of the peer.
   *
   * @param toldTo who is told it
   * @param why not everybody is, as {@code ppstp_addresses_withheld_total} names the reason
   */
  record Address(String ip, int port, String type, String toldTo, @Nullable String why) {}

  PeerReport(TrackerStore store, TrackerConfig config, InstantSource clock) {
    this.store = store;
    this.rules = config.addresses().rules();
    this.trackMs = config.timers().track().toMillis();
    this.clock = clock;
  }

  /** Answers a request for the peer that its path names. */
  void answer(RoutingContext request) {
    String id = request.pathParam("id");
    Future.fromCompletionStage(
            store.ask(id, new PeerQuery.Look(id)), request.vertx().getOrCreateContext())
        .onSuccess(found -> tell(request, id, found))
        .onFailure(
            failure -> Problem.unavailable("the state cannot be reached now").answer(request));
  }

  private void tell(RoutingContext request, String id, Optional<RegistrationView> found) {
    if (found.isEmpty()) {
      Problem.notFound("no peer of this ID is registered").answer(request);
    } else {
      Answers.json(request, of(id, found.get(), clock.millis()));
    }
  }

  /** Returns what there is to tell of a registration at {@code nowMs}. */
  Peer of(String id, RegistrationView peer, long nowMs) {
    List<Told> told = Listing.explain(peer.addresses(), peer.observed(), rules);
    Map<String, String> memberships = new TreeMap<>();
    peer.memberships().forEach((swarm, mode) -> memberships.put(swarm.swarmId(), mode.name()));
    boolean listed = told.stream().anyMatch(it -> it.audience() != Audience.NOBODY);
    return new Peer(
        id,
        TRACKING,
        TorrentIds.protocolOf(id),
        memberships,
        Stream.of(
                Optional.ofNullable(peer.observed().v4()),
                Optional.ofNullable(peer.observed().v6()))
            .flatMap(Optional::stream)
            .map(IpAddress::toString)
            .toList(),
        peer.authenticated(),
        seconds(nowMs - peer.connectedAtMs()),
        seconds(nowMs - peer.lastSeenMs()),
        seconds(peer.lastSeenMs() + trackMs - nowMs),
        listed,
        listed ? null : whyNot(told),
        told.stream().map(PeerReport::address).toList());
  }

  private static List<String> whyNot(List<Told> told) {
    return told.isEmpty()
        ? List.of(NO_ADDRESS)
        : told.stream()
            .map(it -> it.why() == null ? "withheld" : word(it.why()))
            .distinct()
            .sorted()
            .toList();
  }

  private static Address address(Told told) {
    return new Address(
        told.address().ip().toString(),
        told.address().port(),
        told.address().type().name(),
        word(told.audience()),
        told.why() == null ? null : word(told.why()));
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static long seconds(long milliseconds) {
    return Math.max(0, milliseconds / 1000);
  }
}
