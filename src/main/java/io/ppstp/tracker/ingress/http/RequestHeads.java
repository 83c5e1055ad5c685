package io.ppstp.tracker.ingress.http;

import io.ppstp.tracker.domain.address.RegistrationSecret;
import io.ppstp.tracker.domain.address.RegistrationSecret.SecretHash;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Holds the header of a request to what HTTP asks of an origin server (RFC 9110, RFC 9112).
 * Stateless.
 *
 * <p>Vert.x takes the first of several fields of one name. Where a field may stand once only, a
 * second one is looked for here: somebody between may have gone by the other.
 */
public final class RequestHeads {
  /** The field in which an answer tells the secret of a registration, and requests bring it. */
  public static final String REGISTRATION = "ppstp-registration";

  private static final CharSequence REGISTRATION_NAME = HttpHeaders.createOptimized(REGISTRATION);

  private RequestHeads() {}

  /** Returns why a request is malformed, whatever it is for, or null. */
  public static @Nullable Refusal fault(HttpServerRequest request) {
    if (!hasHost(request) || !hasGoodTarget(request)) {
      return Refusal.MALFORMED;
    }
    if (isUnframed(request)) {
      return Refusal.MALFORMED;
    }
    boolean twice = request.headers().getAll(HttpHeaders.CONTENT_TYPE).size() > 1;
    return twice ? Refusal.MALFORMED : null;
  }

  /**
   * Returns whether a request cannot be told from the next one on its connection, so that nothing
   * after it may be read: the one coding that says where a body ends is chunked, which may stand
   * once and since HTTP/1.1 (RFC 9112, Section 6.3).
   */
  public static boolean isUnframed(HttpServerRequest request) {
    if (!request.headers().contains(HttpHeaders.TRANSFER_ENCODING)) {
      return false;
    }
    List<String> codings = request.headers().getAll(HttpHeaders.TRANSFER_ENCODING);
    return codings.size() != 1
        || !codings.get(0).equalsIgnoreCase("chunked")
        || request.version() == HttpVersion.HTTP_1_0;
  }

  /** RFC 9112, Section 3.2: one valid Host, which HTTP/1.0 may leave out. */
  private static boolean hasHost(HttpServerRequest request) {
    if (request.version() == HttpVersion.HTTP_2) {
      return request.authority() != null;
    }
    List<String> hosts = request.headers().getAll(HttpHeaders.HOST);
    return hosts.isEmpty()
        ? request.version() == HttpVersion.HTTP_1_0
        : hosts.size() == 1 && HostNames.isAuthority(hosts.get(0));
  }

  /** RFC 9112, Section 3.2: the other two forms of a target are for CONNECT and OPTIONS only. */
  private static boolean hasGoodTarget(HttpServerRequest request) {
    String target = request.uri();
    if (!HttpMethod.POST.equals(request.method()) || target.startsWith("/")) {
      return true;
    }
    for (String scheme : List.of("http://", "https://")) {
      if (target.regionMatches(true, 0, scheme, 0, scheme.length())) {
        return HostNames.isAuthority(HostNames.authorityAt(target, scheme.length()));
      }
    }
    return false;
  }

  /** Returns whether a request expects something else than to be asked for its body. */
  public static boolean hasForeignExpectation(HttpServerRequest request) {
    if (!request.headers().contains(HttpHeaders.EXPECT)) {
      return false;
    }
    return request.version() != HttpVersion.HTTP_1_0
        && !request.headers().getAll(HttpHeaders.EXPECT).stream()
            .allMatch("100-continue"::equalsIgnoreCase);
  }

  /**
   * Returns whether the sender waits to be asked for the body (RFC 9110, Section 10.1.1). In
   * HTTP/1.0 that means nothing.
   */
  public static boolean awaitsContinue(HttpServerRequest request) {
    return request.headers().contains(HttpHeaders.EXPECT)
        && request.version() != HttpVersion.HTTP_1_0;
  }

  /** Returns whether the body is compressed or otherwise encoded. */
  public static boolean isEncoded(HttpServerRequest request) {
    if (!request.headers().contains(HttpHeaders.CONTENT_ENCODING)) {
      return false;
    }
    return !request.headers().getAll(HttpHeaders.CONTENT_ENCODING).stream()
        .allMatch("identity"::equalsIgnoreCase);
  }

  /**
   * Returns the hash of the registration's secret that a request brings, null if it brings none.
   * What is no secret of this tracker's, or more than one, proves nothing: a client may still have
   * one of another tracker or release, and is not to be kept from where it may go without.
   */
  public static @Nullable SecretHash registrationProof(HttpServerRequest request) {
    if (!request.headers().contains(REGISTRATION_NAME)) {
      return null;
    }
    List<String> brought = request.headers().getAll(REGISTRATION);
    return brought.size() == 1 ? RegistrationSecret.hashOf(brought.get(0)) : null;
  }

  /** Returns the announced length; 0 when there is none, and the bytes will be counted. */
  public static long announcedLength(HttpServerRequest request) {
    String length = request.headers().get(HttpHeaders.CONTENT_LENGTH);
    try {
      return length == null ? 0 : Long.parseLong(length);
    } catch (NumberFormatException e) {
      return Long.MAX_VALUE;
    }
  }

  /** Returns whether a body follows the header. */
  public static boolean announcesBody(HttpServerRequest request) {
    return announcedLength(request) != 0
        || request.headers().contains(HttpHeaders.TRANSFER_ENCODING);
  }

  /** The syntax of the part of a URI that names a server (RFC 3986, Section 3.2). Stateless. */
  static final class HostNames {
    private static final String SIGNS_OF_NAMES = "-._~%!$&'()*+,;=";
    private static final int LONGEST = 512;

    private HostNames() {}

    /** Returns whether {@code text} is a host with or without a port, and nothing else. */
    static boolean isAuthority(String text) {
      int end = text.startsWith("[") ? endOfLiteral(text) : endOfName(text);
      if (end <= 0 || text.length() > LONGEST) {
        return false;
      }
      if (end == text.length()) {
        return true;
      }
      if (text.charAt(end) != ':') {
        return false;
      }
      for (int i = end + 1; i < text.length(); i++) {
        if (text.charAt(i) < '0' || text.charAt(i) > '9') {
          return false;
        }
      }
      return text.length() - end <= 6;
    }

    private static int endOfName(String text) {
      int at = 0;
      while (at < text.length()
          && (isLetterOrDigit(text.charAt(at)) || SIGNS_OF_NAMES.indexOf(text.charAt(at)) >= 0)) {
        at++;
      }
      return at;
    }

    private static int endOfLiteral(String text) {
      int close = text.indexOf(']');
      for (int i = 1; i < close; i++) {
        char c = text.charAt(i);
        if (!isLetterOrDigit(c) && c != ':' && c != '.' && c != '%' && c != '-') {
          return -1;
        }
      }
      return close > 1 ? close + 1 : -1;
    }

    private static boolean isLetterOrDigit(char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    /** Returns what stands in {@code uri} from {@code start} to its path, query or end. */
    static String authorityAt(String uri, int start) {
      int end = start;
      while (end < uri.length() && "/?#".indexOf(uri.charAt(end)) < 0) {
        end++;
      }
      return uri.substring(start, end);
    }
  }
}
