package io.ppstp.tracker.bus;

/** An {@link Answer} on its way to the exchange that waits for it. Immutable. */
record TicketedAnswer(long exchange, Answer answer) {}
