/**
 * Every address and every message type on the event bus: what the rooms say to each other, and the
 * events that analysts listen to.
 *
 * <p>Inside a node messages are immutable objects passed by reference. Depends on Vert.x Core and
 * on the domain's and the protocol's records.
 */
@NullMarked
package io.ppstp.tracker.bus;

import org.jspecify.annotations.NullMarked;
