package io.ppstp.tracker.store;

import io.ppstp.tracker.domain.Departure;
import io.ppstp.tracker.domain.PeerCommand;
import io.ppstp.tracker.domain.PeerQuery;
import io.ppstp.tracker.domain.swarm.Member.Statement;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.domain.swarm.SwarmObserver;
import io.ppstp.tracker.domain.swarm.SwarmQuery;
import io.ppstp.tracker.protocol.Request.StreamStats;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Where registrations and the lists of swarms live. Thread-safe; no method blocks.
 *
 * <p>The registration is the truth, and the lists of swarms are an index that follows it. Duties of
 * an adapter:
 *
 * <ul>
 *   <li>A command is decided and applied to the registrations atomically; commands on one peer are
 *       applied one after another. A stage that completed normally means: applied, and as safe from
 *       loss as the adapter promises. It completes exceptionally when it is not known whether the
 *       command was applied. All commands can be repeated without harm.
 *   <li>Questions about peers are answered as all acknowledged commands have left them. An answer
 *       that says that a peer was heard of starts its track timer anew.
 *   <li>Lists follow: every {@link io.ppstp.tracker.domain.ListUpdate} that a command notes is
 *       carried out, in the order of a peer's commands, however often nodes fail. How soon, the
 *       adapter says; questions about swarms may be answered as of before.
 *   <li>A swarm comes to be with its first member and goes with its last.
 *   <li>Registrations and memberships never exceed the store's room.
 *   <li>Stages complete before the method returns or on the executor that {@link #on} was given; on
 *       one of the adapter's own if there is none.
 * </ul>
 */
public interface TrackerStore {

  /** Applies {@code command} to the registration of a peer; lists follow. */
  <R> CompletionStage<R> change(String peerId, PeerCommand<R> command);

  /** Asks about a peer's registration; notes that the peer was heard of, if the answer says so. */
  <R> CompletionStage<R> ask(String peerId, PeerQuery<R> query);

  /** Asks for the list of a swarm. */
  <R> CompletionStage<R> ask(SwarmKey swarm, SwarmQuery<R> query);

  /**
   * Lets the list of a swarm have what a member states about itself, some time or never.
   *
   * @return what it had reported before, null if it had not, or the store does not know at once
   */
  @Nullable StreamStats state(SwarmKey swarm, Statement statement);

  /**
   * Ends registrations whose track timer has run out, among all that are this node's to look after,
   * at most {@code maximum} in all; the rest follow at the next call. Takes time proportional to
   * what expires.
   *
   * @return those that have left all lists, by this or an earlier call, each once; the stage fails
   *     if the state cannot be reached, and another call goes on
   */
  CompletionStage<List<Departure>> expire(long nowMs, int maximum, long trackMs);

  /**
   * Changes how much there may be in this node's charge; what is there stays. Who would have more
   * than before when there is no room is refused with 05, all others go on.
   */
  void limit(Room room);

  /** Returns how often somebody was refused for want of room at this node. */
  long refusedForRoom();

  /**
   * Returns this store as seen from one executor, such as an event loop: what a room builds on its
   * stages then runs where the room lives. A stage that is complete at once costs no detour.
   */
  default TrackerStore on(Executor executor) {
    return this;
  }

  /** Counts what the whole tracker holds; cheap enough to ask every second. */
  CompletionStage<Census> census();

  /** Counts what of that is this node's to look after: the sum over all nodes is the census. */
  default CompletionStage<Census> ownCensus() {
    return census();
  }

  /**
   * Tells {@code observer} from now on what happens in the lists of swarms that are this node's to
   * look after: of each thing one node tells. What a node did in its last moments may be told by
   * none, or by the next owner once more.
   */
  void observe(SwarmObserver observer);

  /** Returns what is known of the largest swarms. */
  SwarmRanking ranking();

  /**
   * What a tracker, or a part of it, holds. With no peer it is in state INIT, else in STARTED (RFC
   * 7846, Figure 4).
   *
   * @param members memberships of all swarms together, as lists name them
   */
  record Census(long peers, long swarms, long members) {
    /** Nothing. */
    public static final Census NONE = new Census(0, 0, 0);

    /** Returns both together. */
    public Census plus(Census other) {
      return new Census(peers + other.peers, swarms + other.swarms, members + other.members);
    }
  }

  /**
   * How much one node takes charge of; immutable.
   *
   * @param peers registrations, at least 1
   * @param memberships of all of them, as {@link SwarmKey#weight} counts them
   * @param full asked, by any thread and often, whether nothing more may come for other reasons
   */
  record Room(int peers, long memberships, BooleanSupplier full) {}

  /**
   * The store cannot serve now, for a reason that passes: a node has just died, the cluster is
   * split and this side is too small, the node is leaving. Peers are told to come back (05).
   */
  final class StoreUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean untouched;

    /** Says why, where nothing else has failed. */
    public StoreUnavailableException(String message) {
      this(message, false);
    }

    private StoreUnavailableException(String message, boolean untouched) {
      super(message, null, false, false);
      this.untouched = untouched;
    }

    /** Returns one that says why a command was not executed, and will not be. */
    public static StoreUnavailableException notExecuted(String message) {
      return new StoreUnavailableException(message, true);
    }

    /** Returns whether {@code failure}, or what it wraps, says that nothing was executed. */
    public static boolean isNotExecuted(Throwable failure) {
      Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
      return cause instanceof StoreUnavailableException unavailable && unavailable.untouched;
    }

    /** Says why; without a stack trace, since this is expected and may come often. */
    public StoreUnavailableException(String message, Throwable cause) {
      super(message, cause, false, false);
      untouched = false;
    }
  }
}
