/**
 * What the nodes of a cluster share for HTTP Digest: the key of nonces, and which of their counts
 * were used, as entries of Hazelcast maps.
 *
 * <p>Depends on Hazelcast, on Vert.x and on the port in {@code security.digest}.
 */
@NullMarked
package io.ppstp.tracker.security.digest.hazelcast;

import org.jspecify.annotations.NullMarked;
