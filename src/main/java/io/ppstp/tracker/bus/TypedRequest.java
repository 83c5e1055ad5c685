package io.ppstp.tracker.bus;

import io.ppstp.tracker.protocol.Request;

/** From validation to swarm management: a well-formed request. Immutable. */
public record TypedRequest(Ticket ticket, Requester requester, Request request) {}
