package io.ppstp.tracker.store;

import io.ppstp.tracker.domain.Departure;
import io.ppstp.tracker.domain.PeerCommand;
import io.ppstp.tracker.domain.SwarmCommand;
import io.ppstp.tracker.domain.SwarmKey;
import io.ppstp.tracker.domain.Timers;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * Where registrations and swarms live. Thread-safe; no method blocks.
 *
 * <p>Duties of an adapter:
 *
 * <ul>
 *   <li>A command is applied to its state object atomically and at least once; commands on one
 *       object are applied one after another. A stage that completed normally means: applied, and
 *       as safe from loss as the adapter promises.
 *   <li>A swarm comes to be with its first member and goes with its last.
 *   <li>Registrations never exceed the store's budget.
 *   <li>A stage completes exceptionally when it is not known whether the command was applied. All
 *       commands can be repeated without harm.
 *   <li>Stages complete before the method returns or on the executor that {@link #on} was given; on
 *       one of the adapter's own if there is none.
 * </ul>
 */
public interface TrackerStore {

  /** Applies {@code command} to the shard that holds this peer's registration. */
  <R> CompletionStage<R> onPeer(String peerId, PeerCommand<R> command);

  /** Applies {@code command} to this swarm. */
  <R> CompletionStage<R> onSwarm(SwarmKey swarm, SwarmCommand<R> command);

  /**
   * Ends registrations whose timer has run out, in all shards that are this node's to look after,
   * at most {@code maximum} in all; the rest follow at the next call. Takes time proportional to
   * what expires.
   *
   * @return what is left to do for each; {@link #forget} strikes it out
   */
  CompletionStage<List<Departure>> expire(long nowMs, int maximum, Timers timers);

  /**
   * Strikes out departures whose peers have left all their swarms.
   *
   * @return those that nobody had struck out before
   */
  CompletionStage<List<Departure>> forget(List<Departure> done);

  /**
   * Changes how many registrations there may be in this node's charge; those there are stay.
   *
   * @param registrations at least 1
   */
  void limit(int registrations);

  /**
   * Returns this store as seen from one executor, such as an event loop: what a room builds on its
   * stages then runs where the room lives. A stage that is complete at once costs no detour.
   */
  default TrackerStore on(Executor executor) {
    return this;
  }

  /** Counts what the whole tracker holds; cheap enough to ask every second. */
  CompletionStage<Census> census();

  /**
   * What a tracker holds. With no peer it is in state INIT, else in STARTED (RFC 7846, Figure 4).
   *
   * @param members memberships of all swarms together
   */
  record Census(long peers, long swarms, long members) {}
}
