/**
 * OAuth 2.0 bearer tokens (RFC 6749, RFC 6750): JSON Web Tokens that are verified here, and opaque
 * ones that their issuer is asked about (RFC 7662).
 *
 * <p>The library verifies signatures and nothing else: it lets a token pass that lacks a claim, and
 * would ask the key server once more for every unknown key ID. What a token must say is checked by
 * {@link io.ppstp.tracker.security.bearer.ClaimsCheck}, when to ask is decided by {@link
 * io.ppstp.tracker.security.bearer.ServerKeys}. Knows the package above it and Vert.x, but no
 * configuration and no room. No token is ever logged, nor anything that an issuer's server answers.
 */
@NullMarked
package io.ppstp.tracker.security.bearer;

import org.jspecify.annotations.NullMarked;
