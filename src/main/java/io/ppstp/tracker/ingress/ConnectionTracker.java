package io.ppstp.tracker.ingress;

import io.netty.channel.Channel;
import io.ppstp.tracker.ingress.connection.AcceptFilter;
import io.ppstp.tracker.ingress.connection.Channels;
import io.ppstp.tracker.ingress.connection.Http1Versions;
import io.ppstp.tracker.ingress.connection.Http2FrameLimit;
import io.ppstp.tracker.limits.Limit;
import io.vertx.core.http.HttpConnection;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one ingress instance, and how long each may be without a request. Confined to
 * one event loop.
 *
 * <p>A connection is <em>new</em> until its first request is whole, then by turns <em>busy</em>
 * with requests and <em>idle</em>. Bytes alone change nothing: who sends one now and then runs out
 * of time like who sends none. A busy connection is bounded by the deadlines of its requests.
 *
 * <p>A connection that has to end is <em>leaving</em>: the client is told before, in HTTP/1 with
 * its next answer, in HTTP/2 with a GOAWAY, so that no request is lost on the way.
 */
final class ConnectionTracker {
  private final AcceptFilter acceptFilter;
  private final Duration longestReply;
  private final int mostControlFrames;
  private boolean draining;
  private final Map<HttpConnection, ConnectionState> all = new HashMap<>();

  private final Set<ConnectionState> unserved = new LinkedHashSet<>();

  private final DeadlineQueue<ConnectionState> idle;

  /** In the order in which they were opened, but for those told to go. */
  private final Set<ConnectionState> aging = new LinkedHashSet<>();

  /**
   * Makes an empty set.
   *
   * @param idle the longest time from an answer to the next request
   * @param longestReply the longest time that answers take
   * @param mostControlFrames of one HTTP/2 connection
   */
  ConnectionTracker(
      AcceptFilter acceptFilter, Duration idle, Duration longestReply, int mostControlFrames) {
    this.acceptFilter = acceptFilter;
    this.idle = new DeadlineQueue<>(idle.toNanos());
    this.longestReply = longestReply;
    this.mostControlFrames = mostControlFrames;
  }

  /** Takes a connection in. */
  void opened(HttpConnection connection) {
    Channel channel = Channels.of(connection);
    Http1Versions.install(channel);
    boolean http2 =
        Http2FrameLimit.install(
            channel,
            mostControlFrames,
            () -> acceptFilter.limits().hit(Limit.HTTP2_CONTROL_FRAMES));
    ConnectionState connectionState =
        new ConnectionState(connection, acceptFilter.acceptedNs(connection), http2);
    connectionState.leaving = draining;
    all.put(connection, connectionState);
    unserved.add(connectionState);
    aging.add(connectionState);
    connection.closeHandler(closed -> closed(connectionState));
    acceptFilter.connected(connection, hold -> connectionState.hold = hold);
  }

  private void closed(ConnectionState connectionState) {
    if (connectionState.closed) {
      return;
    }
    connectionState.closed = true;
    all.remove(connectionState.connection);
    unserved.remove(connectionState);
    idle.remove(connectionState);
    aging.remove(connectionState);
    if (connectionState.hold != null) {
      connectionState.hold.release();
    }
  }

  /** A request began: its headers are whole. Returns its connection, null if that is closed. */
  @Nullable ConnectionState began(HttpConnection connection) {
    ConnectionState connectionState = all.get(connection);
    if (connectionState != null && connectionState.open++ == 0) {
      idle.remove(connectionState);
    }
    return connectionState;
  }

  /** A request is whole. */
  void whole(@Nullable ConnectionState connectionState) {
    if (connectionState != null && !connectionState.served) {
      connectionState.served = true;
      unserved.remove(connectionState);
    }
  }

  /** A request is over: answered, or given up by the client. */
  void over(@Nullable ConnectionState connectionState, long nowNs) {
    if (connectionState != null
        && --connectionState.open == 0
        && connectionState.served
        && !connectionState.closed
        && !connectionState.upgraded) {
      idle.add(connectionState, nowNs);
      if (connectionState.leaving && connectionState.http2) {
        goAway(connectionState);
      }
    }
  }

  /** A connection has become a WebSocket; returns what is to be run when that is closed. */
  Runnable upgraded(@Nullable ConnectionState connectionState) {
    if (connectionState == null) {
      return () -> {};
    }
    connectionState.upgraded = true;
    unserved.remove(connectionState);
    idle.remove(connectionState);
    aging.remove(connectionState);
    return () -> closed(connectionState);
  }

  /** Closes the connections whose time is over. */
  void sweep(long nowNs) {
    var rules = acceptFilter.limits().rules().connections();
    long firstNs = rules.firstRequest().toNanos();
    for (Iterator<ConnectionState> next = unserved.iterator(); next.hasNext(); ) {
      ConnectionState connectionState = next.next();
      // In no order: some handshakes take longer than others.
      if (nowNs - connectionState.acceptedNs >= firstNs) {
        next.remove();
        cut(connectionState);
      }
    }
    idle.removeOverdue(nowNs).forEach(this::cut);
    long ageNs = rules.maxAge().toNanos();
    for (Iterator<ConnectionState> oldest = aging.iterator(); oldest.hasNext(); ) {
      ConnectionState connectionState = oldest.next();
      if (nowNs - connectionState.acceptedNs < ageNs) {
        break;
      }
      oldest.remove();
      leave(connectionState);
    }
  }

  /** Lets all connections leave, those too that are still to come; or these no more. */
  void drain(boolean now) {
    draining = now;
    if (now) {
      List.copyOf(all.values()).forEach(this::leave);
    }
  }

  private void leave(ConnectionState connectionState) {
    connectionState.leaving = true;
    if (connectionState.http2) {
      goAway(connectionState);
    }
  }

  private void goAway(ConnectionState connectionState) {
    connectionState.connection.shutdown(longestReply.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void cut(ConnectionState connectionState) {
    acceptFilter.limits().hit(Limit.REQUEST_DEADLINE);
    Channels.abort(connectionState.connection);
  }
}
