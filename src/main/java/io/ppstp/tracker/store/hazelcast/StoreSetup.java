package io.ppstp.tracker.store.hazelcast;

import io.ppstp.tracker.domain.Origin.AddressRules;
import java.time.Duration;

/**
 * What the store of a cluster has to know; immutable, and the same on all nodes but for the budget.
 *
 * @param maximumPeers registrations that this node takes charge of at most
 * @param track the track timer
 * @param backups of each shard besides its owner, all synchronous
 * @param minimumMembers members below which this side of a split refuses to serve; 0 for none
 * @param memberTimeout silence after which the others do without a member
 * @param reads how close to the changes reads are, and from where
 * @param addressRules for the addresses of peers that lists are to name again
 */
public record StoreSetup(
    int maximumPeers,
    Duration track,
    int backups,
    int minimumMembers,
    Duration memberTimeout,
    Reads reads,
    AddressRules addressRules) {

  /**
   * How reads follow changes.
   *
   * @param listInterval the shortest time between two batches of changes of the same lists
   * @param fromBackups whether nodes answer from backups that they hold, or ask the owner
   */
  public record Reads(Duration listInterval, boolean fromBackups) {}
}
