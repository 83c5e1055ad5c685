package io.ppstp.tracker.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A Keycloak in a process group of its own, with the realm {@code live} of the test resources.
 * Thread-safe. It ends with {@link #close} and, whatever happens, with this JVM, as a {@link
 * TrackerProcess} does.
 */
public final class Keycloak implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final String ADMIN = "admin";

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI root;
  private final Process process;
  private final Process guard;

  private Keycloak(URI root, Process process) throws IOException {
    this.root = root;
    this.process = process;
    // The script and the Java below it are one process group, which the script leads.
    this.guard =
        new ProcessBuilder("sh", "-c", "cat > /dev/null; kill -9 -" + process.pid())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
  }

  /** Returns the distribution below {@code folder}, where the build unpacks it, if it is there. */
  public static Optional<Path> unpackedIn(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    try (Stream<Path> found = Files.list(folder)) {
      return found.filter(it -> Files.exists(it.resolve("bin/kc.sh"))).findFirst();
    }
  }

  /** Starts the distribution in {@code home} with an empty database and waits for its realm. */
  public static Keycloak start(Path home, Path log) throws Exception {
    Path data = home.resolve("data");
    deleteAll(data);
    Path realm = Files.createDirectories(data.resolve("import")).resolve("live-realm.json");
    try (InputStream in = Keycloak.class.getResourceAsStream("/keycloak/live-realm.json")) {
      Files.copy(Objects.requireNonNull(in), realm);
    }
    int port = Ports.free(2);
    ProcessBuilder builder =
        new ProcessBuilder(
                "setsid",
                "bash",
                home.resolve("bin/kc.sh").toString(),
                "start-dev",
                "--import-realm",
                "--cache=local",
                "--http-host=127.0.0.1",
                "--http-port=" + port,
                "--http-management-port=" + (port + 1))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    // It does not live long enough to gain from the better compiler, which halves its start.
    builder.environment().put("JAVA_OPTS_APPEND", "-XX:TieredStopAtLevel=1");
    builder.environment().put("KC_BOOTSTRAP_ADMIN_USERNAME", ADMIN);
    builder.environment().put("KC_BOOTSTRAP_ADMIN_PASSWORD", ADMIN);
    Keycloak keycloak = new Keycloak(URI.create("http://127.0.0.1:" + port), builder.start());
    boolean ready = false;
    try {
      Await.until("a Keycloak that is ready, log in " + log, PATIENCE, keycloak::isReady);
      ready = true;
    } finally {
      if (!ready) {
        keycloak.close();
      }
    }
    return keycloak;
  }

  private static void deleteAll(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        files.sorted(Comparator.reverseOrder()).forEach(Keycloak::delete);
      }
    }
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean isReady() throws Exception {
    if (!process.isAlive()) {
      throw new IllegalStateException("Keycloak ended with code " + process.exitValue());
    }
    try {
      return send(HttpRequest.newBuilder(URI.create(issuer()))).statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  /** Returns the issuer of the realm's tokens. */
  public String issuer() {
    return root + "/realms/live";
  }

  /** Returns an endpoint of the realm, such as {@code certs} or {@code token/introspect}. */
  public URI endpoint(String name) {
    return URI.create(issuer() + "/protocol/openid-connect/" + name);
  }

  /** Returns a new access token of a client of the realm. */
  public String token(String clientId) throws Exception {
    return accessToken(
        endpoint("token"),
        Map.of(
            "grant_type", "client_credentials",
            "client_id", clientId,
            "client_secret", "viewer-secret"));
  }

  /** Takes a token back. */
  public void revoke(String clientId, String token) throws Exception {
    post(
        endpoint("revoke"),
        Map.of("client_id", clientId, "client_secret", "viewer-secret", "token", token));
  }

  /** Makes the realm sign with a new key from now on. The old one stays published. */
  public void addSigningKey() throws Exception {
    String component =
        """
        {"name":"next","providerId":"rsa-generated","providerType":"org.keycloak.keys.KeyProvider",
         "config":{"priority":["1000"],"enabled":["true"],"active":["true"],"keySize":["2048"],
         "algorithm":["RS256"]}}
        """;
    check(
        send(
            admin("components")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(component))));
  }

  /** Removes the realm's first RS256 key. */
  public void removeOldSigningKey() throws Exception {
    String query = "components?type=org.keycloak.keys.KeyProvider";
    for (JsonNode component : Json.parse(check(send(admin(query))))) {
      if (component.path("providerId").asText().equals("rsa-generated")
          && !component.path("name").asText().equals("next")) {
        check(send(admin("components/" + component.path("id").asText()).DELETE()));
      }
    }
  }

  private HttpRequest.Builder admin(String path) throws Exception {
    String token =
        accessToken(
            root.resolve("/realms/master/protocol/openid-connect/token"),
            Map.of(
                "grant_type",
                "password",
                "client_id",
                "admin-cli",
                "username",
                ADMIN,
                "password",
                ADMIN));
    return HttpRequest.newBuilder(root.resolve("/admin/realms/live/" + path))
        .header("Authorization", "Bearer " + token);
  }

  private String accessToken(URI url, Map<String, String> form) throws Exception {
    return Json.parse(post(url, form)).path("access_token").asText();
  }

  private String post(URI url, Map<String, String> form) throws Exception {
    String body =
        form.entrySet().stream()
            .map(it -> it.getKey() + "=" + URLEncoder.encode(it.getValue(), UTF_8))
            .collect(Collectors.joining("&"));
    return check(
        send(
            HttpRequest.newBuilder(url)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(body))));
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return http.send(
        request.timeout(Duration.ofSeconds(60)).build(), HttpResponse.BodyHandlers.ofString());
  }

  private static String check(HttpResponse<String> response) {
    if (!List.of(200, 201, 204).contains(response.statusCode())) {
      throw new AssertionError(response + ": " + response.body());
    }
    return response.body();
  }

  @Override
  public void close() {
    stop();
  }

  /** Ends it at once, if it still runs. */
  public void stop() {
    try {
      guard.getOutputStream().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    guard.onExit().join();
    process.onExit().join();
  }
}
