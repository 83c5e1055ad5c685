/**
 * The store of a cluster: peer shards and swarms as entries of Hazelcast maps, each command an
 * entry processor that runs where the entry lives and again on its backup. Light commands take a
 * shorter way, see {@link io.ppstp.tracker.store.hazelcast.Commands}.
 *
 * <p>Depends on Hazelcast, on the store's port and on the domain.
 */
@NullMarked
package io.ppstp.tracker.store.hazelcast;

import org.jspecify.annotations.NullMarked;
