package io.ppstp.tracker.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A browser's WebSocket to a tracker, which speaks the WebTorrent tracker protocol. Thread-safe.
 */
public final class Browser implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final WebSocket socket;
  private final List<JsonNode> received = new ArrayList<>();
  private final CompletableFuture<Integer> closed = new CompletableFuture<>();

  private Browser(HttpClient http, URI tracker, String path, Map<String, String> fields)
      throws Exception {
    WebSocket.Builder builder = http.newWebSocketBuilder().connectTimeout(PATIENCE);
    fields.forEach(builder::header);
    URI address = URI.create(tracker.toString().replaceFirst("^http", "ws")).resolve(path);
    socket =
        builder.buildAsync(address, new Listener()).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Opens a WebSocket to where a node serves HTTP. */
  public static Browser of(URI tracker) throws Exception {
    return of(tracker, Map.of());
  }

  /** Opens one on another path, for a page of an origin; none if that is empty. */
  public static Browser of(URI tracker, String path, String origin) throws Exception {
    return new Browser(HTTP, tracker, path, origin.isEmpty() ? Map.of() : Map.of("Origin", origin));
  }

  /** Opens one whose request has certain fields; believes any certificate. */
  public static Browser of(URI tracker, Map<String, String> fields) throws Exception {
    HttpClient http =
        tracker.getScheme().equals("https")
            ? HttpClient.newBuilder().sslContext(Tls.trustingAll()).build()
            : HTTP;
    return new Browser(http, tracker, "/announce", fields);
  }

  private final class Listener implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        synchronized (received) {
          received.add(Json.parse(text.toString()));
        }
        text.setLength(0);
      }
      from.request(1);
      return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int status, String reason) {
      closed.complete(status);
      return CompletableFuture.completedStage(null);
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
      closed.complete(1006);
    }
  }

  /** Returns an announce of a peer, to be added to. */
  public static ObjectNode announce(String infoHash, String peerId) {
    return Json.object()
        .put("action", "announce")
        .put("info_hash", infoHash)
        .put("peer_id", peerId)
        .put("numwant", 5);
  }

  /** Returns an announce with as many offers, which {@code name} tells apart. */
  public static ObjectNode announce(String infoHash, String peerId, String name, int offers) {
    ObjectNode message = announce(infoHash, peerId);
    for (int i = 0; i < offers; i++) {
      ObjectNode offer = message.withArray("offers").addObject();
      offer.put("offer_id", twenty(name + "-offer-" + i));
      offer.putObject("offer").put("type", "offer").put("sdp", "sdp of " + name + " " + i);
    }
    return message;
  }

  /** Returns the answer of a peer to an offer that it got. */
  public static ObjectNode answer(JsonNode offer, String peerId, String sdp) {
    ObjectNode message =
        Json.object()
            .put("action", "announce")
            .put("info_hash", offer.path("info_hash").asText())
            .put("peer_id", peerId)
            .put("to_peer_id", offer.path("peer_id").asText())
            .put("offer_id", offer.path("offer_id").asText());
    message.putObject("answer").put("type", "answer").put("sdp", sdp);
    return message;
  }

  /** Returns {@code text} made 20 characters long. */
  public static String twenty(String text) {
    return (text + ".".repeat(20)).substring(0, 20);
  }

  /** Sends a message. */
  public Browser send(JsonNode message) throws Exception {
    return send(message.toString());
  }

  /** Sends a text, whatever it is. */
  public Browser send(String text) throws Exception {
    socket.sendText(text, true).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    return this;
  }

  /** Sends a message in a binary frame, as some clients do. */
  public Browser send(byte[] bytes) throws Exception {
    socket.sendBinary(ByteBuffer.wrap(bytes), true).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    return this;
  }

  /** Sends a piece of a message. */
  public void sendPiece(String text, boolean last) throws Exception {
    socket.sendText(text, last).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Returns all that has come so far. */
  public List<JsonNode> received() {
    synchronized (received) {
      return List.copyOf(received);
    }
  }

  /** Waits for a message that has not been taken, and takes it. */
  public JsonNode take(String what, Predicate<JsonNode> wanted) throws Exception {
    Optional<JsonNode> first = Optional.empty();
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (first.isEmpty()) {
      first = find(wanted);
      if (first.isEmpty()) {
        if (System.nanoTime() - end > 0) {
          throw new AssertionError("no " + what + " among " + received());
        }
        Await.holdsWithin(Duration.ofMillis(200), () -> received().stream().anyMatch(wanted));
      }
    }
    return first.get();
  }

  private Optional<JsonNode> find(Predicate<JsonNode> wanted) {
    synchronized (received) {
      Optional<JsonNode> first = received.stream().filter(wanted).findFirst();
      first.ifPresent(received::remove);
      return first;
    }
  }

  /** Waits for the answer to an announce. */
  public JsonNode takeAnnounced() throws Exception {
    return take("answer to an announce", message -> message.has("interval"));
  }

  /** Waits for an offer of another peer. */
  public JsonNode takeOffer() throws Exception {
    return take("offer", message -> message.has("offer"));
  }

  /** Waits for an answer of another peer. */
  public JsonNode takeAnswer() throws Exception {
    return take("answer", message -> message.has("answer"));
  }

  /** Waits for the reason why a message was refused. */
  public JsonNode takeFailure() throws Exception {
    return take("failure", message -> message.has("failure reason"));
  }

  /**
   * Announces a peer until its swarm has {@code members} in all, which lists know a moment later.
   */
  public JsonNode announceUntil(ObjectNode message, int members) throws Exception {
    List<JsonNode> last = new ArrayList<>();
    Await.until(
        members + " members",
        PATIENCE,
        () -> {
          send(message);
          last.add(takeAnnounced());
          return total(last.get(last.size() - 1)) == members;
        });
    return last.get(last.size() - 1);
  }

  private static int total(JsonNode announced) {
    return announced.path("complete").asInt() + announced.path("incomplete").asInt();
  }

  /** Returns the status with which the tracker has closed the socket, once it has. */
  public int closedWith() throws Exception {
    return closed.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Returns whether the socket is open as far as is known. */
  public boolean isOpen() {
    return !closed.isDone();
  }

  /** Ends the connection, as a page does that is closed. */
  public void hangUp() {
    socket.abort();
  }

  @Override
  public void close() {
    hangUp();
  }
}
