/**
 * The domain of the tracker in plain Java: registrations with their track timers, swarms, Table 6
 * of RFC 7846 and the draw of peer lists.
 *
 * <p>Two state objects, each holding many peers: {@link io.ppstp.tracker.domain.PeerShard} and
 * {@link io.ppstp.tracker.domain.swarm.Swarm}. Small immutable commands change one of them at a
 * time; where the object lives and how it is guarded is the store's affair. Time and randomness are
 * parameters. Depends on {@code protocol} only.
 */
@NullMarked
package io.ppstp.tracker.domain;

import org.jspecify.annotations.NullMarked;
