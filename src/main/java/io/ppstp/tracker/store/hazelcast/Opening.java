package io.ppstp.tracker.store.hazelcast;

/**
 * A time during which a {@link StateValue} is open; immutable.
 *
 * @param number given by the owner and the same on its copies, so that a copy follows nobody else
 * @param owned whether this is the owner's value and not a copy
 * @param arrivals how many states had come to this node from others before
 * @param version of the view of the cluster, see {@link Replicas#version}
 * @param whenClosed what ends with it
 */
record Opening(long number, boolean owned, long arrivals, long version, Runnable whenClosed) {}
