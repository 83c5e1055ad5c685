package io.ppstp.tracker.swarm;

import io.ppstp.tracker.bus.Requester;
import io.ppstp.tracker.domain.address.PeerAddresses;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.protocol.PeerAddress;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What answers tell peers of their own public addresses; immutable.
 *
 * @param asns numbers of the autonomous systems that addresses are in, 0 if not known
 */
record Reflexives(ToLongFunction<IpAddress> asns) {

  /** Returns what {@link PeerAddresses#reflexive} says, and in which autonomous system it is. */
  @Nullable PeerAddress of(PeerAddresses advertised, Requester requester) {
    PeerAddress address = advertised.reflexive(requester.ip(), requester.port());
    return address == null ? null : address.in(asns.applyAsLong(requester.ip()));
  }
}
