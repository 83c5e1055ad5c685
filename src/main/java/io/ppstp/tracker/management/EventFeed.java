package io.ppstp.tracker.management;

import io.ppstp.tracker.bus.EventDelivery;
import io.ppstp.tracker.bus.EventInterest;
import io.ppstp.tracker.bus.EventNumbers.NumberedEvent;
import io.ppstp.tracker.config.EventsConfig;
import io.ppstp.tracker.config.EventsConfig.Identities;
import io.ppstp.tracker.management.EventQuery.BadQueryException;
import io.ppstp.tracker.management.access.Problem;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Serves {@code /api/v1/events}: the events of the cluster, or of this node, for as long as the
 * reader stays. Where nodes keep events to themselves there are those of this node only. Confined
 * to one event loop.
 *
 * <p>What a reader asks for is wanted while it is there and a minute longer, so that one who comes
 * back misses nothing, and a tracker without readers does no work for them.
 */
final class EventFeed implements EventDelivery.Stream {
  private static final long MOST_BYTES = 16L << 20;
  private static final long HEARTBEAT_MS = 15_000;
  private static final int HEARTBEATS_KEPT = 4;

  /** Queries of readers who have gone, which are wanted a while longer. */
  private static final int MOST_LEFT = 32;

  private final String thisNode;
  private final boolean named;
  private final int mostReaders;
  private final boolean ofCluster;
  private final EventDelivery delivery;
  private final EventLog log;
  private final Set<EventReader> readers = new LinkedHashSet<>();

  /** What readers asked for who have gone, and how many heartbeats ago. */
  private final Map<EventQuery, Integer> left = new LinkedHashMap<>();

  private final List<EventQuery> opening = new ArrayList<>();

  private EventFeed(EventsConfig config, EventDelivery delivery, String thisNode) {
    this.thisNode = thisNode;
    this.named = config.identities() != Identities.NONE;
    this.mostReaders = config.readers();
    this.ofCluster = config.bus();
    this.delivery = delivery;
    this.log = new EventLog(config.kept(), MOST_BYTES);
  }

  /**
   * Opens a feed on the present context.
   *
   * @param nodes how many the cluster has
   */
  static Future<EventFeed> open(
      Vertx vertx,
      EventsConfig config,
      EventDelivery delivery,
      String thisNode,
      IntSupplier nodes) {
    EventFeed feed = new EventFeed(config, delivery, thisNode);
    vertx.setPeriodic(HEARTBEAT_MS, timer -> feed.heartbeat());
    return delivery.open(vertx, feed, config.bus(), nodes).map(feed);
  }

  /** Answers a request for events; the answer ends with the connection. */
  void answer(RoutingContext context) {
    HttpServerRequest request = context.request();
    EventQuery query;
    try {
      query = EventQuery.of(context.queryParams());
      if (query.interest().sample() < 1 && !named) {
        throw new BadQueryException("a sample is of peers, and events.identities=none hides them");
      }
      if (!ofCluster && "cluster".equals(context.queryParams().get("scope"))) {
        throw new BadQueryException("with events.bus=false a node has its own events only");
      }
    } catch (BadQueryException e) {
      Problem.badRequest(String.valueOf(e.getMessage())).answer(context);
      return;
    }
    if (readers.size() + opening.size() >= mostReaders) {
      Problem.unavailable("there are as many readers as events.readers allows").answer(context);
      return;
    }
    boolean lines = String.valueOf(request.getHeader("accept")).contains("application/x-ndjson");
    EventReader reader = new EventReader(context.response(), query, thisNode, lines);
    String after = request.getHeader("last-event-id");
    String resumed = after == null ? context.queryParams().get("after") : after;
    opening.add(query);
    want()
        .onComplete(
            known -> {
              opening.remove(query);
              if (known.succeeded() && !context.response().closed()) {
                open(context, reader, resumed);
                return;
              }
              want();
              if (known.failed()) {
                Problem.unavailable("events cannot be had now").answer(context);
              }
            });
  }

  private void open(RoutingContext context, EventReader reader, @Nullable String after) {
    readers.add(reader);
    context.response().closeHandler(closed -> leave(reader));
    context.response().exceptionHandler(failure -> leave(reader));
    reader.begin(log, after);
  }

  private void leave(EventReader reader) {
    if (readers.remove(reader)) {
      left.remove(reader.query());
      left.put(reader.query(), 0);
      if (left.size() > MOST_LEFT) {
        left.remove(left.keySet().iterator().next());
      }
    }
  }

  /** Says what is wanted now; completes when all nodes know it. */
  private Future<Void> want() {
    Set<EventInterest> here = new LinkedHashSet<>();
    Set<EventInterest> everywhere = new LinkedHashSet<>();
    Stream.of(opening.stream(), readers.stream().map(EventReader::query), left.keySet().stream())
        .flatMap(Function.identity())
        .forEach(
            query -> (query.ofThisNode() || !ofCluster ? here : everywhere).add(query.interest()));
    return delivery.want(List.copyOf(here), List.copyOf(everywhere));
  }

  @Override
  public void own(List<NumberedEvent> events, long dropped) {
    List<FeedEvent> told = new ArrayList<>(events.size());
    events.forEach(event -> told.add(FeedEvent.of(event)));
    take(told, dropped);
  }

  @Override
  public void foreign(List<byte[]> events, long dropped) {
    List<FeedEvent> told = new ArrayList<>(events.size());
    for (byte[] event : events) {
      FeedEvent known = FeedEvent.of(event);
      if (known != null) {
        told.add(known);
      }
    }
    take(told, dropped);
  }

  private void take(List<FeedEvent> events, long dropped) {
    if (dropped > 0) {
      log.add(FeedEvent.lost(dropped));
    }
    events.forEach(log::add);
    for (EventReader reader : readers) {
      reader.read(log);
    }
    events.forEach(FeedEvent::forgetText);
  }

  private void heartbeat() {
    readers.forEach(EventReader::heartbeat);
    left.replaceAll((query, heartbeats) -> heartbeats + 1);
    if (left.values().removeIf(heartbeats -> heartbeats > HEARTBEATS_KEPT)) {
      want();
      if (readers.isEmpty() && left.isEmpty() && opening.isEmpty()) {
        log.clear();
      }
    }
  }
}
