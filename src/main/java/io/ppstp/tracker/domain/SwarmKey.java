package io.ppstp.tracker.domain;

/** Names one swarm's state object. A type of its own because large swarms may one day be sliced. */
public record SwarmKey(String swarmId) {}
