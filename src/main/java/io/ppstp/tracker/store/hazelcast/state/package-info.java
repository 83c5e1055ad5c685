/**
 * The state objects in the clustered maps and all that Hazelcast does with them: one mechanism for
 * registrations and swarms, which {@link io.ppstp.tracker.store.hazelcast.state.StateKind} tells
 * apart. Commands are decided by the owner of a shard in {@link
 * io.ppstp.tracker.store.hazelcast.state.ChangeProcessor}, and their changes applied at the
 * backups.
 *
 * <p>Depends on Hazelcast's public interface, on the formats and on the domain.
 */
@NullMarked
package io.ppstp.tracker.store.hazelcast.state;

import org.jspecify.annotations.NullMarked;
