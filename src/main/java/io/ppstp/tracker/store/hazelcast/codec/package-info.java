/**
 * How requests, results, changes and state are written between nodes. Every length is checked
 * before memory is taken for it. Depends on the domain only.
 */
@NullMarked
package io.ppstp.tracker.store.hazelcast.codec;

import org.jspecify.annotations.NullMarked;
