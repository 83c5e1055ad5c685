package io.ppstp.tracker.limits;

import io.ppstp.tracker.protocol.IpAddress;

/**
 * Whom a request is held to be from, for limits; immutable.
 *
 * @param ip the client's address, or that of the nearest proxy that could be believed
 * @param forwarded whether a trusted proxy stands between; then no address is exempt from limits,
 *     for the address is not that of the connection
 */
public record Client(IpAddress ip, boolean forwarded) {}
