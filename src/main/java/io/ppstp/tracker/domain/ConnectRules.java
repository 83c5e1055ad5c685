package io.ppstp.tracker.domain;

/**
 * The part of the configuration that decides a CONNECT; immutable. It travels with the command, so
 * that a command does the same wherever it is decided.
 *
 * @param maxSwarms memberships of one peer at most
 * @param refuseReusedTransactions answer a transaction ID that comes again with other content with
 *     01 (RFC 7846, Section 4.3)
 * @param trackMs the track timer, in milliseconds; also how long a repeated CONNECT is recognised
 */
public record ConnectRules(
    ConnectPolicy policy, int maxSwarms, boolean refuseReusedTransactions, long trackMs) {}
