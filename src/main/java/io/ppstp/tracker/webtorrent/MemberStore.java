package io.ppstp.tracker.webtorrent;

import io.ppstp.tracker.bus.ConnectEvents;
import io.ppstp.tracker.bus.Requester;
import io.ppstp.tracker.bus.TrackerEvent;
import io.ppstp.tracker.bus.TrackerEvent.EventSink;
import io.ppstp.tracker.domain.ConnectOutcome;
import io.ppstp.tracker.domain.ConnectOutcome.Granted;
import io.ppstp.tracker.domain.PeerCommand;
import io.ppstp.tracker.domain.PeerQuery;
import io.ppstp.tracker.domain.address.Origin;
import io.ppstp.tracker.domain.address.Origin.AddressRules;
import io.ppstp.tracker.domain.address.PeerAddresses;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.limits.Limits;
import io.ppstp.tracker.limits.RegistrationPermit;
import io.ppstp.tracker.protocol.PeerNum;
import io.ppstp.tracker.protocol.Request.StreamStats;
import io.ppstp.tracker.protocol.SwarmAction;
import io.ppstp.tracker.protocol.SwarmAction.Action;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import io.ppstp.tracker.store.TrackerStore;
import io.ppstp.tracker.webtorrent.protocol.ClientMessage.Totals;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Lets members of swarms come, stay and go in the store: each is a registration of its own, in one
 * swarm. Confined to one event loop.
 */
final class MemberStore {
  /** Speaks for members that have come with credentials. */
  private static final Origin OF_CREDENTIALS = new Origin(null, true, AddressRules.OPEN);

  private final TrackerStore store;
  private final RoomRules rules;
  private final Limits limits;
  private final EventSink events;
  private final RandomGenerator random;

  MemberStore(
      TrackerStore store,
      RoomRules rules,
      Limits limits,
      EventSink events,
      RandomGenerator random) {
    this.store = store;
    this.rules = rules;
    this.limits = limits;
    this.events = events;
    this.random = random;
  }

  /** Why somebody may not be in a swarm, in words for it. */
  enum JoinRefusal {
    TOO_MANY("too many peers from your address"),
    FULL("the tracker is full, try again later"),
    FORBIDDEN("not allowed");

    private final String text;

    JoinRefusal(String text) {
      this.text = text;
    }

    String text() {
      return text;
    }
  }

  /** An announce that is refused, which is expected. */
  static final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    final String reason;

    RefusedException(String reason) {
      super(reason, null, false, false);
      this.reason = reason;
    }
  }

  /** Lets a member stay, or come if the store does not know it; null if it may. */
  CompletionStage<@Nullable JoinRefusal> present(
      SocketMember member, Requester requester, PeerMode mode, long nowMs) {
    member.heardMs = nowMs;
    if (member.mode != mode) {
      return join(member, requester, mode, nowMs);
    }
    PeerQuery.Find question =
        new PeerQuery.Find(member.id, member.swarm, true, origin(requester), nowMs);
    return store
        .ask(member.id, question)
        .thenCompose(
            answer -> {
              if (!answer.allowed()) {
                // Its track timer has run out.
                return join(member, requester, mode, nowMs);
              }
              limits.heard(member.id, requester.client());
              return CompletableFuture.completedStage(null);
            });
  }

  private CompletionStage<@Nullable JoinRefusal> join(
      SocketMember member, Requester requester, PeerMode mode, long nowMs) {
    RegistrationPermit permit = limits.tryRegister(member.id, requester.client());
    if (permit == null) {
      return CompletableFuture.completedStage(JoinRefusal.TOO_MANY);
    }
    PeerMode before = member.mode;
    // Should it not become known what came of it, it may have to leave.
    member.mode = mode;
    SwarmAction action = new SwarmAction(member.swarm.swarmId(), Action.JOIN, mode);
    return change(member, requester, action, nowMs)
        .thenApply(
            outcome -> {
              if (!(outcome instanceof Granted granted)) {
                permit.refused();
                member.mode = before;
                return ((ConnectOutcome.Refused) outcome).foreign()
                    ? JoinRefusal.FORBIDDEN
                    : JoinRefusal.FULL;
              }
              if (!granted.registered()) {
                permit.known();
              }
              return null;
            });
  }

  /**
   * Publishes what a member says that it has sent and received since it came, if that has changed:
   * most clients always say nothing.
   */
  void report(SocketMember member, Totals told, long nowMs) {
    if (member.mode != null && member.hasMoved(told)) {
      events.publish(
          new TrackerEvent.Reported(
              nowMs,
              member.id,
              new StreamStats(
                  member.swarm.swarmId(),
                  member.uploaded(),
                  member.downloaded(),
                  TrackerEvent.Reported.NOT_STATED,
                  TrackerEvent.Reported.NOT_STATED)));
    }
  }

  /** Lets a member go; nothing if it is not there. If that fails, it may be there still. */
  CompletionStage<?> leave(SocketMember member, Requester requester, long nowMs) {
    PeerMode before = member.mode;
    if (before == null) {
      return CompletableFuture.completedStage(null);
    }
    member.mode = null;
    SwarmAction action = new SwarmAction(member.swarm.swarmId(), Action.LEAVE, null);
    return change(member, requester, action, nowMs)
        .whenComplete(
            (outcome, failure) -> {
              if (failure != null) {
                member.mode = before;
              }
            });
  }

  /** Takes a member of another node out of a swarm; nothing if it is not there. */
  CompletionStage<?> remove(String id, SwarmKey swarm, long nowMs) {
    SwarmAction action = new SwarmAction(swarm.swarmId(), Action.LEAVE, null);
    return change(id, Origin.UNKNOWN, action, nowMs)
        .thenCompose(
            outcome ->
                outcome instanceof ConnectOutcome.Refused refused && refused.foreign()
                    ? change(id, OF_CREDENTIALS, action, nowMs)
                    : CompletableFuture.completedStage(outcome));
  }

  private CompletionStage<ConnectOutcome> change(
      SocketMember member, Requester requester, SwarmAction action, long nowMs) {
    return change(member.id, origin(requester), action, nowMs);
  }

  private CompletionStage<ConnectOutcome> change(
      String id, Origin origin, SwarmAction action, long nowMs) {
    PeerCommand.Connect command =
        new PeerCommand.Connect(
            id,
            List.of(action),
            PeerAddresses.NONE,
            PeerNum.NOTHING,
            origin,
            random.nextLong(),
            random.nextLong(),
            0,
            nowMs,
            rules.connect());
    return store
        .change(id, command)
        .thenApply(
            outcome -> {
              if (outcome instanceof Granted granted) {
                ConnectEvents.publish(events, id, granted, nowMs);
              }
              return outcome;
            });
  }

  /** Only this node can make the ID, so nobody else speaks for the member. */
  private static Origin origin(Requester requester) {
    return new Origin(requester.ip(), requester.authState().isAuthenticated(), AddressRules.OPEN);
  }
}
