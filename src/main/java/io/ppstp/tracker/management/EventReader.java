package io.ppstp.tracker.management;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import org.jspecify.annotations.Nullable;

/**
 * One reader of events, who goes through the log at its own pace: nothing waits for it, and what
 * the log has dropped before it came there it is told to have lost. Confined to one event loop.
 */
final class EventReader {
  private static final int MOST_UNREAD_BYTES = 256 << 10;
  private static final int PIECE_BYTES = 64 << 10;

  private final HttpServerResponse response;
  private final EventQuery query;
  private final String thisNode;
  private final boolean lines;
  private long position;

  /**
   * Makes a reader who has read nothing yet.
   *
   * @param lines whether it gets a JSON text a line, else server-sent events
   */
  EventReader(HttpServerResponse response, EventQuery query, String thisNode, boolean lines) {
    this.response = response;
    this.query = query;
    this.thisNode = thisNode;
    this.lines = lines;
  }

  /** Returns what it asks for. */
  EventQuery query() {
    return query;
  }

  /**
   * Begins the answer.
   *
   * @param after the last event that it had from an earlier answer, null if it has had none
   */
  void begin(EventLog log, @Nullable String after) {
    response
        .putHeader("content-type", lines ? "application/x-ndjson" : "text/event-stream")
        .putHeader("cache-control", "no-store")
        .setChunked(true)
        .setWriteQueueMaxSize(MOST_UNREAD_BYTES)
        .drainHandler(drained -> read(log));
    position = log.next();
    if (lines) {
      // So that the head of the answer leaves now.
      response.write("\n");
    } else {
      response.write("retry: 2000\n\n");
    }
    if (after != null) {
      position = log.after(after);
      if (position < 0) {
        position = log.first();
        Buffer piece = Buffer.buffer();
        put(piece, FeedEvent.lostAfter(after));
        response.write(piece);
      }
      read(log);
    }
  }

  /** Tells what is new and asked for, as far as the client has room for it. */
  void read(EventLog log) {
    while (position < log.next() && !response.writeQueueFull()) {
      Buffer piece = Buffer.buffer();
      if (position < log.first()) {
        put(piece, FeedEvent.lost(log.first() - position));
        position = log.first();
      }
      while (position < log.next() && piece.length() < PIECE_BYTES) {
        FeedEvent event = log.at(position++);
        if (event != null && query.takes(event, thisNode)) {
          put(piece, event);
        }
      }
      if (piece.length() > 0) {
        response.write(piece);
      }
    }
  }

  /** Shows the client, and proxies between, that the answer goes on. */
  void heartbeat() {
    if (!response.writeQueueFull()) {
      response.write(lines ? "\n" : ":\n\n");
    }
  }

  private void put(Buffer piece, FeedEvent event) {
    if (lines) {
      piece.appendBytes(event.text()).appendString("\n");
      return;
    }
    if (!event.isLoss()) {
      piece.appendString("id: ").appendString(event.id()).appendString("\n");
    }
    piece
        .appendString("event: ")
        .appendString(event.kind())
        .appendString("\ndata: ")
        .appendBytes(event.text())
        .appendString("\n\n");
  }
}
