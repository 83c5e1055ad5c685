/**
 * How much anybody may have of the tracker: addresses in ranges, rates, lock-outs and counts per
 * client, each in memory that does not grow with the number of addresses that an attacker can make
 * up (RFC 7846, Section 6.3).
 *
 * <p>Plain Java; knows the protocol's addresses and nothing else. Times are nanoseconds of a
 * monotonic clock that the caller hands in.
 */
@NullMarked
package io.ppstp.tracker.limits;

import org.jspecify.annotations.NullMarked;
