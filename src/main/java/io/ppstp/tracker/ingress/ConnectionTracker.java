package io.ppstp.tracker.ingress;

import io.netty.channel.Channel;
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
  private final AcceptFilter door;
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
      AcceptFilter door, Duration idle, Duration longestReply, int mostControlFrames) {
    this.door = door;
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
            channel, mostControlFrames, () -> door.limits().hit(Limit.HTTP2_CONTROL_FRAMES));
    ConnectionState visit = new ConnectionState(connection, door.acceptedNs(connection), http2);
    visit.leaving = draining;
    all.put(connection, visit);
    unserved.add(visit);
    aging.add(visit);
    connection.closeHandler(closed -> closed(visit));
    door.connected(connection, hold -> visit.hold = hold);
  }

  private void closed(ConnectionState visit) {
    visit.closed = true;
    all.remove(visit.connection);
    unserved.remove(visit);
    idle.remove(visit);
    aging.remove(visit);
    if (visit.hold != null) {
      visit.hold.release();
    }
  }

  /** A request began: its headers are whole. Returns its connection, null if that is closed. */
  @Nullable ConnectionState began(HttpConnection connection) {
    ConnectionState visit = all.get(connection);
    if (visit != null && visit.open++ == 0) {
      idle.remove(visit);
    }
    return visit;
  }

  /** A request is whole. */
  void whole(@Nullable ConnectionState visit) {
    if (visit != null && !visit.served) {
      visit.served = true;
      unserved.remove(visit);
    }
  }

  /** A request is over: answered, or given up by the client. */
  void over(@Nullable ConnectionState visit, long nowNs) {
    if (visit != null && --visit.open == 0 && visit.served && !visit.closed) {
      idle.add(visit, nowNs);
      if (visit.leaving && visit.http2) {
        goAway(visit);
      }
    }
  }

  /** Closes the connections whose time is over. */
  void sweep(long nowNs) {
    var rules = door.limits().rules().connections();
    long firstNs = rules.firstRequest().toNanos();
    for (Iterator<ConnectionState> next = unserved.iterator(); next.hasNext(); ) {
      ConnectionState visit = next.next();
      // In no order: some handshakes take longer than others.
      if (nowNs - visit.acceptedNs >= firstNs) {
        next.remove();
        cut(visit);
      }
    }
    idle.removeOverdue(nowNs).forEach(this::cut);
    long ageNs = rules.maxAge().toNanos();
    for (Iterator<ConnectionState> oldest = aging.iterator(); oldest.hasNext(); ) {
      ConnectionState visit = oldest.next();
      if (nowNs - visit.acceptedNs < ageNs) {
        break;
      }
      oldest.remove();
      leave(visit);
    }
  }

  /** Lets all connections leave, those too that are still to come. */
  void drain() {
    draining = true;
    List.copyOf(all.values()).forEach(this::leave);
  }

  private void leave(ConnectionState visit) {
    visit.leaving = true;
    if (visit.http2) {
      goAway(visit);
    }
  }

  private void goAway(ConnectionState visit) {
    visit.connection.shutdown(longestReply.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void cut(ConnectionState visit) {
    door.limits().hit(Limit.REQUEST_DEADLINE);
    Channels.abort(visit.connection);
  }
}
