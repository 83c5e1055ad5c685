package io.ppstp.tracker.membership;

import io.ppstp.tracker.bus.ConnectEvents;
import io.ppstp.tracker.bus.DepartureEvents;
import io.ppstp.tracker.bus.EventSink;
import io.ppstp.tracker.bus.Requester;
import io.ppstp.tracker.domain.ConnectOutcome;
import io.ppstp.tracker.domain.ConnectOutcome.Granted;
import io.ppstp.tracker.domain.ConnectOutcome.Refused;
import io.ppstp.tracker.domain.ConnectRules;
import io.ppstp.tracker.domain.PeerCommand;
import io.ppstp.tracker.domain.address.Origin;
import io.ppstp.tracker.domain.address.Origin.AddressRules;
import io.ppstp.tracker.domain.address.PeerAddresses;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.limits.Limits;
import io.ppstp.tracker.limits.RegistrationPermit;
import io.ppstp.tracker.protocol.PeerNum;
import io.ppstp.tracker.protocol.SwarmAction;
import io.ppstp.tracker.protocol.SwarmAction.Action;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import io.ppstp.tracker.store.TrackerStore;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Lets members come, change and go in the store, within the bounds of their clients. Who makes the
 * ID of a member has to see to it that nobody else can name it. As thread-safe as its source of
 * randomness.
 */
public final class Memberships {
  /** Speaks for members that have come with credentials. */
  private static final Origin OF_CREDENTIALS = new Origin(null, true, AddressRules.OPEN);

  private final TrackerStore store;
  private final ConnectRules rules;
  private final AddressRules addressRules;
  private final Limits limits;
  private final EventSink events;
  private final RandomGenerator random;

  /**
   * Makes the way to {@code store}.
   *
   * @param addressRules which addresses of a member others are told
   */
  public Memberships(
      TrackerStore store,
      ConnectRules rules,
      AddressRules addressRules,
      Limits limits,
      EventSink events,
      RandomGenerator random) {
    this.store = store;
    this.rules = rules;
    this.addressRules = addressRules;
    this.limits = limits;
    this.events = events;
    this.random = random;
  }

  /** Why somebody may not be in a swarm, in words for it. */
  public enum JoinRefusal {
    TOO_MANY("too many peers from your address"),
    FULL("the tracker is full, try again later"),
    FORBIDDEN("not allowed");

    private final String text;

    JoinRefusal(String text) {
      this.text = text;
    }

    /** Returns the words. */
    public String text() {
      return text;
    }
  }

  /**
   * A member, whatever the store knows of it; immutable.
   *
   * @param id that only its own requests can name
   * @param addresses that others may be told
   */
  public record Member(String id, SwarmKey swarm, PeerAddresses addresses) {}

  /** Returns what the store is to know of where a request came from. */
  public Origin origin(Requester requester) {
    return new Origin(requester.ip(), requester.authState().isAuthenticated(), addressRules);
  }

  /**
   * Lets a member come, or be in that mode and at those addresses from now on. Completes with why
   * it may not, null if it may.
   */
  public CompletionStage<@Nullable JoinRefusal> join(
      Member member, PeerMode mode, Requester requester, long nowMs) {
    RegistrationPermit permit = limits.tryRegister(member.id(), requester.client());
    if (permit == null) {
      return CompletableFuture.completedStage(JoinRefusal.TOO_MANY);
    }
    SwarmAction action = new SwarmAction(member.swarm().swarmId(), Action.JOIN, mode);
    return change(member, action, origin(requester), events.of(requester), nowMs)
        .thenApply(
            outcome -> {
              if (outcome instanceof Refused refused) {
                permit.refused();
                return refused.foreign() ? JoinRefusal.FORBIDDEN : JoinRefusal.FULL;
              }
              if (!((Granted) outcome).registered()) {
                permit.known();
              }
              return null;
            });
  }

  /** Lets a member go; nothing if it is not there. */
  public CompletionStage<?> leave(Member member, Requester requester, long nowMs) {
    SwarmAction action = new SwarmAction(member.swarm().swarmId(), Action.LEAVE, null);
    return change(member, action, origin(requester), events.of(requester), nowMs);
  }

  /** Takes a member out whose own requests come no more; nothing if it is not there. */
  public CompletionStage<?> remove(Member member, long nowMs) {
    SwarmAction action = new SwarmAction(member.swarm().swarmId(), Action.LEAVE, null);
    return change(member, action, Origin.UNKNOWN, events, nowMs)
        .thenCompose(
            outcome ->
                outcome instanceof Refused refused && refused.foreign()
                    ? change(member, action, OF_CREDENTIALS, events, nowMs)
                    : CompletableFuture.completedStage(outcome));
  }

  private CompletionStage<ConnectOutcome> change(
      Member member, SwarmAction action, Origin origin, EventSink sink, long nowMs) {
    PeerCommand.Connect command =
        new PeerCommand.Connect(
            member.id(),
            List.of(action),
            member.addresses(),
            PeerNum.NOTHING,
            origin,
            random.nextLong(),
            random.nextLong(),
            0,
            nowMs,
            rules);
    return store
        .change(member.id(), command)
        .thenApply(
            outcome -> {
              if (outcome instanceof Granted granted) {
                if (granted.replaced() != null) {
                  DepartureEvents.publish(sink, List.of(granted.replaced()));
                }
                // Nobody repeats these: one that was executed before is this very one.
                ConnectEvents.publish(sink, member.id(), granted, nowMs);
              }
              return outcome;
            });
  }
}
