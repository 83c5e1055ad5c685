package io.ppstp.tracker.bus;

/**
 * From ingress to validation: the body of a POST, whole but unread. Immutable by agreement: the
 * bytes are not copied.
 *
 * @param exactMediaType whether the request named PPSTP's own media type
 */
@SuppressWarnings("ArrayRecordComponent")
public record RawRequest(Ticket ticket, Requester requester, byte[] body, boolean exactMediaType) {}
