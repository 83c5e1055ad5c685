package io.ppstp.tracker.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.Commands;
import io.ppstp.tracker.testing.DigestClient;
import io.ppstp.tracker.testing.Message;
import io.ppstp.tracker.testing.PpstpClient;
import io.ppstp.tracker.testing.Reply;
import io.ppstp.tracker.testing.TrackerProcess;
import io.ppstp.tracker.testing.TrackerProcess.Finished;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP Digest as curl speaks it, with accounts that the command line made. */
class DigestIT {
  private static final String PASSWORD = "Secret, or not? \u20ac";
  private static final Pattern SENT = Pattern.compile("(?mi)^> authorization: (Digest .*?)\r?$");
  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir private static Path folder = Path.of("set by JUnit");

  private static TrackerProcess tracker;

  @BeforeAll
  static void start() throws Exception {
    assumeTrue(Commands.has("curl"), "skipped: this machine has no curl");
    assertEquals(0, account("add", "viewer-1").exitCode());
    assertEquals(0, account("add", "--peer-id", "edge-*", "--swarm", "news-*", "edge").exitCode());
    tracker =
        TrackerProcess.onFreePorts()
            .set("https.enabled", true)
            .set("https.port", 0)
            .set("https.self-signed", true)
            .set("auth.digest.accounts", folder.resolve("accounts"))
            .start();
  }

  @AfterAll
  static void stop() {
    if (tracker != null) {
      List<String> errors = tracker.errors();
      List<String> log = tracker.log();
      tracker.close();
      assertEquals(List.of(), errors);
      assertFalse(String.join("\n", log).contains(PASSWORD));
      assertFalse(String.join("\n", log).contains("nobody"));
    }
  }

  /** Runs a command on accounts with the password in a pipe. */
  private static Finished account(String... arguments) throws Exception {
    List<String> whole = new ArrayList<>(List.of("account", arguments[0]));
    whole.addAll(List.of("--accounts", folder.resolve("accounts").toString()));
    whole.addAll(List.of(arguments).subList(1, arguments.length));
    return TrackerProcess.bare()
        .arguments(whole.toArray(String[]::new))
        .input(PASSWORD + "\n")
        .run();
  }

  private static String curl(String user, String password, Message message, String... options)
      throws IOException, InterruptedException {
    Path body = Files.write(folder.resolve("body"), message.bytes());
    List<String> command =
        new ArrayList<>(
            List.of(
                "curl",
                "--silent",
                "--show-error",
                "--verbose",
                "--insecure",
                "--digest",
                "--user",
                user + ":" + password,
                "--header",
                "Content-Type: " + Reply.MEDIA_TYPE,
                "--data-binary",
                "@" + body,
                "--write-out",
                "\nstatus %{http_code} over %{http_version}\n"));
    command.addAll(List.of(options));
    return Commands.run(command.toArray(String[]::new));
  }

  private static String plain() {
    return tracker.http().toString();
  }

  private static void assertAnswer(String told, int status, int code) {
    assertTrue(told.contains("\nstatus " + status + " over "), told);
    assertTrue(told.contains("\"error_code\":" + code + ","), told);
  }

  @ParameterizedTest
  @CsvSource({"--http1.1,false,1.1", "--http1.1,true,1.1", "--http2,true,2"})
  void letsCurlIn(String option, boolean tls, String version) throws Exception {
    URI url = (tls ? tracker.https() : tracker.http()).resolve("/some/path?and=query");
    Message join = Message.connect("viewer-1", "1").joinAsLeech("news-1");
    String told = curl("viewer-1", PASSWORD, join, option, url.toString());
    assertAnswer(told, 200, 0);
    assertTrue(told.contains("over " + version + "\n"), told);
    String sent = sent(told);
    assertTrue(sent.contains("algorithm=SHA-256") || sent.contains("algorithm=SHA-512-256"), sent);
    assertTrue(told.toLowerCase(Locale.ROOT).contains("authentication-info: rspauth="));
  }

  private static String sent(String told) {
    Matcher matcher = SENT.matcher(told);
    String last = "";
    while (matcher.find()) {
      last = matcher.group(1);
    }
    return last;
  }

  @Test
  void challengesWhoBringsNothing() throws Exception {
    Reply reply = tracker.client().post(Message.statReport("viewer-1", "t"));
    reply.expect(401, 6);
    assertEquals("t", reply.transactionId());
    List<String> algorithms = new ArrayList<>();
    for (String challenge : reply.header("www-authenticate").split("Digest ", -1)) {
      if (!challenge.isEmpty()) {
        algorithms.add(DigestClient.parameter(challenge, "algorithm"));
      }
    }
    assertEquals(List.of("SHA-256", "SHA-512-256"), algorithms);
  }

  @ParameterizedTest
  @CsvSource({"viewer-1,wrong", "nobody,wrong", "nobody,''"})
  void refusesAWrongPasswordAndAnUnknownUser(String user, String password) throws Exception {
    String told = curl(user, password, Message.statReport(user, "t"), plain());
    assertAnswer(told, 401, 6);
    assertFalse(told.contains("stale=true"), told);
  }

  @Test
  void holdsAUserToItsPeersAndSwarms() throws Exception {
    Message own = Message.connect("edge-7", "1").joinAsSeeder("news-1");
    Message foreignPeer = Message.connect("viewer-1", "1").joinAsSeeder("news-1");
    Message foreignSwarm = Message.connect("edge-7", "1").joinAsSeeder("sport-1");
    assertAnswer(curl("edge", PASSWORD, foreignPeer, plain()), 403, 3);
    assertAnswer(curl("edge", PASSWORD, foreignSwarm, plain()), 403, 3);
    assertAnswer(curl("edge", PASSWORD, own, plain()), 200, 0);
    assertAnswer(curl("viewer-1", PASSWORD, own, plain()), 403, 3);
  }

  /** The same bytes again, as somebody would send them who has listened. */
  @Test
  void refusesAReplay() throws Exception {
    Message join = Message.connect("viewer-1", "replayed").joinAsLeech("news-1");
    String told = curl("viewer-1", PASSWORD, join, plain());
    assertAnswer(told, 200, 0);
    send(join, sent(told)).expect(401, 6);
    Await.until(
        "a line in the audit log",
        SOON,
        () -> tracker.log().stream().anyMatch(l -> l.contains("by digest: a replay")));
  }

  @Test
  void curlTriesAgainWithANewNonceWhenItsOwnIsStale() throws Exception {
    try (TrackerProcess hasty =
        TrackerProcess.onFreePorts()
            .set("auth.digest.accounts", folder.resolve("accounts"))
            .set("auth.digest.nonce-life", "2s")
            .start()) {
      retriesWithANewNonce(hasty.client());
    }
  }

  private static void retriesWithANewNonce(PpstpClient peer) throws Exception {
    Message join = Message.connect("viewer-1", "1").joinAsLeech("news-1");
    String old = peer.post(join).header("www-authenticate");
    DigestClient client = new DigestClient("viewer-1", PASSWORD).challenged(old);
    Await.until(
        "a nonce that is too old",
        SOON,
        () ->
            send(peer, join.bytes(), client.next())
                .header("www-authenticate")
                .contains("stale=true"));
    HttpServer relay = relayThatBeginsWith(old, peer);
    try {
      String url = "http://127.0.0.1:" + relay.getAddress().getPort() + "/";
      String told = curl("viewer-1", PASSWORD, join, url);
      assertAnswer(told, 200, 0);
      assertTrue(told.contains("stale=true"), told);
      assertTrue(SENT.matcher(told).results().count() >= 2, told);
    } finally {
      relay.stop(0);
    }
  }

  /** Gives the first request an old challenge, and the tracker's own answer to all others. */
  private static HttpServer relayThatBeginsWith(String challenges, PpstpClient peer)
      throws IOException {
    InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    HttpServer relay = HttpServer.create(anyPort, 0);
    relay.createContext(
        "/",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          String authorization = exchange.getRequestHeaders().getFirst("Authorization");
          Reply reply =
              authorization == null
                  ? new Reply(401, Map.of("www-authenticate", challenges), "")
                  : send(peer, body, authorization);
          String offered = reply.header("www-authenticate");
          if (!offered.isEmpty()) {
            exchange
                .getResponseHeaders()
                .put("WWW-Authenticate", List.of(offered.split(", (?=Digest )", -1)));
          }
          byte[] answer = reply.text().getBytes(UTF_8);
          exchange.sendResponseHeaders(reply.status(), answer.length == 0 ? -1 : answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    relay.start();
    return relay;
  }

  private static Reply send(Message message, String authorization) throws IOException {
    return send(tracker.client(), message.bytes(), authorization);
  }

  private static Reply send(PpstpClient peer, byte[] body, String authorization)
      throws IOException {
    try {
      return peer.send(peer.request("/", body).header("Authorization", authorization).build());
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Digest",
        "Digest username=\"viewer-1\"",
        "Digest username=\"viewer-1\", username*=UTF-8''viewer-1, realm=\"ppstp-tracker\""
      })
  void answersNonsenseWith01(String authorization) throws Exception {
    send(Message.statReport("viewer-1", "t"), authorization).expect(400, 1);
  }

  @Test
  void theCommandLineKeepsAccounts(@TempDir Path own) throws Exception {
    Path file = own.resolve("accounts");
    String[] at = {"--accounts", file.toString()};
    assertEquals(
        new Finished(0, "added J\u00e4s\u00f8n Doe\n", ""),
        run("pw\n", "add", at, "--realm", "a realm", "--peer-id", "a*", "J\u00e4s\u00f8n Doe"));
    assertEquals(new Finished(0, "added x\n", ""), run("pw\n", "add", at, "x"));
    assertEquals(new Finished(0, "replaced x\n", ""), run("pw", "add", at, "--md5", "x"));
    assertEquals(
        new Finished(0, "J\u00e4s\u00f8n Doe\ta realm\ta*\t*\nx\tppstp-tracker\tx\t*\n", ""),
        run("", "list", at));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    String text = Files.readString(file, UTF_8);
    assertTrue(text.contains(" md5=") && !text.contains("pw"), text);
    assertEquals(new Finished(0, "removed x\n", ""), run("", "remove", at, "x"));

    assertRefused(run("", "remove", at, "x"), "has no user x");
    assertRefused(run("", "add", at, "y"), "the password is empty");
    assertRefused(run("pw", "add", at, "a*"), "needs peer=");
    assertRefused(run("pw", "add", at, " "), "a user's name");
    assertRefused(run("pw", "add", at, "--realm", "a\"b", "y"), "a realm is");
    Files.writeString(file, "user=x realm=other sha-256=0\n");
    assertRefused(run("", "list", at), "line 1: sha-256= needs 64 hex digits");
    assertRefused(
        TrackerProcess.onFreePorts().set("auth.digest.accounts", file).run(),
        "auth.digest.accounts: " + file + ", line 1: ");
    Files.delete(file);
    assertRefused(run("", "list", at), "does not exist");
    assertRefused(
        TrackerProcess.onFreePorts().set("auth.digest.accounts", file).run(),
        "make it with ppstp-tracker account add");
  }

  @Test
  void swarmsMayBeClosedBesideOpenOnes() throws Exception {
    try (TrackerProcess half =
        TrackerProcess.onFreePorts()
            .set("auth.digest.accounts", folder.resolve("accounts"))
            .set("auth.required", false)
            .set("auth.swarms", "members-*")
            .start()) {
      PpstpClient visitor = half.client();
      visitor.post(Message.connect("visitor", "1").joinAsLeech("open")).expectSuccess();
      for (Message message :
          List.of(
              Message.connect("visitor", "2").joinAsLeech("members-1"),
              Message.find("visitor", "3", "members-1"))) {
        Reply refused = visitor.post(message).expect(401, 6);
        assertTrue(
            refused.header("www-authenticate").startsWith("Digest realm="), refused::toString);
      }
      visitor.post(Message.find("visitor", "4", "open")).expectSuccess();
      String challenge =
          visitor
              .post(Message.find("viewer-1", "1", "members-1"))
              .expect(401, 6)
              .header("www-authenticate");
      String proof = new DigestClient("viewer-1", PASSWORD).challenged(challenge).next();
      byte[] join = Message.connect("viewer-1", "2").joinAsLeech("members-1").bytes();
      visitor
          .send(visitor.request("/", join).header("Authorization", proof).build())
          .expectSuccess();
    }
    assertRefused(
        TrackerProcess.onFreePorts().set("auth.swarms", "members-*").run(),
        "auth.swarms closes swarms, but no way to authenticate is on");
  }

  @Test
  void anOwnerTakesItsPlaceFromWhoeverCameFirst() throws Exception {
    try (TrackerProcess half =
        TrackerProcess.onFreePorts()
            .set("auth.digest.accounts", folder.resolve("accounts"))
            .set("auth.required", false)
            .set("auth.swarms", "members-*")
            .set("addresses.trust", "advertised")
            .start()) {
      PpstpClient client = half.client();
      Message squat = Message.connect("viewer-1", "1").address("192.0.2.66", 4000);
      client.post(squat.joinAsSeeder("a").joinAsSeeder("b")).expectSuccess();
      String challenge =
          client
              .post(Message.find("viewer-1", "2", "members-1"))
              .expect(401, 6)
              .header("www-authenticate");
      DigestClient owner = new DigestClient("viewer-1", PASSWORD).challenged(challenge);
      proved(client, owner, Message.find("viewer-1", "3", "a")).expect(403, 3);

      Message join = Message.connect("viewer-1", "4").address("192.0.2.1", 4001);
      Reply joined = proved(client, owner, join.joinAsLeech("b")).expectSuccess();

      assertEquals("", joined.header("ppstp-registration"));
      client.post(Message.statReport("viewer-1", "5")).expect(403, 3);
      client.post(Message.connect("viewer-1", "6").leave("a")).expect(403, 3);
      proved(client, owner, Message.find("viewer-1", "7", "b")).expectSuccess();
      for (String swarm : List.of("a", "b")) {
        Reply list = client.post(Message.connect("visitor-" + swarm, "1").joinAsLeech(swarm));
        assertFalse(list.text().contains("192.0.2.66"), list::text);
        assertEquals(swarm.equals("b"), list.text().contains("192.0.2.1"), list::text);
      }
    }
  }

  private static Reply proved(PpstpClient client, DigestClient owner, Message message)
      throws Exception {
    return client.send(
        client.request("/", message.bytes()).header("Authorization", owner.next()).build());
  }

  private static Finished run(String input, String command, String[] at, String... arguments)
      throws Exception {
    List<String> whole = new ArrayList<>(List.of("account", command));
    whole.addAll(List.of(at));
    whole.addAll(List.of(arguments));
    return TrackerProcess.bare()
        .jvmOption("-Dstdout.encoding=UTF-8")
        .environment("LC_ALL", "C.UTF-8")
        .arguments(whole.toArray(String[]::new))
        .input(input)
        .run();
  }

  private static void assertRefused(Finished finished, String said) {
    assertEquals(2, finished.exitCode(), finished::toString);
    assertTrue(
        finished.out().lines().allMatch(l -> l.matches("\\S+Z (INFO |WARN ) \\w+: .*")),
        finished::out);
    assertTrue(finished.err().startsWith("ppstp-tracker: "), finished::toString);
    assertTrue(finished.err().contains(said), finished::toString);
    assertFalse(finished.err().contains("\tat "), finished::toString);
  }
}
