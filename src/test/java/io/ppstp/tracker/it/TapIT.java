package io.ppstp.tracker.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.sun.net.httpserver.HttpServer;
import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.EventLines;
import io.ppstp.tracker.testing.EventTap;
import io.ppstp.tracker.testing.Json;
import io.ppstp.tracker.testing.Message;
import io.ppstp.tracker.testing.Ports;
import io.ppstp.tracker.testing.PpstpClient;
import io.ppstp.tracker.testing.TrackerCluster;
import io.ppstp.tracker.testing.TrackerProcess;
import io.ppstp.tracker.testing.TrackerProcess.Finished;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code tap}, run as its users run it, beside trackers. */
class TapIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static TrackerProcess tracker;

  @TempDir private Path folder = Path.of("set by JUnit");

  @BeforeAll
  static void start() {
    tracker =
        TrackerProcess.onFreePorts()
            .set("limits.rate.requests", 100_000)
            .set("timers.track", "1h")
            .start();
  }

  @AfterAll
  static void stop() {
    tracker.close();
  }

  /** Starts a tap whose standard output is a file. */
  private TrackerProcess tap(Path out, String... arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of("tap"));
    all.addAll(List.of(arguments));
    TrackerProcess tap =
        TrackerProcess.bare()
            .jvmOption("-XX:TieredStopAtLevel=1")
            .through(List.of("sh", "-c", "exec \"$@\" > " + out, "sh"))
            .arguments(all.toArray(String[]::new))
            .launch();
    long nodes = Stream.of(arguments).filter(it -> it.startsWith("http://127")).count();
    Await.until(
        () -> "it follows: " + tap.log(),
        () -> tap.log().stream().filter(line -> line.contains(" follows ")).count() >= nodes);
    return tap;
  }

  private Path unread() {
    return folder.resolve("stdout");
  }

  private static String url(TrackerProcess node) {
    URI management = node.management().uri();
    return "http://" + management.getAuthority();
  }

  private static void live(PpstpClient client, String peer) throws Exception {
    client.post(Message.connect(peer, "1").joinAsLeech("a")).expectSuccess();
    client.post(Message.statReport(peer, "2", "a")).expectSuccess();
    client.post(Message.connect(peer, "3").leave("a").joinAsLeech("b")).expectSuccess();
    client.post(Message.connect(peer, "4").leave("b")).expectSuccess();
  }

  private static final int EVENTS_OF_A_LIFE = 5;

  private static String last(TrackerProcess tap) {
    return tap.log().get(tap.log().size() - 1);
  }

  @Test
  void standardOutputGetsWhatCurlGets() throws Exception {
    Path out = folder.resolve("out");
    try (EventTap curl =
            EventTap.open(tracker, "kind=joined,left", "-H", "accept: application/x-ndjson");
        TrackerProcess tap = tap(out, url(tracker), "--kind=joined", "--kind=left")) {
      Await.until("curl hears", PATIENCE, () -> !curl.lines().isEmpty());
      for (int i = 0; i < 20; i++) {
        live(tracker.client(), "viewer-" + i);
      }
      Await.until("all", PATIENCE, () -> EventLines.of(out).size() >= 40);
      Await.until("all by curl", PATIENCE, () -> curl.events().size() >= 40);
      tap.terminate();

      assertEquals(0, tap.exitCode(PATIENCE));
      assertEquals(
          curl.lines().stream().filter(line -> !line.isEmpty()).toList(), EventLines.of(out));
      assertEquals("ppstp-tracker tap: 40 events written", last(tap));
    }
  }

  /** Exactly once, whenever it is killed: its files are read again. */
  @Test
  void aTapThatIsKilledGoesOnWithoutLossOrDuplicateInItsFiles() throws Exception {
    Path out = folder.resolve("files");
    int lives = 0;
    try (EventTap keepsTheNodeListening = EventTap.open(tracker, "")) {
      Await.until("curl hears", PATIENCE, () -> !keepsTheNodeListening.lines().isEmpty());
      for (int kill = 0; kill < 4; kill++) {
        try (TrackerProcess tap =
            tap(unread(), url(tracker), "--files=" + out, "--rotate-bytes=20KiB")) {
          int before = EventLines.ofFolder(out).size();
          for (int i = 0; i < 60 + 13 * kill; i++, lives++) {
            live(tracker.client(), "killed-" + lives);
            if (kill % 2 == 1 && i == 40) {
              tap.kill();
            }
          }
          if (kill % 2 == 0) {
            Await.until("some", PATIENCE, () -> EventLines.ofFolder(out).size() > before + 100);
            tap.kill();
          }
          tap.exitCode(PATIENCE);
        }
      }
      int expected = lives * EVENTS_OF_A_LIFE;
      try (TrackerProcess tap =
          tap(unread(), url(tracker), "--files=" + out, "--rotate-bytes=20KiB")) {
        if (!Await.holdsWithin(PATIENCE, () -> EventLines.ofFolder(out).size() >= expected)) {
          tap.terminate();
          tap.exitCode(PATIENCE);
          List<String> told = EventLines.ofFolder(out);
          fail(told.size() + " of " + expected + ": " + tap.log() + EventLines.numbers(told));
        }
        tap.terminate();
        assertEquals(0, tap.exitCode(PATIENCE));
        assertTrue(last(tap).endsWith(" 0 missing"), () -> last(tap));
      }
      List<String> lines = EventLines.ofFolder(out);
      assertEquals(expected, lines.size());
      EventLines.assertWhole(lines);
      try (Stream<Path> files = Files.list(out)) {
        long compressed = files.filter(it -> it.toString().endsWith(".gz")).count();
        assertTrue(compressed > 3, compressed + " are compressed");
      }
    }
  }

  @Test
  void aCollectorThatFailsForAWhileGetsAll() throws Exception {
    List<String> taken = Collections.synchronizedList(new ArrayList<>());
    AtomicInteger requests = new AtomicInteger();
    HttpServer collector =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    collector.createContext(
        "/",
        exchange -> {
          String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
          boolean fails = requests.incrementAndGet() % 3 != 1;
          String type = exchange.getRequestHeaders().getFirst("content-type");
          String key = exchange.getRequestHeaders().getFirst("x-key");
          if (!fails && "application/x-ndjson".equals(type) && "secret".equals(key)) {
            taken.addAll(body.lines().toList());
          }
          exchange.sendResponseHeaders(fails ? 503 : 200, -1);
          exchange.close();
        });
    collector.start();
    Path header = Files.writeString(folder.resolve("header"), "x-key: secret\n");
    String url = "http://127.0.0.1:" + collector.getAddress().getPort() + "/in?table=events";
    try (TrackerProcess tap =
        tap(
            unread(),
            url(tracker),
            "--post=" + url,
            "--header=@" + header,
            "--batch-events=20",
            "--batch-age=200ms")) {
      for (int i = 0; i < 10; i++) {
        live(tracker.client(), "posted-" + i);
      }
      Await.until("all", PATIENCE, () -> taken.size() >= 10 * EVENTS_OF_A_LIFE);
      tap.terminate();
      assertEquals(0, tap.exitCode(PATIENCE));
      assertEquals(10 * EVENTS_OF_A_LIFE, taken.size());
      EventLines.assertWhole(taken);
      assertTrue(requests.get() > 6, "it failed now and then");
      assertTrue(tap.log().stream().anyMatch(line -> line.contains("answers 503")));
    } finally {
      collector.stop(0);
    }
  }

  @Test
  void aNodeThatIsKilledAndComesBackIsFollowedAsAnother() throws Exception {
    int management = Ports.free();
    Path out = folder.resolve("out");
    TrackerProcess.Builder node = TrackerProcess.onFreePorts().set("management.port", management);
    TrackerProcess first = node.start();
    try (TrackerProcess tap = tap(out, "http://127.0.0.1:" + management, "--scope=node")) {
      live(first.client(), "before");
      Await.until("the first life", PATIENCE, () -> EventLines.of(out).size() >= EVENTS_OF_A_LIFE);
      first.kill();
      first.close();
      Await.until(() -> "it is noticed: " + tap.log(), () -> last(tap).endsWith("trying again"));
      try (TrackerProcess second = node.start()) {
        Await.until(
            "it follows again",
            PATIENCE,
            () -> tap.log().stream().filter(line -> line.contains(" follows ")).count() == 2);
        live(second.client(), "after");
        Await.until(
            "the second life", PATIENCE, () -> EventLines.of(out).size() >= 2 * EVENTS_OF_A_LIFE);
        tap.terminate();
        assertEquals(0, tap.exitCode(PATIENCE));
      }
      assertEquals(2, EventLines.numbers(EventLines.of(out)).size(), "two processes");
      EventLines.assertWhole(EventLines.of(out));
      assertEquals("ppstp-tracker tap: 10 events written, 0 missing", last(tap));
    } finally {
      first.close();
    }
  }

  /**
   * Asked for their own events, or all for all: once each, and a node that dies takes few along.
   */
  @Test
  void eachEventOfAClusterComesOnce() throws Exception {
    Path own = folder.resolve("own");
    Path all = folder.resolve("all");
    try (TrackerCluster cluster = TrackerCluster.in(folder, node -> {}).start(2)) {
      TrackerProcess one = cluster.nodes().get(0);
      TrackerProcess other = cluster.nodes().get(1);
      try (TrackerProcess ofNodes = tap(own, url(one), url(other));
          TrackerProcess ofCluster = tap(all, url(one), url(other), "--scope=cluster")) {
        for (int i = 0; i < 30; i++) {
          live(cluster.nodes().get(i % 2).client(), "clustered-" + i);
        }
        int expected = 30 * EVENTS_OF_A_LIFE;
        Await.until("all of their own", PATIENCE, () -> EventLines.of(own).size() >= expected);
        Await.until("all of all", PATIENCE, () -> EventLines.of(all).size() >= expected);
        cluster.kill(other);
        ofNodes.terminate();
        ofCluster.terminate();
        assertEquals(0, ofNodes.exitCode(PATIENCE));
        assertEquals(0, ofCluster.exitCode(PATIENCE));
        assertEquals("ppstp-tracker tap: 150 events written, 0 missing", last(ofNodes));
        assertTrue(last(ofCluster).endsWith(" came twice and were written once, 0 missing"));
      }
    }
    EventLines.assertWhole(EventLines.of(own));
    assertEquals(sorted(own), sorted(all));
  }

  private static List<String> sorted(Path out) throws Exception {
    return EventLines.of(out).stream().sorted().toList();
  }

  /** Then the node counts as lost what went by, and the tap what did not come. */
  @Test
  void aTapWhoseOutputIsNotReadStopsReading() throws Exception {
    Path pipe = folder.resolve("pipe");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    try (TrackerProcess node =
            TrackerProcess.onFreePorts()
                .set("limits.rate.requests", 100_000)
                .set("events.kept", 1000)
                .start();
        TrackerProcess tap =
            TrackerProcess.bare()
                .through(List.of("sh", "-c", "exec \"$@\" > " + pipe, "sh"))
                .arguments("tap", url(node), "--memory=1MiB")
                .launch();
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(Files.newInputStream(pipe), UTF_8))) {
      Await.until(
          () -> "it follows: " + tap.log(),
          () -> tap.log().stream().anyMatch(line -> line.contains(" follows ")));
      int peers = 600;
      int joins = 20;
      for (int peer = 0; peer < peers; peer++) {
        Message connect = Message.connect("crowd-" + peer, "1");
        for (int swarm = 0; swarm < joins; swarm++) {
          connect.joinAsSeeder("%s-%d".formatted("s".repeat(1000), swarm));
        }
        node.client().post(connect).expectSuccess();
      }
      List<Long> seqs = new ArrayList<>();
      long total = (long) peers * (joins + 1);
      while (seqs.isEmpty() || seqs.get(seqs.size() - 1) < total) {
        seqs.add(Json.parse(reader.readLine()).path("seq").asLong());
      }
      tap.terminate();
      assertEquals(0, tap.exitCode(PATIENCE));
      long missing = total - seqs.size();
      System.out.println(total + " events, " + missing + " missing");
      assertTrue(missing > 0, "its output was too slow");
      assertEquals(
          "ppstp-tracker tap: " + seqs.size() + " events written, " + missing + " missing",
          last(tap));
      assertEquals(seqs.size(), seqs.stream().distinct().count());
    }
  }

  @Test
  void badArgumentsAreExplained() throws Exception {
    assertRefused("", "URL");
    assertRefused(
        "ftp://x http://127.0.0.1:1 --files=a --post=http://x --memory=1KiB",
        "URL 1 is not a management address",
        "and a tap has one",
        "--memory must be");
    assertRefused("http://127.0.0.1:1 --post=http://x --header=secret", "--header is a line");
    assertRefused("http://127.0.0.1:1 --post=http://[secret", "--post must be a URL");
    assertRefused("http://me:secret@127.0.0.1:1", "URL 1 is not a management address");
    assertRefused("http://127.0.0.1:1 http://[secret", "URL 2 is not a management address");
    Path header = Files.writeString(folder.resolve("header"), "x-key: secret\n");
    assertRefused("http://127.0.0.1:1 --header @" + header, "--header is for --post");
    assertRefused("http://127.0.0.1:1 --rotate-age=soon", "'soon' is not a duration");
    assertRefused("http://127.0.0.1:1 --files=/proc/nowhere", "cannot make /proc/nowhere");
    assertRefused(url(tracker) + " --kind=nonsense", "it answers 400: kind is one or more of");
    String help = TrackerProcess.bare().arguments("tap", "--help").run().out();
    for (String named : List.of("--files", "--post", "--state", "--memory", "ssh -L")) {
      assertTrue(help.contains(named), help);
    }
  }

  private static void assertRefused(String arguments, String... said) throws Exception {
    List<String> all = new ArrayList<>(List.of("tap"));
    Stream.of(arguments.split(" ")).filter(it -> !it.isEmpty()).forEach(all::add);
    Finished finished = TrackerProcess.bare().arguments(all.toArray(String[]::new)).run();
    assertEquals(2, finished.exitCode(), finished::toString);
    for (String part : said) {
      assertTrue(finished.err().contains(part), finished::toString);
    }
    assertEquals("", finished.out());
    assertFalse(finished.err().contains("Exception"), finished::toString);
    assertFalse(finished.err().contains("secret"), finished::toString);
  }
}
