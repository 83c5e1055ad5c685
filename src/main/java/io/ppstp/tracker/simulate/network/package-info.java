/**
 * A live stream among peers of many networks, in this process and without a network: what lists of
 * the tracker's own selection do to traffic between networks, to the start of streams and to their
 * continuity.
 */
@NullMarked
package io.ppstp.tracker.simulate.network;

import org.jspecify.annotations.NullMarked;
