package io.ppstp.tracker.bus;

import io.ppstp.tracker.protocol.IpAddress;

/** Who a request came from, as seen by ingress; immutable. */
public record Requester(IpAddress ip, int port) {}
