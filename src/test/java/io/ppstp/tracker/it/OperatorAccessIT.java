package io.ppstp.tracker.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.testing.Authority;
import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.Commands;
import io.ppstp.tracker.testing.Message;
import io.ppstp.tracker.testing.Tls;
import io.ppstp.tracker.testing.Tls.PemFiles;
import io.ppstp.tracker.testing.TrackerProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may use a management port that others reach, and what pages of others can do at it. */
class OperatorAccessIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String READER = "reader-0123456789abcdef";
  private static final String WRITER = "writer-0123456789abcdef";
  private static final String UNKNOWN = "nobody-0123456789abcdef";
  private static final String KICK = "/api/v1/peers/nobody/kick";

  @TempDir private static Path folder = Path.of("set by JUnit");
  private static Path tokens = Path.of("set by start");
  private static Authority authority;
  private static TrackerProcess tracker;

  @BeforeAll
  static void start() throws Exception {
    authority = Authority.found(folder, "operators");
    PemFiles server = Authority.write(authority.issueServer(), folder, "server");
    tokens =
        Files.writeString(
            folder.resolve("tokens"),
            "# who looks\nread grafana " + READER + "\n\nwrite  alice\t" + WRITER + "\n");
    tracker =
        TrackerProcess.onFreePorts()
            .set("management.tokens", tokens)
            .set("management.certificate", server.certificate())
            .set("management.key", server.key())
            .set("management.client-ca", authority.certificate())
            .set("management.writers", "bob")
            .set("management.hosts", "tracker.example")
            .set("reload.interval", "100ms")
            .start();
  }

  @AfterAll
  static void stop() {
    tracker.close();
  }

  /** Returns the status of an answer; 000 if there is none. */
  private static String status(String path, String... options) throws Exception {
    return asked(path, "-o", "/dev/null", options).strip();
  }

  private static String log() {
    return String.join("\n", tracker.log());
  }

  private static String asked(String path, String into, String where, String... options)
      throws Exception {
    List<String> command =
        new ArrayList<>(List.of("curl", "-s", "--cacert", authority.certificate().toString()));
    command.addAll(List.of(into, where, "-w", "%{http_code}"));
    command.addAll(List.of(options));
    command.add(tracker.management().uri() + path);
    return Commands.run(command.toArray(String[]::new));
  }

  private static String[] bearer(String token, String... more) {
    List<String> options = new ArrayList<>(List.of("-H", "Authorization: Bearer " + token));
    options.addAll(List.of(more));
    return options.toArray(String[]::new);
  }

  private static String[] certificate(PemFiles files, String... more) {
    List<String> options =
        new ArrayList<>(
            List.of("--cert", files.certificate().toString(), "--key", files.key().toString()));
    options.addAll(List.of(more));
    return options.toArray(String[]::new);
  }

  @Test
  void whoShowsNothingIsToldNothingButHealth() throws Exception {
    assertEquals("200", status("/health/live"));
    assertEquals("200", status("/health/ready"));
    for (String path :
        List.of("/metrics", "/status", "/api/v1/channels", "/api/v1/events", "/api/v1/peers/x")) {
      assertEquals("401", status(path), path);
      assertEquals("401", status(path, bearer(UNKNOWN)), path);
    }
    String answer = asked("/api/v1/channels", "-D", "-");
    assertTrue(answer.contains("www-authenticate: Bearer realm="), answer);
    assertTrue(answer.contains("application/problem+json"), answer);
    assertTrue(answer.contains("\"status\":401"), answer);
    assertTrue(
        log().contains("refused 127.0.0.1 by operator: unknown token"), OperatorAccessIT::log);
    for (String secret : List.of(READER, WRITER, UNKNOWN)) {
      assertFalse(log().contains(secret), "a secret in the log");
    }
  }

  @Test
  void tokensAndCertificatesLetTheirOwnersIn() throws Exception {
    PemFiles reader = authority.issue("reader");
    for (String path : List.of("/metrics", "/status", "/api/v1/channels")) {
      assertEquals("200", status(path, bearer(READER)), path);
      assertEquals("200", status(path, bearer(WRITER)), path);
      assertEquals("200", status(path, certificate(reader)), path);
    }
    String[] body = {"-H", "Content-Type: application/json", "-d", "{\"why\":\"a test\"}"};
    PemFiles bob = authority.issue("bob");
    assertEquals("401", status(KICK, body));
    assertEquals("403", status(KICK, bearer(READER, body)));
    assertEquals("403", status(KICK, certificate(reader, body)));
    assertEquals("404", status(KICK, bearer(WRITER, body)));
    assertEquals("404", status(KICK, certificate(bob, body)));
    assertEquals("415", status(KICK, bearer(WRITER, "-d", "why=x")));
    PemFiles stranger = Authority.found(folder, "strangers").issue("bob");
    assertEquals("000", status("/status", certificate(stranger)));
  }

  @Test
  void aTapShowsItsToken() throws Exception {
    Path good = Files.writeString(folder.resolve("good"), READER + "\n");
    Path bad = Files.writeString(folder.resolve("bad"), UNKNOWN);
    Path two = Files.writeString(folder.resolve("two"), READER + "\n" + WRITER + "\n");
    assertTrue(tap(bad).run().err().contains("401"));
    TrackerProcess.Finished refused = tap(two).run();
    assertEquals(2, refused.exitCode());
    assertFalse(refused.err().contains(READER) || refused.err().contains(WRITER), refused.err());
    Path told = folder.resolve("told");
    try (TrackerProcess tap =
        tap(good).through(List.of("sh", "-c", "exec \"$@\" > " + told, "sh")).launch()) {
      Await.until("it follows", PATIENCE, () -> String.join("", tap.log()).contains(" follows "));
      tracker.client().post(Message.connect("tapped", "1").joinAsLeech("s")).expectSuccess();
      Await.until("the event", PATIENCE, () -> Files.readString(told).contains("\"tapped\""));
    }
  }

  private static TrackerProcess.Builder tap(Path token) {
    return TrackerProcess.bare()
        .arguments(
            "tap",
            tracker.management().uri().toString(),
            "--token-file=" + token,
            "--node-ca=" + authority.certificate());
  }

  @Test
  void pagesOfOthersAreRefusedWhateverTheBrowserShows() throws Exception {
    PemFiles bob = authority.issue("bob");
    String path = "/api/v1/channels";
    assertEquals("403", status(path, certificate(bob, "-H", "Host: evil.example")));
    assertEquals("200", status(path, certificate(bob, "-H", "Host: tracker.example")));
    assertEquals("403", status(path, certificate(bob, "-H", "Origin: https://evil.example")));
    assertEquals("403", status(path, certificate(bob, "-H", "Origin: null")));
    assertEquals("403", status(path, certificate(bob, "-H", "Sec-Fetch-Site: cross-site")));
    String own = tracker.management().uri().toString().replaceAll("/$", "");
    assertEquals("200", status(path, certificate(bob, "-H", "Origin: " + own)));
  }

  @Test
  void aRenewedCertificateIsShownWithoutARestartAndABrokenOneIsNot() throws Exception {
    X509Certificate before = Tls.shownBy(tracker.management().uri());
    PemFiles renewed = Authority.write(authority.issueServer(), folder, "server");
    assertNotEquals(before, renewed.parsed());
    Await.until(
        "the new certificate",
        PATIENCE,
        () -> Tls.shownBy(tracker.management().uri()).equals(renewed.parsed()));
    assertEquals("200", status("/status", bearer(READER)));

    Files.writeString(renewed.certificate(), "not a certificate");
    Await.until(
        "a word on the broken one",
        PATIENCE,
        () -> log().contains("new certificates of the management port are not taken"));
    assertEquals(renewed.parsed(), Tls.shownBy(tracker.management().uri()));
    Authority.write(authority.issueServer(), folder, "server");
  }

  @Test
  void newTokensAreTakenInAndBadOnesAreNot() throws Exception {
    String next = "another-0123456789abcdef";
    String before = Files.readString(tokens);
    Files.writeString(tokens, before + "read bob too-short\n");
    Await.until("the refusal", PATIENCE, () -> log().contains("line 5 of '" + tokens));
    assertEquals("200", status("/status", bearer(READER)));
    Files.writeString(tokens, before + "read carol " + next + "\n");
    Await.until("the new token", PATIENCE, () -> status("/status", bearer(next)).equals("200"));
    Files.writeString(tokens, before);
    Await.until("its end", PATIENCE, () -> status("/status", bearer(next)).equals("401"));
  }
}
