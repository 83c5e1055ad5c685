package io.ppstp.tracker.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.Commands;
import io.ppstp.tracker.testing.Ports;
import io.ppstp.tracker.testing.TrackerCluster;
import io.ppstp.tracker.testing.TrackerProcess;
import io.ppstp.tracker.testing.ViewerTokens;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Debian's aria2 and libtorrent exchange a file: who has it is at one node of a cluster, who
 * fetches it at the other, which asks for keys. Nothing but the trackers can tell them of each
 * other.
 */
class BitTorrentClientIT {
  private static final Path LEECH = Path.of("src", "test", "bittorrent-client", "leech.py");
  private static final int PIECE_BYTES = 1 << 16;
  private static final int PIECES = 8;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private Path folder;
  private final List<Process> running = new ArrayList<>();

  @BeforeEach
  void in(@TempDir Path temporary) {
    folder = temporary;
  }

  @Test
  void aFileGoesFromClientToClient() throws Exception {
    Optional<String> python = pythonWithLibtorrent();
    boolean libtorrent = python.isPresent();
    assumeTrue(Commands.has("aria2c"), "skipped: this machine has no aria2c");
    byte[] film = new byte[PIECE_BYTES * PIECES];
    new SplittableRandom(7).nextBytes(film);
    byte[] info = info(film);
    Files.write(Files.createDirectories(folder.resolve("seed")).resolve("film"), film);
    int first = Ports.free(3);
    ViewerTokens issuer = ViewerTokens.in(folder);
    String key = issuer.issue("bt:*", Duration.ofMinutes(10));
    try (TrackerCluster cluster =
        TrackerCluster.in(folder, node -> node.set("bittorrent.enabled", true)).start(1)) {
      TrackerProcess there = cluster.nodes().get(0);
      TrackerProcess here =
          cluster.start(
              issuer
                  .acceptedBy(cluster.node())
                  .set("auth.required", true)
                  .set("bittorrent.token", "path"));
      Path seeding = torrent("there.torrent", there, "/announce", info);
      Path leeching = torrent("here.torrent", here, "/" + key + "/announce", info);
      // On loopback libtorrent asks for paths that begin with /announce only, lest a torrent have
      // it
      // ask for something else (ssrf_mitigation).
      Path otherwise = torrent("otherwise.torrent", here, "/announce/" + key, info);
      aria2("seed", seeding, first, "--check-integrity=true", "--seed-ratio=0.0");
      Await.until("a seeder", PATIENCE, () -> here.management().held().members() == 1);

      Process aria2 = aria2("aria2", leeching, first + 1, "--seed-time=0");
      Process other = libtorrent ? libtorrent(python.get(), otherwise, first + 2) : aria2;
      for (Process leech : List.of(aria2, other)) {
        assertTrue(leech.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS), this::output);
        assertEquals(0, leech.exitValue(), this::output);
      }
      for (String name : libtorrent ? List.of("aria2", "libtorrent") : List.of("aria2")) {
        Path fetched = folder.resolve(name).resolve("film");
        assertTrue(Arrays.equals(film, Files.readAllBytes(fetched)), name);
      }
      // aria2 has said that it goes.
      running.get(0).destroy();
      assertTrue(running.get(0).waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS));
      for (TrackerProcess node : cluster.nodes()) {
        assertTrue(node.management().status().path("bittorrent").path("announces").asInt() > 0);
        assertEquals(0, node.management().status().path("bittorrent").path("failures").asInt());
        assertEquals(List.of(), node.errors());
      }
    } finally {
      running.forEach(Process::destroyForcibly);
    }
    assumeTrue(libtorrent, "skipped in part: this machine has no libtorrent for Python");
  }

  /** Debian's libtorrent is for Debian's Python, which need not be the first on the path. */
  private static Optional<String> pythonWithLibtorrent() throws Exception {
    for (String python : List.of("python3", "/usr/bin/python3")) {
      boolean there = Commands.has(python) || Files.isExecutable(Path.of(python));
      String tried = "import libtorrent; print('imported')";
      if (there && Commands.run(python, "-c", tried).startsWith("imported")) {
        return Optional.of(python);
      }
    }
    return Optional.empty();
  }

  private Process aria2(String name, Path torrent, int port, String... more) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "aria2c",
                "--no-conf=true",
                "--disable-ipv6=true",
                "--enable-dht=false",
                "--enable-dht6=false",
                "--bt-enable-lpd=false",
                "--enable-peer-exchange=false",
                "--file-allocation=none",
                "--summary-interval=0",
                "--listen-port=" + port,
                "--dir=" + folder.resolve(name)));
    command.addAll(List.of(more));
    command.add(torrent.toString());
    return start(name, command);
  }

  private Process libtorrent(String python, Path torrent, int port) throws IOException {
    Path target = Files.createDirectories(folder.resolve("libtorrent"));
    return start(
        "libtorrent",
        List.of(
            python,
            LEECH.toString(),
            torrent.toString(),
            target.toString(),
            Integer.toString(port)));
  }

  private Process start(String name, List<String> command) throws IOException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(name + ".log").toFile())
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    running.add(process);
    return process;
  }

  private String output() {
    StringBuilder all = new StringBuilder();
    for (String name : List.of("seed", "aria2", "libtorrent")) {
      Path log = folder.resolve(name + ".log");
      try {
        all.append(name).append(": ").append(Files.exists(log) ? Files.readString(log) : "none");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return all.toString();
  }

  /** A private torrent (BEP 27), whose clients ask its tracker and nobody else. */
  private static byte[] info(byte[] film) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    String before = "d6:lengthi%de4:name4:film12:piece lengthi%de6:pieces%d:";
    out.writeBytes(before.formatted(film.length, PIECE_BYTES, PIECES * 20).getBytes(ISO_8859_1));
    for (int piece = 0; piece < PIECES; piece++) {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      sha1.update(film, piece * PIECE_BYTES, PIECE_BYTES);
      out.writeBytes(sha1.digest());
    }
    out.writeBytes("7:privatei1ee".getBytes(ISO_8859_1));
    return out.toByteArray();
  }

  private Path torrent(String name, TrackerProcess tracker, String path, byte[] info)
      throws IOException {
    String announce = "http://" + tracker.http().getAuthority() + path;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    String before = "d8:announce" + announce.length() + ":" + announce + "4:info";
    out.writeBytes(before.getBytes(ISO_8859_1));
    out.writeBytes(info);
    out.write('e');
    return Files.write(folder.resolve(name), out.toByteArray());
  }
}
