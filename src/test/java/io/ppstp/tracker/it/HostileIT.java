package io.ppstp.tracker.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.Commands;
import io.ppstp.tracker.testing.Http2Frames;
import io.ppstp.tracker.testing.Message;
import io.ppstp.tracker.testing.RawConnection;
import io.ppstp.tracker.testing.Seeds;
import io.ppstp.tracker.testing.TrackerProcess;
import io.ppstp.tracker.testing.Vitals;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * Attacks on the running tracker, while a good peer must go on being served; what they cost is
 * printed. Attackers come from other addresses of loopback, which nothing is exempt for here.
 */
class HostileIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Duration FIRST_REQUEST = Duration.ofSeconds(6);
  private static final TrackerProcess TRACKER =
      TrackerProcess.onFreePorts()
          .set("limits.exempt", "")
          .set("limits.connections.per-address", 150)
          .set("limits.connections.first-request", FIRST_REQUEST.toSeconds() + "s")
          .set("http.request-deadline", "5s")
          .set("https.enabled", true)
          .set("https.self-signed", true)
          .set("https.port", 0)
          .set("proxy.header", "x-forwarded-for")
          .set("proxy.trusted", "127.0.9.9")
          .start();

  /** What a good peer keeps to; below the default of limits.rate.requests. */
  private static final int ALLOWED_PER_SECOND = 400;

  @AfterAll
  static void stop() {
    List<String> errors = TRACKER.errors();
    TRACKER.close();
    assertEquals(List.of(), errors);
  }

  /** A good peer's reports, one after another, and how long they took. */
  private static final class GoodPeer {
    private final List<Long> tookNs = new ArrayList<>();
    private final String id;

    GoodPeer(String id) throws Exception {
      this.id = id;
      assertTrue(TRACKER.client().post(Message.connect(id, "1").joinAsLeech("s")).isSuccess());
    }

    void reports(int count) throws Exception {
      try (RawConnection connection = RawConnection.to(TRACKER.http())) {
        for (int i = 0; i < count; i++) {
          long start = System.nanoTime();
          connection.post(Message.statReport(id, "r" + i, "s").bytes());
          assertEquals(200, connection.receive().status(), "the good peer is served");
          tookNs.add(System.nanoTime() - start);
        }
      }
    }

    int requests() {
      return tookNs.size();
    }

    String p99() {
      long[] sorted = tookNs.stream().mapToLong(Long::longValue).sorted().toArray();
      return "good peer: %d requests, p50 %.2f ms, p99 %.2f ms"
          .formatted(
              sorted.length,
              sorted[sorted.length / 2] / 1e6,
              sorted[(int) (sorted.length * 0.99)] / 1e6);
    }
  }

  private static double hits(String limit) throws Exception {
    return TRACKER
        .management()
        .metric("ppstp_limited_total{limit=\"" + limit + "\"}")
        .orElseThrow();
  }

  private static double connections() throws Exception {
    return TRACKER.management().metric("ppstp_connections").orElseThrow();
  }

  @Test
  void slowloris() throws Exception {
    GoodPeer peer = new GoodPeer("good-1");
    peer.reports(200);
    Vitals before = Vitals.of(TRACKER);
    double cutBefore = hits("request-deadline");
    double openBefore = connections();
    List<SocketChannel> attackers = new ArrayList<>();
    int plainPort = TRACKER.http().getPort();
    int tlsPort = TRACKER.https().getPort();
    for (int i = 0; i < 2000; i++) {
      attackers.add(open("127.0.1." + (1 + i / 100), i % 2 == 0 ? plainPort : tlsPort));
    }
    double most = mostConnections(2000);
    long startNs = System.nanoTime();
    GoodPeer during = new GoodPeer("good-2");
    int written = 0;
    while (System.nanoTime() - startNs < Duration.ofSeconds(7).toNanos()) {
      for (SocketChannel attacker : attackers) {
        written += trickle(attacker, written) ? 1 : 0;
      }
      if (during.requests() < ALLOWED_PER_SECOND * (System.nanoTime() - startNs) / 1e9) {
        during.reports(100);
      }
    }
    Await.until("the attackers' connections closed", SOON, () -> connections() <= openBefore + 2);
    double seconds = (System.nanoTime() - startNs) / 1e9;
    System.out.printf(
        "HostileIT: slowloris: %.0f connections at once, %d bytes trickled, all closed after"
            + " %.1f s, %.0f by the tracker's own deadline, the others in their handshake; %s%n",
        most, written, seconds, hits("request-deadline") - cutBefore, during.p99());
    for (SocketChannel attacker : attackers) {
      attacker.close();
    }
    assertTrue(most >= 2000, () -> "all were let in: " + most);
    Vitals.assertFlat("HostileIT: slowloris", TRACKER, before);
  }

  /** Returns the number of open connections once the tracker has accepted {@code expected}. */
  private static double mostConnections(int expected) throws Exception {
    Await.holdsWithin(SOON, () -> connections() >= expected);
    return connections();
  }

  private static SocketChannel open(String from, int port) throws IOException {
    SocketChannel channel = SocketChannel.open();
    channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
    channel.bind(new InetSocketAddress(from, 0));
    channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    channel.configureBlocking(false);
    return channel;
  }

  /** One byte more of a header that never ends; to the HTTPS port one of a TLS record. */
  private static boolean trickle(SocketChannel attacker, int round) {
    String text = "POST / HTTP/1.1\r\nHost: t\r\nX-Slow: " + "x".repeat(4000);
    byte[] record = {22, 3, 1, 15, 0};
    try {
      boolean tls =
          ((InetSocketAddress) attacker.getRemoteAddress()).getPort() == TRACKER.https().getPort();
      int at = (int) (round / 2000L);
      byte next = tls ? (at < 5 ? record[at] : 0) : (byte) text.charAt(at);
      return attacker.write(ByteBuffer.wrap(new byte[] {next})) == 1;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void floodOfConnectionsFromOneAddress() throws Exception {
    GoodPeer peer = new GoodPeer("good-3");
    Vitals before = Vitals.of(TRACKER);
    double refusedBefore = hits("connections-per-address");
    long startNs = System.nanoTime();
    List<SocketChannel> attackers = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      attackers.add(open("127.0.2.1", TRACKER.http().getPort()));
      if (i % 20 == 0) {
        peer.reports(1);
      }
    }
    Await.until(
        "all refused but 150, and as many more for each time that the first were cut off",
        SOON,
        () -> {
          long times = 1 + (System.nanoTime() - startNs) / FIRST_REQUEST.toNanos();
          double refused = hits("connections-per-address") - refusedBefore;
          return refused <= 1850 && refused >= 2000 - 150 * times;
        });
    System.out.printf(
        "HostileIT: 2000 connections from one address: 1850 closed at once; %s%n", peer.p99());
    for (SocketChannel attacker : attackers) {
      attacker.close();
    }
    Vitals.assertFlat("HostileIT: connections from one address", TRACKER, before);
  }

  @Test
  void rapidReset() throws Exception {
    GoodPeer peer = new GoodPeer("good-4");
    resetRapidly(50);
    Vitals before = Vitals.of(TRACKER);
    long startNs = System.nanoTime();
    int streams = 0;
    int cut = 0;
    for (int i = 0; i < 12; i++) {
      streams += 50_000;
      // 11 is ENHANCE_YOUR_CALM.
      cut += resetRapidly(50_000) == 11 ? 1 : 0;
      peer.reports(20);
    }
    System.out.printf(
        "HostileIT: rapid reset: %d connections of up to 50000 streams each, %d of them ended with"
            + " ENHANCE_YOUR_CALM, in %.1f s; %s%n",
        streams / 50_000, cut, (System.nanoTime() - startNs) / 1e9, peer.p99());
    Vitals.assertFlat("HostileIT: rapid reset", TRACKER, before);
    assertTrue(cut >= 1, "the attacker was told why");
  }

  private static int resetRapidly(int streams) throws Exception {
    try (Http2Frames connection = new Http2Frames(TRACKER.https())) {
      try {
        for (int i = 0; i < streams; i++) {
          connection.post(2 * i + 1);
          connection.reset(2 * i + 1);
          if (i % 25 == 24) {
            connection.flush();
          }
        }
        if (streams < 200) {
          return -1;
        }
      } catch (IOException e) {
        // Cut off, as it should be.
        return connection.readGoAway();
      }
      return connection.readGoAway();
    }
  }

  @Test
  void renegotiation() throws Exception {
    assumeTrue(Commands.has("openssl"), "there is no openssl to ask for it");
    GoodPeer peer = new GoodPeer("good-5");
    Vitals before = Vitals.of(TRACKER);
    int refused = 0;
    String last = "";
    for (int i = 0; i < 5; i++) {
      last = renegotiate(TRACKER.https());
      refused += last.contains("RENEGOTIATING") && last.contains("alert handshake failure") ? 1 : 0;
    }
    peer.reports(100);
    System.out.printf("HostileIT: renegotiation: %d of 5 refused; %s%n", refused, peer.p99());
    String said = last;
    assertEquals(5, refused, () -> said);
    Vitals.assertFlat("HostileIT: renegotiation", TRACKER, before);
  }

  private static String renegotiate(URI server) throws Exception {
    String target = server.getHost() + ":" + server.getPort();
    Process openssl =
        new ProcessBuilder(
                "openssl", "s_client", "-connect", target, "-tls1_2", "-legacy_renegotiation")
            .redirectErrorStream(true)
            .start();
    try {
      StringBuilder said = new StringBuilder();
      var out = openssl.inputReader(UTF_8);
      String line = out.readLine();
      while (line != null && !line.contains("Extended master secret")) {
        line = out.readLine();
      }
      openssl.getOutputStream().write("R\n".getBytes(UTF_8));
      openssl.getOutputStream().flush();
      for (line = out.readLine(); line != null; line = out.readLine()) {
        said.append(line).append('\n');
        if (line.contains("error") || line.contains("verify return")) {
          break;
        }
      }
      return said.toString();
    } finally {
      openssl.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
    }
  }

  @Test
  void aFloodWithForgedForwardingFields() throws Exception {
    SplittableRandom random = Seeds.random();
    GoodPeer peer = new GoodPeer("good-6");
    flood("127.0.3.1", 8_000, random);
    flood("127.0.9.9", 8_000, random);
    Vitals before = Vitals.of(TRACKER);
    double requestsBefore = hits("requests");
    long startNs = System.nanoTime();
    int fromStranger = flood("127.0.3.1", 15_000, random);
    int throughProxy = flood("127.0.9.9", 15_000, random);
    double seconds = (System.nanoTime() - startNs) / 1e9;
    peer.reports(200);
    double entries =
        TRACKER.management().metric("ppstp_limit_entries{table=\"requests\"}").orElseThrow();
    System.out.printf(
        "HostileIT: forged fields: 15000 requests from a stranger, %d refused; 15000 of as many"
            + " clients through a trusted proxy, %d refused; %.1f s, %.0f entries in force; %s%n",
        fromStranger, throughProxy, seconds, entries, peer.p99());
    assertTrue(fromStranger > 5_000, "whatever it claims, a stranger is one client");
    assertEquals(0, throughProxy, "each of them asked once");
    assertTrue(hits("requests") - requestsBefore >= fromStranger);
    Vitals.assertFlat("HostileIT: forged fields", TRACKER, before);
  }

  /** Sends requests in pipelines, each with another forged address; returns how many got 503. */
  private static int flood(String from, int count, SplittableRandom random) throws Exception {
    int refused = 0;
    byte[] body = Message.statReport("nobody", "t").bytes();
    try (RawConnection connection = RawConnection.from(from, TRACKER.http())) {
      for (int sent = 0; sent < count; sent += 20) {
        StringBuilder pipeline = new StringBuilder();
        for (int i = 0; i < 20; i++) {
          String client =
              "2001:db8:%x:%x::1".formatted(random.nextInt(1 << 16), random.nextInt(1 << 16));
          pipeline
              .append(connection.head(body.length, "X-Forwarded-For: 127.0.0.1, " + client))
              .append(new String(body, UTF_8));
        }
        connection.send(pipeline.toString());
        for (int i = 0; i < 20; i++) {
          int status = connection.receive().status();
          refused += status == 503 ? 1 : 0;
          assertTrue(status == 503 || status == 403);
        }
      }
    }
    return refused;
  }

  @Test
  void pipelinesWithoutEnd() throws Exception {
    GoodPeer peer = new GoodPeer("good-7");
    Vitals before = Vitals.of(TRACKER);
    byte[] body = Message.statReport("nobody", "t").bytes();
    long sent = 0;
    List<SocketChannel> attackers = new ArrayList<>();
    ByteBuffer requests;
    try (RawConnection any = RawConnection.to(TRACKER.http())) {
      String one = any.head(body.length) + new String(body, UTF_8);
      requests = ByteBuffer.wrap(one.repeat(1000).getBytes(UTF_8));
    }
    for (int i = 0; i < 20; i++) {
      attackers.add(open("127.0.4." + (1 + i), TRACKER.http().getPort()));
    }
    // They send and never read, until nothing more is taken.
    for (int round = 0; round < 200; round++) {
      for (SocketChannel attacker : attackers) {
        try {
          requests.rewind();
          sent += attacker.write(requests);
        } catch (IOException e) {
          // The tracker closed it.
        }
      }
      peer.reports(2);
    }
    Vitals during = Vitals.of(TRACKER);
    System.out.printf(
        "HostileIT: pipelines never read: %.1f MiB sent on 20 connections, during it %s; %s%n",
        sent / 1048576.0, during, peer.p99());
    for (SocketChannel attacker : attackers) {
      attacker.close();
    }
    assertTrue(during.heapBytes() < before.heapBytes() + (64L << 20), during::toString);
    Vitals.assertFlat("HostileIT: pipelines", TRACKER, before);
  }
}
