package io.ppstp.tracker.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * An issuer of tokens with a key set at /jwks and introspection at /introspect, which it says at
 * /.well-known/openid-configuration. Thread-safe.
 */
public final class IssuerServer implements AutoCloseable {
  private final HttpServer server;
  private final AtomicInteger keyQuestions = new AtomicInteger();
  private final List<String> introspected = new ArrayList<>();

  private volatile String keys = "{}";
  private volatile String description;
  private volatile Function<String, String> knowledge = token -> "{\"active\":false}";

  private IssuerServer(HttpServer server) {
    this.server = server;
    this.description =
        Json.object()
            .put("issuer", issuer())
            .put("jwks_uri", url("/jwks").toString())
            .put("introspection_endpoint", url("/introspect").toString())
            .toString();
  }

  /** Starts one on a free port. */
  public static IssuerServer start() throws IOException {
    InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    IssuerServer issuer = new IssuerServer(HttpServer.create(anyPort, 0));
    issuer.server.createContext(
        "/.well-known/openid-configuration", exchange -> answer(exchange, 200, issuer.description));
    issuer.server.createContext("/jwks", issuer::publish);
    issuer.server.createContext("/introspect", issuer::introspect);
    issuer.server.createContext("/endless", IssuerServer::drown);
    issuer.server.createContext("/moved", issuer::move);
    issuer.server.start();
    return issuer;
  }

  /** Returns a URL of this server. */
  public URI url(String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  /** Returns the name of this issuer, which is its URL. */
  public String issuer() {
    return url("").toString();
  }

  /** Says something else about itself from now on. */
  public void describe(String json) {
    description = json;
  }

  /** Publishes other keys from now on. */
  public void publish(IssuerKey... set) {
    keys = IssuerKey.set(set);
  }

  /** Says what is answered about a token from now on. */
  public void know(Function<String, String> answers) {
    knowledge = answers;
  }

  /** Returns how often the keys were asked for. */
  public int keyQuestions() {
    return keyQuestions.get();
  }

  /** Returns the tokens that were asked about. */
  public List<String> introspected() {
    synchronized (introspected) {
      return List.copyOf(introspected);
    }
  }

  private void publish(HttpExchange exchange) throws IOException {
    keyQuestions.incrementAndGet();
    answer(exchange, 200, keys);
  }

  private void introspect(HttpExchange exchange) throws IOException {
    String form = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    String secret = Base64.getEncoder().encodeToString("tracker%2F1:a+secret".getBytes(UTF_8));
    List<String> shown = exchange.getRequestHeaders().getOrDefault("Authorization", List.of());
    if (!shown.equals(List.of("Basic " + secret)) || !form.startsWith("token=")) {
      answer(exchange, 401, "{\"error\":\"invalid_client\"}");
      return;
    }
    String token = URLDecoder.decode(form.substring("token=".length()), UTF_8);
    synchronized (introspected) {
      introspected.add(token);
    }
    answer(exchange, 200, knowledge.apply(token));
  }

  private static void drown(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    byte[] spaces = " ".repeat(1 << 16).getBytes(UTF_8);
    try (exchange) {
      while (true) {
        exchange.getResponseBody().write(spaces);
      }
    } catch (IOException e) {
      // Whoever read it had enough.
    }
  }

  private void move(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().set("Location", url("/jwks").toString());
    answer(exchange, 302, "");
  }

  private static void answer(HttpExchange exchange, int status, String json) throws IOException {
    byte[] body = json.getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    try (exchange) {
      exchange.getResponseBody().write(body);
    }
  }

  /** Stops listening and cuts all connections. */
  @Override
  public void close() {
    server.stop(0);
  }
}
