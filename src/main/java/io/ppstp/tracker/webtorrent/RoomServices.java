package io.ppstp.tracker.webtorrent;

import io.ppstp.tracker.limits.Limits;
import io.ppstp.tracker.membership.SwarmAccess;
import io.ppstp.tracker.store.TrackerStore;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * What a room of browsers stands on.
 *
 * @param rules of which the limits may change
 * @param clock the time that all nodes agree on
 * @param nanoClock monotonic, as {@link System#nanoTime()}
 */
record RoomServices(
    TrackerStore store,
    Supplier<RoomRules> rules,
    Limits limits,
    RoomCounts counts,
    SwarmAccess access,
    InstantSource clock,
    LongSupplier nanoClock,
    RandomGenerator random) {}
