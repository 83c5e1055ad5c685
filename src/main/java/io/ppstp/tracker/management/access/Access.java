package io.ppstp.tracker.management.access;

import io.netty.util.NetUtil;
import io.ppstp.tracker.config.TrackerConfig;
import io.ppstp.tracker.config.text.Texts;
import io.ppstp.tracker.management.access.Operator.Role;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.security.Audit;
import io.ppstp.tracker.security.CertificateScheme;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import java.security.cert.Certificate;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Says who may use the management port. Where operators have tokens or certificates, everybody
 * shows one; else only this machine's own users are served. Thread-safe.
 *
 * <p>A browser sends a certificate, and reaches loopback, for any page that asks it to. So whatever
 * shows who is asking, the port has to be asked by one of its names, which a page that has its own
 * name lead here does not do (DNS rebinding), and not by a page of another origin.
 */
public final class Access {
  private static final String OPERATOR = "operator";
  private static final String BEARER = "Bearer ";
  private static final String NO_ORIGIN = "none";

  private final Set<String> hosts;
  private final Set<String> writers;
  private final @Nullable OperatorTokens tokens;
  private final boolean certificates;
  private final Audit audit;
  private final InstantSource wallClock;

  /**
   * Makes it.
   *
   * @param tokens null if there are none
   * @param wallClock which certificates are dated by
   */
  public Access(
      TrackerConfig.Management config,
      @Nullable OperatorTokens tokens,
      Audit audit,
      InstantSource wallClock) {
    this.hosts = Set.copyOf(config.hosts());
    this.writers = Set.copyOf(config.writers());
    this.tokens = tokens;
    this.certificates = config.clientCa().isPresent();
    this.audit = audit;
    this.wallClock = wallClock;
  }

  /** Returns whether everybody has to show who they are. */
  boolean isGuarded() {
    return tokens != null || certificates;
  }

  /** Lets whoever may read go on. */
  public void read(RoutingContext request) {
    check(request, Role.READ);
  }

  /** Lets whoever may write go on, and no page of another origin, whatever it sends. */
  public void write(RoutingContext request) {
    check(request, Role.WRITE);
  }

  /** Lets whoever may read figures go on: everybody, if nobody has to show who they are. */
  public void figures(RoutingContext request) {
    if (!isGuarded()) {
      request.next();
      return;
    }
    Operator operator = shown(request.request());
    if (operator == null) {
      challenge(request);
    } else {
      request.next();
    }
  }

  /** Returns who has been let in to do what {@code request} asks for. */
  public static Operator of(RoutingContext request) {
    Operator operator = request.get(OPERATOR);
    if (operator == null) {
      throw new IllegalStateException("nobody has been let in");
    }
    return operator;
  }

  private void check(RoutingContext request, Role needed) {
    HttpServerRequest http = request.request();
    if (!isAskedByName(http.authority())) {
      Problem.forbidden(
              "this name of the management port is not among management.hosts, nor an address")
          .answer(request);
    } else if (isForeign(http)) {
      Problem.forbidden("pages of other origins are not served").answer(request);
    } else if (!isGuarded()) {
      local(request);
    } else {
      Operator operator = shown(http);
      if (operator == null) {
        challenge(request);
      } else if (!operator.may(needed)) {
        audit.refused("operator", client(http), operator.name() + " may not write");
        Problem.forbidden("this needs the role write").answer(request);
      } else {
        request.put(OPERATOR, operator);
        request.next();
      }
    }
  }

  private void local(RoutingContext request) {
    if (LocalRequests.isOne(request.request())) {
      request.put(OPERATOR, Operator.LOCAL);
      request.next();
    } else {
      Problem.forbidden(
              "without management.tokens or management.client-ca this is for requests from this"
                  + " machine, for localhost")
          .answer(request);
    }
  }

  private boolean isAskedByName(@Nullable HostAndPort asked) {
    return asked != null
        && (asked.host().equals("localhost")
            || hosts.contains(asked.host())
            || NetUtil.createInetAddressFromIpAddressString(asked.host()) != null);
  }

  private static boolean isForeign(HttpServerRequest http) {
    String site = http.getHeader("sec-fetch-site");
    if (site != null && !site.equals("same-origin") && !site.equals(NO_ORIGIN)) {
      return true;
    }
    String origin = http.getHeader("origin");
    // A proxy may do the TLS, so that the page has another scheme.
    return origin != null
        && !origin.equals("https://" + http.authority())
        && !origin.equals("http://" + http.authority());
  }

  private @Nullable Operator shown(HttpServerRequest http) {
    String credentials = http.getHeader("authorization");
    if (credentials != null) {
      boolean bearer = credentials.regionMatches(true, 0, BEARER, 0, BEARER.length());
      return bearer && tokens != null
          ? tokens.find(credentials.substring(BEARER.length()).strip())
          : null;
    }
    return certificates ? certified(http.connection().sslSession()) : null;
  }

  private @Nullable Operator certified(@Nullable SSLSession session) {
    if (session == null) {
      return null;
    }
    try {
      Certificate[] chain = session.getPeerCertificates();
      if (chain.length > 0 && chain[0] instanceof X509Certificate own) {
        own.checkValidity(Date.from(wallClock.instant()));
        List<String> names = CertificateScheme.names(own);
        if (!names.isEmpty()) {
          Role role = names.stream().anyMatch(writers::contains) ? Role.WRITE : Role.READ;
          return new Operator(Texts.shown(names.get(0)), role);
        }
      }
    } catch (SSLPeerUnverifiedException
        | CertificateExpiredException
        | CertificateNotYetValidException e) {
      return null;
    }
    return null;
  }

  private void challenge(RoutingContext request) {
    boolean tried = request.request().getHeader("authorization") != null;
    audit.refused(
        "operator", client(request.request()), tried ? "unknown token" : "no credentials");
    request.response().putHeader("www-authenticate", "Bearer realm=\"ppstp-tracker management\"");
    Problem.unauthorized(tried ? "this token is nobody's" : "a bearer token is needed")
        .answer(request);
  }

  private static IpAddress client(HttpServerRequest http) {
    IpAddress address = IpAddress.parse(String.valueOf(http.remoteAddress().hostAddress()));
    return address == null ? IpAddress.ofBytes(new byte[4]) : address;
  }
}
