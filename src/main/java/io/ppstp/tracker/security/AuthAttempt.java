package io.ppstp.tracker.security;

import io.ppstp.tracker.limits.IpPrefix;
import io.ppstp.tracker.limits.LimitRules.Client;
import io.ppstp.tracker.protocol.IpAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a request brings along to prove its sender; immutable by agreement: the bytes are not
 * copied.
 *
 * @param target the request target as the client wrote it, in absolute or origin form
 * @param authorization the {@code Authorization} field, null if there is none
 * @param body whole, after transfer decoding
 * @param chain what the client's end of TLS showed, the certificate that it proved to own first;
 *     the handshake has verified it; empty if there is none
 * @param from whom the request is from, for limits
 */
@SuppressWarnings("ArrayRecordComponent")
public record AuthAttempt(
    String method,
    String target,
    @Nullable String authorization,
    byte[] body,
    List<X509Certificate> chain,
    Client from) {

  private static final int V4_BITS = 32;
  private static final int V6_BITS = 64;

  /** Copies {@code chain}. */
  public AuthAttempt {
    chain = List.copyOf(chain);
  }

  /** Makes an attempt without a proxy between, with at most one certificate. */
  public AuthAttempt(
      String method,
      String target,
      @Nullable String authorization,
      byte[] body,
      @Nullable X509Certificate certificate,
      IpAddress client) {
    this(
        method,
        target,
        authorization,
        body,
        certificate == null ? List.of() : List.of(certificate),
        new Client(client, false));
  }

  /** Returns the certificate that the client proved to own, null if there is none. */
  public @Nullable X509Certificate certificate() {
    return chain.isEmpty() ? null : chain.get(0);
  }

  /** Returns the address that the request came from. */
  public IpAddress client() {
    return from.ip();
  }

  /**
   * Returns whom shares of what is scarce are counted for, by value: the address, of IPv6 its /64.
   */
  public Object network() {
    return IpPrefix.of(from.ip(), V4_BITS, V6_BITS);
  }

  /** Returns the lower-case name of the authentication scheme in {@code authorization}, or "". */
  public String schemeName() {
    if (authorization == null) {
      return "";
    }
    int space = authorization.indexOf(' ');
    String name = space < 0 ? authorization : authorization.substring(0, space);
    return name.toLowerCase(Locale.ROOT);
  }
}
