package io.ppstp.tracker.protocol;

/**
 * The statistics of one swarm in a STAT_REPORT (RFC 7846, Section 3.2.5); 64-bit values, exact.
 *
 * @param availableBandwidth instantaneous upload bandwidth
 */
public record StreamStats(
    String swarmId,
    long uploadedBytes,
    long downloadedBytes,
    long availableBandwidth,
    long concurrentLinks) {}
