package io.ppstp.tracker.security;

import io.ppstp.tracker.limits.Client;
import io.ppstp.tracker.protocol.IpAddress;
import java.security.cert.X509Certificate;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a request brings along to prove its sender; immutable by agreement: the bytes are not
 * copied.
 *
 * @param target the request target as the client wrote it, in absolute or origin form
 * @param authorization the {@code Authorization} field, null if there is none
 * @param body whole, after transfer decoding
 * @param certificate that the client's end of TLS proved to own, null if none; its chain has been
 *     verified
 * @param from whom the request is from, for limits
 */
@SuppressWarnings("ArrayRecordComponent")
public record AuthAttempt(
    String method,
    String target,
    @Nullable String authorization,
    byte[] body,
    @Nullable X509Certificate certificate,
    Client from) {

  /** Makes an attempt without a proxy between. */
  public AuthAttempt(
      String method,
      String target,
      @Nullable String authorization,
      byte[] body,
      @Nullable X509Certificate certificate,
      IpAddress client) {
    this(method, target, authorization, body, certificate, new Client(client, false));
  }

  /** Returns the address that the request came from. */
  public IpAddress client() {
    return from.ip();
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
