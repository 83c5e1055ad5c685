package io.ppstp.tracker.tap;

import io.ppstp.tracker.tap.TapMark.EventId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Follows one node: asks for its events, goes on behind the last one when the answer ends, and
 * stops reading when it is told to. Confined to one event loop.
 */
final class NodeReader {
  /** A node that is silent for longer than three of its heartbeats is not there. */
  private static final long MOST_SILENCE_NS = TimeUnit.SECONDS.toNanos(45);

  /** An answer that has gone on for so long is a good one. */
  private static final long STABLE_NS = TimeUnit.SECONDS.toNanos(10);

  private static final long WATCH_MS = 5000;
  private static final long HEAD_PATIENCE_S = 20;
  private static final long MOST_PROBLEM_BYTES = 4096;

  /** Longest line that is taken. */
  static final int LONGEST_LINE = 1 << 20;

  /** What a reader tells of. */
  interface Listener extends LineSplitter.Lines {
    /** All lines of a piece of data have been told. */
    void pieceEnds();

    /** It begins to hear from the node. */
    void begins();

    /** It cannot hear from the node, and tries again by itself. */
    void ceases(String why);

    /** The node refuses what it is asked; returns whether to try again. */
    boolean refused(String why);
  }

  /**
   * What all readers of a tap share.
   *
   * @param token shown to nodes, if there is one
   */
  record Surroundings(
      Vertx vertx, HttpClientAgent client, Optional<String> token, LongSupplier nanoTime) {}

  private final Surroundings around;
  private final URI node;
  private final String target;
  private final Backoff backoff;
  private final Listener listener;
  private final LineSplitter splitter;
  private Optional<EventId> last = Optional.empty();
  private @Nullable HttpClientResponse response;
  private boolean asking;
  private boolean paused;
  private boolean stopped;
  private boolean waiting;
  private long openedNs;
  private long heardNs;

  /**
   * Makes a reader that does not read yet.
   *
   * @param query which events to ask for
   */
  NodeReader(Surroundings around, URI node, String query, Backoff backoff, Listener listener) {
    this.around = around;
    this.node = node;
    this.target = "/api/v1/events?" + query;
    this.backoff = backoff;
    this.listener = listener;
    this.splitter = new LineSplitter(LONGEST_LINE, listener);
  }

  /** Begins. */
  void start() {
    around.vertx().setPeriodic(WATCH_MS, this::watch);
    ask();
  }

  /** Remembers the event behind which to go on. */
  void heard(EventId id) {
    last = Optional.of(id);
  }

  /** Returns the last event that was heard of. */
  Optional<EventId> last() {
    return last;
  }

  private void ask() {
    waiting = false;
    if (stopped || paused || asking || response != null) {
      return;
    }
    asking = true;
    around
        .client()
        .request(TapUrls.request(HttpMethod.GET, node, target))
        .compose(this::send)
        .onComplete(
            answer -> {
              asking = false;
              if (answer.failed()) {
                lose(Reasons.of(answer.cause()));
              } else if (answer.result() != null) {
                open(answer.result());
              }
            });
  }

  private Future<HttpClientResponse> send(HttpClientRequest request) {
    request.putHeader("accept", "application/x-ndjson");
    around.token().ifPresent(token -> request.putHeader("authorization", "Bearer " + token));
    last.ifPresent(id -> request.putHeader("last-event-id", id.toString()));
    return request
        .send()
        .timeout(HEAD_PATIENCE_S, TimeUnit.SECONDS)
        .onFailure(failure -> request.reset());
  }

  private void open(HttpClientResponse opened) {
    if (stopped) {
      opened.request().reset();
      return;
    }
    String type = String.valueOf(opened.getHeader("content-type"));
    if (opened.statusCode() != 200 || !type.startsWith("application/x-ndjson")) {
      problem(opened);
      return;
    }
    response = opened;
    openedNs = around.nanoTime().getAsLong();
    heardNs = openedNs;
    opened.handler(piece -> take(opened, piece));
    opened.exceptionHandler(failure -> end(opened, Reasons.of(failure)));
    opened.endHandler(end -> end(opened, "it ended its answer"));
    if (paused) {
      opened.pause();
    }
    listener.begins();
  }

  private void take(HttpClientResponse from, Buffer piece) {
    if (response == from) {
      heardNs = around.nanoTime().getAsLong();
      if (heardNs - openedNs > STABLE_NS) {
        backoff.reset();
      }
      splitter.take(piece.getBytes());
      listener.pieceEnds();
    }
  }

  private void end(HttpClientResponse of, String why) {
    if (response == of) {
      response = null;
      splitter.reset();
      lose(why);
    }
  }

  private void problem(HttpClientResponse answer) {
    int status = answer.statusCode();
    String length = String.valueOf(answer.getHeader("content-length"));
    boolean told = length.matches("[0-9]{1,4}") && Long.parseLong(length) <= MOST_PROBLEM_BYTES;
    if (!told) {
      answer.request().reset();
    }
    Future<String> detail =
        told
            ? answer
                .body()
                .timeout(HEAD_PATIENCE_S, TimeUnit.SECONDS)
                .onFailure(failure -> answer.request().reset())
                .map(NodeReader::detail)
                .otherwise("")
            : Future.succeededFuture("");
    detail.onSuccess(
        text -> {
          String why = "it answers " + status + (text.isEmpty() ? "" : ": " + text);
          boolean refuses = status >= 200 && status < 500 && status != 429;
          if (refuses && !listener.refused(why)) {
            stop();
          } else {
            lose(why);
          }
        });
  }

  private static String detail(Buffer body) {
    try {
      return Reasons.line(new JsonObject(body).getString("detail", ""));
    } catch (DecodeException | ClassCastException e) {
      return "";
    }
  }

  private void lose(String why) {
    if (!stopped) {
      listener.ceases(why);
      waiting = true;
      around.vertx().setTimer(backoff.nextMs(), due -> ask());
    }
  }

  /** A connection can be dead without an end, if the other machine is gone. */
  private void watch(long timer) {
    if (stopped) {
      around.vertx().cancelTimer(timer);
      return;
    }
    HttpClientResponse current = response;
    boolean silent = around.nanoTime().getAsLong() - heardNs > MOST_SILENCE_NS;
    if (current != null && !paused && silent) {
      current.request().reset();
      end(current, "it is silent");
    }
  }

  /** Reads no more until {@link #resume}: what the node tells meanwhile waits there, or goes by. */
  void pause() {
    paused = true;
    HttpClientResponse current = response;
    if (current != null) {
      current.pause();
    }
  }

  /** Reads on. */
  void resume() {
    paused = false;
    heardNs = around.nanoTime().getAsLong();
    HttpClientResponse current = response;
    if (current != null) {
      current.resume();
    } else if (!waiting) {
      ask();
    }
  }

  /** Ends. */
  void stop() {
    stopped = true;
    HttpClientResponse current = response;
    response = null;
    if (current != null) {
      current.request().reset();
    }
  }
}
