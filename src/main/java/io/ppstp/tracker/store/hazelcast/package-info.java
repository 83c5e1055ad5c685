/**
 * The store of a cluster: peer shards and swarms as entries of Hazelcast maps. {@link
 * io.ppstp.tracker.store.hazelcast.Commands} leads commands to them: the short way, on the spot or
 * with errands to other nodes, or the long way, as entry processors. {@link
 * io.ppstp.tracker.store.hazelcast.StateValue} says when the short way is open.
 *
 * <p>Depends on Hazelcast, on the store's port and on the domain.
 */
@NullMarked
package io.ppstp.tracker.store.hazelcast;

import org.jspecify.annotations.NullMarked;
