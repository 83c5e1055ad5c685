package io.ppstp.tracker.domain;

import io.ppstp.tracker.protocol.PeerMode;
import java.util.Map;

/**
 * A registration as it stood at one moment; immutable. Times are milliseconds of the tracker's
 * clock.
 */
public record RegistrationView(
    long connectedAtMs,
    long lastSeenMs,
    Map<SwarmKey, PeerMode> memberships,
    PeerAddresses addresses) {}
