package io.ppstp.tracker.it;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ppstp.tracker.testing.Authority;
import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.Commands;
import io.ppstp.tracker.testing.ListenerProcess;
import io.ppstp.tracker.testing.Message;
import io.ppstp.tracker.testing.NodeHere;
import io.ppstp.tracker.testing.Ports;
import io.ppstp.tracker.testing.Tls.PemFiles;
import io.ppstp.tracker.testing.TrackerCluster;
import io.ppstp.tracker.testing.TrackerProcess;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Mutual TLS between nodes: those of one authority hear each other, and nobody else gets in. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClusterTlsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int SOCKET_PATIENCE_MS = 20_000;
  private static final int TLS_ALERT = 21;

  private final List<Integer> busPorts = new ArrayList<>();
  private Authority authority;
  private Path folder;
  private TrackerCluster cluster;

  @BeforeAll
  void start(@TempDir Path temporary) throws Exception {
    folder = temporary;
    authority = Authority.found(folder, "cluster");
    cluster = TrackerCluster.in(folder, node -> {});
    for (String name : List.of("one", "two")) {
      int port = Ports.free();
      busPorts.add(port);
      TrackerProcess.Builder node = cluster.node().set("cluster.bus.port", port);
      for (String setting : settings(authority.issue(name))) {
        String[] keyAndValue = setting.split("=", 2);
        node.set(keyAndValue[0], keyAndValue[1]);
      }
      cluster.start(node);
    }
    cluster.awaitSafe(PATIENCE);
  }

  @AfterAll
  void stop() {
    cluster.close();
  }

  private String[] settings(PemFiles pair) {
    return new String[] {
      "cluster.tls.certificate=" + pair.certificate(),
      "cluster.tls.key=" + pair.key(),
      "cluster.tls.ca=" + authority.certificate()
    };
  }

  @Test
  void eventsCrossBetweenNodesOfOneAuthority() throws Exception {
    Authority stranger = Authority.found(folder, "stranger");
    try (NodeHere node = NodeHere.join(cluster, settings(authority.issue("here")));
        ListenerProcess application =
            ListenerProcess.of(
                cluster, folder, authority.issue("application"), authority.certificate());
        ListenerProcess foreign =
            ListenerProcess.of(
                cluster, folder, stranger.issue("application"), stranger.certificate())) {
      int number = 0;
      for (TrackerProcess tracker : cluster.nodes()) {
        String peer = "p" + number++;
        // What is told before a node has learned of a listener, or has reached it, is lost.
        Await.until(
            "news of " + peer,
            PATIENCE,
            () -> {
              tracker.client().post(Message.statReport(peer, "1"));
              return node.events().tellOf(peer) && application.events().tellOf(peer);
            });
      }
      assertEquals(List.of(), foreign.events().all(), "a listener of another authority");
    }
  }

  @Test
  void theBusRefusesClientsThatNoAuthorityVouchesFor() throws Exception {
    assumeTrue(Commands.has("openssl"));
    PemFiles good = authority.issue("visitor");
    PemFiles foreign = Authority.found(folder, "elsewhere").issue("visitor");
    for (int port : busPorts) {
      assertFalse(openssl(port, good).contains("alert"), "the same command as one of the nodes");
      assertTrue(openssl(port, null).contains("alert"), "without a certificate");
      assertTrue(openssl(port, foreign).contains("alert"), "with a foreign one");
    }
  }

  /** TLS 1.2, in which a client learns before it has connected that it may not. */
  private static String openssl(int port, @Nullable PemFiles pair) throws Exception {
    List<String> command =
        new ArrayList<>(List.of("openssl", "s_client", "-tls1_2", "-connect", "127.0.0.1:" + port));
    if (pair != null) {
      command.addAll(List.of("-cert", pair.certificate().toString(), "-key"));
      command.add(pair.key().toString());
    }
    String told = Commands.run(command.toArray(String[]::new));
    assertTrue(told.contains("CONNECTED"), told);
    return told;
  }

  @Test
  void theBusRefusesPlainText() throws Exception {
    for (int port : busPorts) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        socket.setSoTimeout(SOCKET_PATIENCE_MS);
        socket.getOutputStream().write("\0\0\0\4ping".getBytes(US_ASCII));
        assertTrue(isRefused(socket.getInputStream()));
      }
    }
  }

  /** Returns whether nothing comes, or an alert before it, until the other side closes. */
  private static boolean isRefused(InputStream in) throws IOException {
    try {
      byte[] answer = in.readAllBytes();
      return answer.length == 0 || answer[0] == TLS_ALERT;
    } catch (SocketException e) {
      return true;
    }
  }
}
