package io.ppstp.tracker.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ppstp.tracker.testing.TrackerProcess;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A crowd of browsers that all come to one channel within some seconds: each opens a WebSocket,
 * announces itself once with five offers, and answers every offer that it gets. Confined to one
 * thread; the crowd lives on an event loop of its own.
 */
final class CrowdTrial {
  private static final int OFFERS = 5;
  private static final long WITHIN_MS = 10_000;
  private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(60);
  private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);
  private static final String SWARM = "one channel for all.";
  private static final String SDP = "v=0\r\n" + "a=candidate:1 1 udp 1 127.0.0.1 1 typ host\r\n".repeat(20);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final int viewers;
  private final List<Viewer> all = new ArrayList<>();
  private final AtomicLong met = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();

  CrowdTrial(int viewers) {
    this.viewers = viewers;
  }

  /**
   * What became of the crowd.
   *
   * @param met viewers that have had an offer, or an answer to one of theirs
   * @param slowestSeconds from when a viewer came until then, of the one that waited longest
   * @param mostOffers that one viewer got per second
   * @param mostUnsentBytes that the node held for all sockets together
   */
  record Outcome(
      int viewers, long met, double slowestSeconds, double mostOffers, double mostUnsentBytes) {}

  /** One browser. Confined to the crowd's event loop. */
  private final class Viewer {
    private final String peerId;
    private final long cameNs = System.nanoTime();
    private int offers;
    private long lastOfferNs;
    private long metNs;

    Viewer(int number) {
      peerId = "-PM0203-%012d".formatted(number);
    }

    void come(WebSocket socket) {
      socket.exceptionHandler(failure -> failed.incrementAndGet());
      socket.textMessageHandler(message -> take(socket, message));
      JsonArray made = new JsonArray();
      for (int i = 0; i < OFFERS; i++) {
        made.add(
            new JsonObject()
                .put("offer", new JsonObject().put("type", "offer").put("sdp", SDP))
                .put("offer_id", "offer-%014d".formatted(i)));
      }
      say(socket, new JsonObject().put("numwant", OFFERS).put("offers", made));
    }

    private void say(WebSocket socket, JsonObject message) {
      message.put("action", "announce").put("info_hash", SWARM).put("peer_id", peerId);
      socket.writeTextMessage(message.encode()).onFailure(failure -> failed.incrementAndGet());
    }

    private void take(WebSocket socket, String text) {
      JsonNode message;
      try {
        message = JSON.readTree(text);
      } catch (IOException e) {
        failed.incrementAndGet();
        return;
      }
      long nowNs = System.nanoTime();
      if (message.has("failure reason")) {
        failed.incrementAndGet();
      } else if (message.has("offer")) {
        offers++;
        lastOfferNs = nowNs;
        hasMet(nowNs);
        JsonObject answer = new JsonObject().put("type", "answer").put("sdp", SDP);
        say(
            socket,
            new JsonObject()
                .put("to_peer_id", message.path("peer_id").asText())
                .put("offer_id", message.path("offer_id").asText())
                .put("answer", answer));
      } else if (message.has("answer")) {
        hasMet(nowNs);
      }
    }

    private void hasMet(long nowNs) {
      if (metNs == 0) {
        metNs = nowNs;
        met.incrementAndGet();
      }
    }

    /** Ten at once and ten a second after that are allowed: this is then ten at most. */
    private double offersPerSecond() {
      if (offers == 0) {
        return 0;
      }
      return offers / (1 + (double) (lastOfferNs - cameNs) / SECOND_NS);
    }
  }

  /** Lets the crowd come to a node with default bounds. */
  Outcome run() throws Exception {
    Vertx vertx = Vertx.vertx();
    try (Servers servers = new Servers("2g")) {
      TrackerProcess node =
          servers.start(
              servers
                  .tracker()
                  .set("webtorrent.enabled", true)
                  .set("webtorrent.idle-timeout", "24h")
                  .set("limits.peers-per-address", 2 * viewers)
                  .set("limits.rate.registrations", viewers)
                  .set("limits.connections.total", 2 * viewers));
      WebSocketClient client =
          vertx.createWebSocketClient(new WebSocketClientOptions().setMaxConnections(2 * viewers));
      int port = node.http().getPort();
      long beganNs = System.nanoTime();
      vertx.setPeriodic(
          1,
          timer -> {
            long due = (System.nanoTime() - beganNs) / 1_000_000 * viewers / WITHIN_MS;
            while (all.size() < Math.min(viewers, due)) {
              Viewer viewer = new Viewer(all.size());
              all.add(viewer);
              Future<WebSocket> opened = client.connect(port, "127.0.0.1", "/announce");
              opened.onSuccess(viewer::come).onFailure(failure -> failed.incrementAndGet());
            }
            if (all.size() == viewers) {
              vertx.cancelTimer(timer);
            }
          });
      double mostUnsent = 0;
      while (met.get() < viewers && System.nanoTime() - beganNs < PATIENCE_NS) {
        Thread.sleep(100);
        mostUnsent =
            Math.max(
                mostUnsent, node.management().metric("ppstp_webtorrent_unsent_bytes").orElse(0.0));
      }
      return outcome(mostUnsent, servers.errors());
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }
  }

  private Outcome outcome(double mostUnsent, String errors) {
    if (failed.get() > 0 || !errors.isEmpty()) {
      throw new IllegalStateException(failed.get() + " failures of the crowd" + errors);
    }
    double slowest = 0;
    double mostOffers = 0;
    for (Viewer viewer : all) {
      if (viewer.metNs != 0) {
        slowest = Math.max(slowest, (viewer.metNs - viewer.cameNs) / 1e9);
      }
      mostOffers = Math.max(mostOffers, viewer.offersPerSecond());
    }
    return new Outcome(viewers, met.get(), slowest, mostOffers, mostUnsent);
  }
}
