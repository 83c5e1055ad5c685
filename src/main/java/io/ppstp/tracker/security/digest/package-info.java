/**
 * HTTP Digest Access Authentication (RFC 7616): credentials, their verification on Vert.x's
 * authentication SPI, stateless nonces, the port {@link
 * io.ppstp.tracker.security.digest.NonceStore} that knows which counts of a nonce were used, and
 * the file of accounts.
 *
 * <p>Depends on {@code security} and on Vert.x; nothing but the app and the cluster depends on it.
 */
@NullMarked
package io.ppstp.tracker.security.digest;

import org.jspecify.annotations.NullMarked;
