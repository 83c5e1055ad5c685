package io.ppstp.tracker.bus;

/**
 * Where the answer to a request goes; immutable.
 *
 * @param ingress the number of the ingress instance that holds the connection
 * @param exchange its number for the request
 */
public record Ticket(int ingress, long exchange) {}
