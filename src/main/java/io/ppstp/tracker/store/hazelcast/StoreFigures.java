package io.ppstp.tracker.store.hazelcast;

/**
 * What there is to measure of a node's part in a clustered store; immutable. All but those about
 * what waits count from the start of the node.
 *
 * @param answeredHere questions answered from what this node holds
 * @param askedRemote questions asked of other nodes
 * @param givenUp those that no answer came to in time
 * @param unreadable messages that could not be read, or came from no member
 * @param operations of Hazelcast's that this node has started
 * @param failedOperations those of which it is not known whether they were executed
 * @param waitingChanges changes that lists have not followed yet
 * @param oldestWaitingNs for how long the oldest of them waits, in nanoseconds
 * @param comparedReplicas backups compared with what this node owns
 * @param differingReplicas those that differed, and were mended
 * @param merged registrations that merges after network splits have added here
 * @param dropped registrations that merges have dropped here
 */
public record StoreFigures(
    long answeredHere,
    long askedRemote,
    long givenUp,
    long unreadable,
    long operations,
    long failedOperations,
    int waitingChanges,
    long oldestWaitingNs,
    long comparedReplicas,
    long differingReplicas,
    long merged,
    long dropped) {}
