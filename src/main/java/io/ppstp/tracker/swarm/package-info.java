/**
 * The room of swarm management: what each well-formed request does to registrations and swarms, and
 * what is answered. Plain Java over the store's port; {@link io.ppstp.tracker.swarm.SwarmVerticle}
 * is the thin shell that puts it on the event bus.
 */
@NullMarked
package io.ppstp.tracker.swarm;

import org.jspecify.annotations.NullMarked;
