/**
 * The store of a cluster: registrations and swarms as entries of Hazelcast maps. Changes are
 * operations of Hazelcast's; questions are answered from what is here, or asked of other nodes; and
 * lists follow registrations, see {@code src/docs/cluster.md}.
 *
 * <p>Depends on Hazelcast, on the store's port, on the domain and on the packages below.
 */
@NullMarked
package io.ppstp.tracker.store.hazelcast;

import org.jspecify.annotations.NullMarked;
