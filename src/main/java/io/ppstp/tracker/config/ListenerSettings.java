package io.ppstp.tracker.config;

import static io.ppstp.tracker.config.Setting.setting;
import static io.ppstp.tracker.config.SettingType.bool;
import static io.ppstp.tracker.config.SettingType.choice;
import static io.ppstp.tracker.config.SettingType.cidrs;
import static io.ppstp.tracker.config.SettingType.duration;
import static io.ppstp.tracker.config.SettingType.durationOrZero;
import static io.ppstp.tracker.config.SettingType.host;
import static io.ppstp.tracker.config.SettingType.integer;
import static io.ppstp.tracker.config.SettingType.list;
import static io.ppstp.tracker.config.SettingType.name;
import static io.ppstp.tracker.config.SettingType.optionalPath;
import static io.ppstp.tracker.config.SettingType.optionalUrl;
import static io.ppstp.tracker.config.SettingType.port;

import io.ppstp.tracker.config.TelemetryConfig.LogFormat;
import io.ppstp.tracker.config.TrackerConfig.ClientCertificates;
import io.ppstp.tracker.config.TrackerConfig.ProxyHeader;
import io.ppstp.tracker.config.TrackerConfig.StatusMapping;
import java.util.List;

/** What is listened on, and what stands before it. Part of {@link Settings}. */
final class ListenerSettings {
  static final List<Setting> ALL =
      List.of(
          // What is listened on.
          setting("http.enabled", bool(), "true", "serve plain HTTP"),
          setting("http.host", host(), "127.0.0.1", "host or address of the plain HTTP listener"),
          setting(
              "http.port", port(), "7846", "port of the plain HTTP listener; 0 = any free port"),
          setting(
              "http.allow-plain-text",
              bool(),
              "false",
              "let plain HTTP listen on an address that is not loopback"),
          setting("http.paths", urlPaths(), "", "paths a POST is served on; empty = any path"),
          setting(
              "http.status", choice(StatusMapping.class), "mapped", "HTTP status of PPSTP errors"),
          setting("http.idle-timeout", duration(), "60s", "idle keep-alive connections are closed"),
          setting(
              "http.request-deadline",
              duration(),
              "10s",
              "longest time from a request's headers to its last byte"),
          setting(
              "http.response-deadline",
              duration(),
              "30s",
              "longest time that a client takes to read an answer"),
          setting(
              "http.allowed-origins",
              origins(),
              "",
              "web pages of other origins that may send requests; empty = none"),
          setting("https.enabled", bool(), "false", "serve HTTPS"),
          setting("https.host", host(), "127.0.0.1", "host or address of the HTTPS listener"),
          setting("https.port", port(), "7443", "port of the HTTPS listener; 0 = any free port"),
          setting("https.certificate", optionalPath(), "", "PEM file of the certificate chain"),
          setting("https.key", optionalPath(), "", "PEM file of the certificate's private key"),
          setting(
              "https.client-certificates",
              choice(ClientCertificates.class),
              "off",
              "ask clients for a certificate: off, request or require"),
          setting(
              "https.client-ca", optionalPath(), "", "PEM file of the CAs of client certificates"),
          setting(
              "https.client-crl",
              optionalPath(),
              "",
              "PEM file of the revocation lists of those CAs; none = nothing is revoked"),
          setting("https.self-signed", bool(), "false", "throw-away certificate, for trying out"),
          setting(
              "https.server-names",
              serverNames(),
              "",
              "names that clients may ask for in the TLS handshake; empty = any"),
          setting("management.host", host(), "127.0.0.1", "host or address of health and metrics"),
          setting(
              "management.port", port(), "7847", "port of health and metrics; 0 = any free port"),
          setting(
              "management.hosts",
              serverNames(),
              "",
              "names that the management port is asked by, besides localhost and addresses"),
          setting(
              "management.tokens",
              optionalPath(),
              "",
              "file of who may use the management port: read or write, a name and a token a line"),
          setting(
              "management.certificate",
              optionalPath(),
              "",
              "PEM file of the management port's certificate chain; none = plain HTTP"),
          setting("management.key", optionalPath(), "", "PEM file of its private key"),
          setting(
              "management.client-ca",
              optionalPath(),
              "",
              "PEM file of the CAs of operators' certificates, who may read"),
          setting(
              "management.writers",
              list("a name", "names in certificates of operators", name -> !name.isBlank()),
              "",
              "names in their certificates of those who may write too"),
          setting(
              "metrics.channels",
              integer(0, 1000),
              "20",
              "largest swarms of a node that have series of their own in the metrics"),
          setting(
              "metrics.vertx",
              list(
                  "a part of Vert.x",
                  "any of " + String.join(", ", TelemetryConfig.Metrics.VERTX),
                  TelemetryConfig.Metrics.VERTX::contains),
              "pools,http-client",
              "what Vert.x counts besides; http-server, net and event-bus cost each request"),
          setting(
              "log.format",
              choice(LogFormat.class),
              "text",
              "form of the log's lines: text, or json, an object a line"),
          setting(
              "log.audit",
              optionalPath(),
              "",
              "file of the audit log, kept by day; none = it goes with the others"),
          setting(
              "log.access",
              integer(0, 1_000_000),
              "0",
              "one request of so many has a line in the access log, drawn at random; 0 = none"),
          setting(
              "log.access-rate",
              integer(1, 10_000),
              "100",
              "lines of the access log per second at most"),
          setting(
              "tracing.endpoint",
              optionalUrl(),
              "",
              "URL that takes traces by OTLP over HTTP, such as http://127.0.0.1:4318/v1/traces;"
                  + " none = off"),
          setting(
              "tracing.sample",
              integer(1, 1_000_000),
              "1000",
              "one request of so many is traced, drawn at random"),
          setting(
              "tracing.slower-than",
              durationOrZero(),
              "0s",
              "of those, the ones that took less are not told of; 0s = all are"),
          setting(
              "tracing.accept",
              bool(),
              "false",
              "let who sends traceparent decide, and have our spans in its trace"),
          // Who stands before it.
          setting(
              "proxy.header",
              choice(ProxyHeader.class),
              "none",
              "what a trusted proxy names the client's address in"),
          setting("proxy.trusted", cidrs(), "", "addresses of proxies that may name the client"));

  private ListenerSettings() {}

  static SettingType<List<String>> urlPaths() {
    return list(
        "a URL path",
        "paths that begin with a slash, such as /ppstp",
        path -> path.matches("/[^\\s?#]*"));
  }

  /** RFC 6454, Section 6.2. */
  private static SettingType<List<String>> origins() {
    return list(
        "an origin",
        "origins such as https://player.example or http://localhost:8080, in lower case",
        ListenerSettings::isOrigin);
  }

  static boolean isOrigin(String text) {
    return text.matches("https?://[a-z0-9.:\\[\\]-]+");
  }

  private static SettingType<List<String>> serverNames() {
    return list(
        "a server name",
        "host names in lower case such as tracker.example, with *. before for one label more",
        name -> name.matches("(\\*\\.)?[a-z0-9-]+(\\.[a-z0-9-]+)*"));
  }
}
