package io.ppstp.tracker.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ppstp.tracker.testing.Commands;
import io.ppstp.tracker.testing.TrackerCluster;
import io.ppstp.tracker.testing.TrackerProcess;
import io.ppstp.tracker.testing.ViewerTokens;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The reference client, at two nodes that ask for tokens: two peers exchange bytes over a data
 * channel of WebRTC.
 */
class WebTorrentClientIT {
  private static final Path SCRIPT = Path.of("src", "test", "webtorrent-client", "peers.js");

  /** Where .ci/run has installed the client. */
  private static final Path CLIENT = Path.of("target", "webtorrent-client");

  private static final long PATIENCE_SECONDS = 120;

  @Test
  void peersAtTwoNodesExchangeBytes(@TempDir Path folder) throws Exception {
    assumeTrue(Commands.has("node"), "skipped: this machine has no node");
    assumeTrue(
        Files.exists(CLIENT.resolve("node_modules")),
        "skipped: .ci/run has not installed the client in target");
    Files.copy(SCRIPT, CLIENT.resolve("peers.js"), StandardCopyOption.REPLACE_EXISTING);
    ViewerTokens issuer = ViewerTokens.in(folder);
    String token = issuer.issue("wt:*", Duration.ofMinutes(10));
    try (TrackerCluster cluster =
        TrackerCluster.in(
                folder,
                node ->
                    issuer
                        .acceptedBy(node)
                        .set("auth.required", true)
                        .set("webtorrent.token", "path")
                        .set("webtorrent.enabled", true))
            .start(2)) {
      Path output = folder.resolve("output");
      Process peers =
          new ProcessBuilder(
                  "node",
                  "peers.js",
                  webSocket(cluster.nodes().get(0), token),
                  webSocket(cluster.nodes().get(1), token))
              .directory(new File(CLIENT.toString()))
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      try {
        assertTrue(
            peers.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), () -> "no bytes: " + text(output));
        assertEquals(0, peers.exitValue(), () -> text(output));
      } finally {
        peers.destroyForcibly();
      }
      for (String name : List.of("one", "two")) {
        assertTrue(
            text(output).contains(name + ": received 131072 bytes from peer to peer"),
            () -> text(output));
      }
      assertTrue(!text(output).contains("warning: invalid"), () -> text(output));
      for (TrackerProcess node : cluster.nodes()) {
        assertEquals(List.of(), node.errors());
      }
    }
  }

  private static String webSocket(TrackerProcess node, String token) {
    URI http = node.http();
    return "ws://" + http.getAuthority() + "/" + token + "/announce";
  }

  private static String text(Path output) {
    try {
      return Files.readString(output, UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
