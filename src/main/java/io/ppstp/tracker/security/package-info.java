/**
 * Who a request comes from and what that permits: identities, the ways to prove them, the
 * authenticator that ingress asks, and the audit log (RFC 7846, Section 6).
 *
 * <p>Knows the protocol's records and Vert.x, but no room. {@link
 * io.ppstp.tracker.security.AuthState}, {@link io.ppstp.tracker.security.AuthState.Identity} and
 * {@link io.ppstp.tracker.security.Permissions} are plain immutable Java and travel on the event
 * bus.
 */
@NullMarked
package io.ppstp.tracker.security;

import org.jspecify.annotations.NullMarked;
