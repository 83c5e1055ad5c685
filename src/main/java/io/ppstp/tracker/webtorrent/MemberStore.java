package io.ppstp.tracker.webtorrent;

import io.ppstp.tracker.bus.EventSink;
import io.ppstp.tracker.bus.Requester;
import io.ppstp.tracker.bus.TrackerEvent;
import io.ppstp.tracker.domain.PeerQuery;
import io.ppstp.tracker.domain.address.Origin.AddressRules;
import io.ppstp.tracker.domain.address.PeerAddresses;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.limits.Limits;
import io.ppstp.tracker.membership.Memberships;
import io.ppstp.tracker.membership.Memberships.JoinRefusal;
import io.ppstp.tracker.membership.Memberships.Member;
import io.ppstp.tracker.protocol.Request.StreamStats;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import io.ppstp.tracker.store.TrackerStore;
import io.ppstp.tracker.webtorrent.protocol.ClientMessage.Totals;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Lets the members of sockets come, stay and go in the store. Only this node can make their IDs, so
 * nobody else speaks for them. Confined to one event loop.
 */
final class MemberStore {
  private final TrackerStore store;
  private final Limits limits;
  private final Memberships memberships;
  private final EventSink events;

  MemberStore(
      TrackerStore store,
      RoomRules rules,
      Limits limits,
      EventSink events,
      RandomGenerator random) {
    this.store = store;
    this.limits = limits;
    this.events = events;
    this.memberships =
        new Memberships(store, rules.connect(), AddressRules.OPEN, limits, events, random);
  }

  /** Lets a member stay, or come if the store does not know it; null if it may. */
  CompletionStage<@Nullable JoinRefusal> present(
      SocketMember member, Requester requester, PeerMode mode, long nowMs) {
    member.heardMs = nowMs;
    if (member.mode != mode) {
      return join(member, requester, mode, nowMs);
    }
    PeerQuery.Find question =
        new PeerQuery.Find(member.id, member.swarm, true, memberships.origin(requester), nowMs);
    return store
        .ask(member.id, question)
        .thenCompose(
            answer -> {
              if (!answer.allowed()) {
                // Its track timer has run out.
                return join(member, requester, mode, nowMs);
              }
              limits.heard(member.id, requester.client());
              events.heard(member.id, member.swarm.swarmId(), requester, nowMs);
              return CompletableFuture.completedStage(null);
            });
  }

  private CompletionStage<@Nullable JoinRefusal> join(
      SocketMember member, Requester requester, PeerMode mode, long nowMs) {
    PeerMode before = member.mode;
    // Should it not become known what came of it, it may have to leave.
    member.mode = mode;
    return memberships
        .join(known(member), mode, requester, nowMs)
        .thenApply(
            refusal -> {
              if (refusal != null) {
                member.mode = before;
              }
              return refusal;
            });
  }

  /**
   * Publishes what a member says that it has sent and received since it came, if that has changed:
   * most clients always say nothing.
   */
  void report(SocketMember member, Requester requester, Totals told, long nowMs) {
    StreamStats before = member.hasStated() ? totals(member) : null;
    if (member.mode != null && member.hasMoved(told)) {
      events.publish(
          new TrackerEvent.Reported(nowMs, member.id, totals(member), before, member.mode),
          requester);
    }
  }

  private static StreamStats totals(SocketMember member) {
    return new StreamStats(
        member.swarm.swarmId(),
        member.uploaded(),
        member.downloaded(),
        TrackerEvent.UNKNOWN,
        TrackerEvent.UNKNOWN);
  }

  /** Lets a member go; nothing if it is not there. If that fails, it may be there still. */
  CompletionStage<?> leave(SocketMember member, Requester requester, long nowMs) {
    PeerMode before = member.mode;
    if (before == null) {
      return CompletableFuture.completedStage(null);
    }
    member.mode = null;
    return memberships
        .leave(known(member), requester, nowMs)
        .whenComplete(
            (outcome, failure) -> {
              if (failure != null) {
                member.mode = before;
              }
            });
  }

  /** Takes a member of another node out of a swarm; nothing if it is not there. */
  CompletionStage<?> remove(String id, SwarmKey swarm, long nowMs) {
    return memberships.remove(new Member(id, swarm, PeerAddresses.NONE), nowMs);
  }

  /** No list names it: it is found by its ID. */
  private static Member known(SocketMember member) {
    return new Member(member.id, member.swarm, PeerAddresses.NONE);
  }
}
