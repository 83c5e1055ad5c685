package io.ppstp.tracker.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ppstp.tracker.testing.Commands;
import io.ppstp.tracker.testing.Message;
import io.ppstp.tracker.testing.PpstpClient;
import io.ppstp.tracker.testing.RawConnection;
import io.ppstp.tracker.testing.Reply;
import io.ppstp.tracker.testing.Tls;
import io.ppstp.tracker.testing.TrackerProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTPS with each kind of certificate: who gets in, by which protocol, and who does not. */
class HttpsIT {
  /** By kind of certificate: a tracker that serves HTTPS only, with it. */
  private static final Map<String, TrackerProcess> TRACKERS = new TreeMap<>();

  private static final Map<String, X509Certificate> CERTIFICATES = new TreeMap<>();

  @TempDir private static Path folder = Path.of("set by JUnit");

  @BeforeAll
  static void start() throws Exception {
    TRACKERS.put("self-signed", https().set("https.self-signed", true).start());
    CERTIFICATES.put("self-signed", Tls.shownBy(https("self-signed")));
    for (String algorithm : List.of("EC", "RSA")) {
      Tls.PemFiles files = Tls.certificate(folder, algorithm);
      TRACKERS.put(
          algorithm,
          https()
              .set("https.certificate", files.certificate())
              .set("https.key", files.key())
              .start());
      CERTIFICATES.put(algorithm, files.parsed());
    }
  }

  private static TrackerProcess.Builder https() {
    return TrackerProcess.onFreePorts()
        .set("http.enabled", false)
        .set("https.enabled", true)
        .set("https.port", 0);
  }

  @AfterAll
  static void stop() {
    List<String> errors = new ArrayList<>();
    for (TrackerProcess tracker : TRACKERS.values()) {
      errors.addAll(tracker.errors());
      tracker.close();
    }
    assertEquals(List.of(), errors);
  }

  private static TrackerProcess tracker(String kind) {
    TrackerProcess tracker = TRACKERS.get(kind);
    if (tracker == null) {
      throw new IllegalArgumentException(kind);
    }
    return tracker;
  }

  private static URI https(String kind) {
    return tracker(kind).https();
  }

  private static HttpClient client(String kind, HttpClient.Version version) throws Exception {
    X509Certificate certificate = CERTIFICATES.get(kind);
    if (certificate == null) {
      throw new IllegalArgumentException(kind);
    }
    return HttpClient.newBuilder().version(version).sslContext(Tls.trusting(certificate)).build();
  }

  @ParameterizedTest
  @CsvSource({
    "self-signed,HTTP_1_1",
    "self-signed,HTTP_2",
    "EC,HTTP_1_1",
    "EC,HTTP_2",
    "RSA,HTTP_1_1",
    "RSA,HTTP_2"
  })
  void speaksBothVersionsOfHttp(String kind, HttpClient.Version version) throws Exception {
    PpstpClient peer = new PpstpClient(https(kind), client(kind, version));
    String id = kind + version;
    Message join = Message.connect(id, "1").address("192.0.2.1", 4000).joinAsLeech(id);
    var response = peer.exchange(peer.request("/any", join.bytes()).build());
    assertEquals(version, response.version());
    assertEquals(200, response.statusCode());
    peer.post(Message.find(id, "2", id)).expectSuccess();
    peer.post(Message.find(id, "3", "other")).expect(403, 3);
    peer.post("nonsense".getBytes(UTF_8)).expect(400, 1);
    peer.post(new byte[300_000]).expect(413, 1);
    assertEquals(405, peer.exchange(peer.request("/", new byte[0]).GET().build()).statusCode());
    peer.post(Message.connect(id, "4").leave(id)).expectSuccess();
    assertEquals(0, tracker(kind).management().held().peers());
  }

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void answersManyRequestsAtOnce(HttpClient.Version version) throws Exception {
    PpstpClient peer = new PpstpClient(https("EC"), client("EC", version));
    peer.post(Message.statReport("nobody", "first")).expect(403, 3);
    List<CompletableFuture<Reply>> replies = new ArrayList<>();
    for (int i = 0; i < 90; i++) {
      replies.add(peer.postAsync(Message.statReport("nobody", "t" + i)));
    }
    for (int i = 0; i < replies.size(); i++) {
      assertEquals("t" + i, replies.get(i).get().expect(403, 3).transactionId());
    }
  }

  @ParameterizedTest
  @CsvSource({"--http2,2", "--http1.1,1.1"})
  void speaksWithCurl(String option, String version) throws Exception {
    assumeTrue(Commands.has("curl"), "skipped: this machine has no curl");
    assumeTrue(Commands.run("curl", "--version").contains("HTTP2"), "skipped: curl without HTTP/2");
    Path body = Files.write(folder.resolve("body"), Message.find("p", "c", "s").bytes());
    Path answer = folder.resolve("answer");
    String told =
        Commands.run(
            "curl",
            "--silent",
            "--show-error",
            option,
            "--cacert",
            folder.resolve("RSA.crt").toString(),
            "--header",
            "Content-Type: " + Reply.MEDIA_TYPE,
            "--data-binary",
            "@" + body,
            "--output",
            answer.toString(),
            "--write-out",
            "%{http_code} %{http_version} %{content_type}",
            https("RSA").toString());
    assertEquals("403 " + version + " " + Reply.MEDIA_TYPE, told);
    assertEquals("c", new Reply(403, Map.of(), Files.readString(answer)).transactionId());
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void acceptsCurrentTls(String protocol) throws Exception {
    try (SSLSocket socket = Tls.socket(https("RSA"))) {
      socket.setEnabledProtocols(new String[] {protocol});
      assertEquals(protocol, Tls.handshake(socket).getProtocol());
    }
  }

  @Test
  void prefersTls13() throws Exception {
    try (SSLSocket socket = Tls.socket(https("EC"))) {
      assertEquals("TLSv1.3", Tls.handshake(socket).getProtocol());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-tls1", "-tls1_1"})
  void refusesOldTls(String option) throws Exception {
    String told = openssl(option, "-cipher", "ALL:@SECLEVEL=0");
    assumeTrue(!told.contains("no protocols available"), "skipped: openssl without " + option);
    assumeTrue(!told.contains("Unknown option"), "skipped: openssl without " + option);
    assertTrue(told.contains("alert protocol version"), told);
    assertTrue(openssl("-tls1_2").contains("Cipher is ECDHE"), "the same command with TLS 1.2");
  }

  private static String openssl(String... options) throws IOException, InterruptedException {
    assumeTrue(Commands.has("openssl"), "skipped: this machine has no openssl");
    URI server = https("RSA");
    List<String> command =
        new ArrayList<>(
            List.of("openssl", "s_client", "-connect", server.getHost() + ":" + server.getPort()));
    command.addAll(List.of(options));
    return Commands.run(command.toArray(String[]::new));
  }

  @ParameterizedTest
  @CsvSource({
    "EC,TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    "EC,TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    "self-signed,TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    "RSA,TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "RSA,TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"
  })
  void acceptsSuitesWithForwardSecrecy(String kind, String suite) throws Exception {
    try (SSLSocket socket = Tls.socket(https(kind))) {
      socket.setEnabledProtocols(new String[] {"TLSv1.2"});
      socket.setEnabledCipherSuites(new String[] {suite});
      assertEquals(suite, Tls.handshake(socket).getCipherSuite());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "EC,TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",
    "EC,TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
    "RSA,TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256",
    "RSA,TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
    "RSA,TLS_RSA_WITH_AES_128_GCM_SHA256",
    "RSA,TLS_DHE_RSA_WITH_AES_128_GCM_SHA256"
  })
  void refusesSuitesWithoutIt(String kind, String suite) throws Exception {
    try (SSLSocket socket = Tls.socket(https(kind))) {
      assumeTrue(
          List.of(socket.getSupportedCipherSuites()).contains(suite),
          () -> "skipped: this JDK cannot speak " + suite);
      socket.setEnabledProtocols(new String[] {"TLSv1.2"});
      socket.setEnabledCipherSuites(new String[] {suite});
      assertThrows(SSLHandshakeException.class, () -> Tls.handshake(socket));
    }
  }

  @ParameterizedTest
  @CsvSource({"h2 http/1.1,h2", "http/1.1 h2,h2", "http/1.1,http/1.1"})
  void choosesHttp2WhenItIsOffered(String offered, String chosen) throws Exception {
    try (SSLSocket socket = Tls.socket(https("EC"))) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(offered.split(" ", -1));
      socket.setSSLParameters(parameters);
      Tls.handshake(socket);
      assertEquals(chosen, socket.getApplicationProtocol());
    }
  }

  @Test
  void survivesPlainTextOnTheTlsPort() throws Exception {
    try (var connection = RawConnection.to(https("EC"))) {
      connection.send("GET / HTTP/1.1\r\nHost: tracker\r\n\r\n");
      connection.hasInputWithin(Duration.ofSeconds(5));
    }
    new PpstpClient(https("EC"), client("EC", HttpClient.Version.HTTP_2))
        .post(Message.statReport("nobody", "on"))
        .expect(403, 3);
  }
}
