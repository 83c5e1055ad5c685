/**
 * How nodes ask each other about state, and know that they live: messages that change nothing. What
 * changes state goes by Hazelcast's operations, and only by them. Depends on the formats and on the
 * questions of {@code store.hazelcast.state}.
 */
@NullMarked
package io.ppstp.tracker.store.hazelcast.transport;

import org.jspecify.annotations.NullMarked;
