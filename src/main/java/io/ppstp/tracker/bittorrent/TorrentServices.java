package io.ppstp.tracker.bittorrent;

import io.ppstp.tracker.bus.EventSink;
import io.ppstp.tracker.limits.Limits;
import io.ppstp.tracker.membership.SwarmAccess;
import io.ppstp.tracker.store.TrackerStore;
import java.time.InstantSource;

/**
 * What the instances of this room stand on; each part is thread-safe.
 *
 * @param access who may be in which swarm
 * @param clock the time that all nodes agree on
 */
public record TorrentServices(
    TrackerStore store,
    TorrentRules rules,
    Limits limits,
    EventSink events,
    SwarmAccess access,
    InstantSource clock,
    TorrentCounts counts) {}
