/**
 * Being one node of many: the Hazelcast configuration, joining, the view of the other members, and
 * the periodic work that keeps the shared state whole.
 */
@NullMarked
package io.ppstp.tracker.cluster;

import org.jspecify.annotations.NullMarked;
