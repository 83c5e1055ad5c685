package io.ppstp.tracker.management;

import io.ppstp.tracker.bus.Addresses;
import io.ppstp.tracker.config.EventsConfig;
import io.ppstp.tracker.config.EventsConfig.Identities;
import io.ppstp.tracker.management.EventQuery.BadQueryException;
import io.ppstp.tracker.management.access.Problem;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.MessageConsumerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Serves {@code /api/v1/events}: the events of the cluster, or of this node, for as long as the
 * reader stays. Where nodes keep events to themselves there are those of this node only. Confined
 * to one event loop.
 *
 * <p>It listens on the event bus while there are readers and a minute longer, so that a reader who
 * comes back misses nothing, and a tracker without readers does no work for them.
 */
final class EventFeed {
  private static final long MOST_BYTES = 16L << 20;
  private static final long HEARTBEAT_MS = 15_000;
  private static final int HEARTBEATS_KEPT = 4;

  private final Vertx vertx;
  private final String thisNode;
  private final boolean named;
  private final int mostReaders;
  private final int kept;
  private final boolean ofCluster;
  private final EventLog log;
  private final Set<EventReader> readers = new LinkedHashSet<>();
  private int opening;
  private int heartbeatsAlone;
  private @Nullable MessageConsumer<Object> listener;
  private @Nullable Future<Void> listening;

  EventFeed(Vertx vertx, EventsConfig config, String thisNode) {
    this.vertx = vertx;
    this.thisNode = thisNode;
    this.named = config.identities() != Identities.NONE;
    this.mostReaders = config.readers();
    this.kept = config.kept();
    this.ofCluster = config.bus();
    this.log = new EventLog(config.kept(), MOST_BYTES);
    vertx.setPeriodic(HEARTBEAT_MS, timer -> heartbeat());
  }

  /** Answers a request for events; the answer ends with the connection. */
  void answer(RoutingContext context) {
    HttpServerRequest request = context.request();
    EventQuery query;
    try {
      query = EventQuery.of(context.queryParams());
      if (query.sample() < 1 && !named) {
        throw new BadQueryException("a sample is of peers, and events.identities=none hides them");
      }
      if (!ofCluster && "cluster".equals(context.queryParams().get("scope"))) {
        throw new BadQueryException("with events.bus=false a node has its own events only");
      }
    } catch (BadQueryException e) {
      Problem.badRequest(String.valueOf(e.getMessage())).answer(context);
      return;
    }
    if (readers.size() + opening >= mostReaders) {
      Problem.unavailable("there are as many readers as events.readers allows").answer(context);
      return;
    }
    boolean lines = String.valueOf(request.getHeader("accept")).contains("application/x-ndjson");
    EventReader reader = new EventReader(context.response(), query, thisNode, lines);
    String after = request.getHeader("last-event-id");
    String resumed = after == null ? context.queryParams().get("after") : after;
    opening++;
    listen()
        .onComplete(
            listens -> {
              opening--;
              if (listens.failed()) {
                Problem.unavailable("events cannot be had now").answer(context);
              } else if (!context.response().closed()) {
                open(context, reader, resumed);
              }
            });
  }

  private void open(RoutingContext context, EventReader reader, @Nullable String after) {
    readers.add(reader);
    context.response().closeHandler(closed -> readers.remove(reader));
    context.response().exceptionHandler(failure -> readers.remove(reader));
    reader.begin(log, after);
  }

  private Future<Void> listen() {
    Future<Void> begun = listening;
    if (begun != null) {
      return begun;
    }
    heartbeatsAlone = 0;
    MessageConsumer<Object> consumer =
        vertx
            .eventBus()
            .consumer(
                new MessageConsumerOptions()
                    .setAddress(Addresses.EVENTS)
                    .setLocalOnly(!ofCluster)
                    .setMaxBufferedMessages(kept));
    consumer.handler(message -> take(message.body()));
    listener = consumer;
    Future<Void> completion = consumer.completion().onFailure(failure -> rest());
    listening = completion;
    return completion;
  }

  private void take(@Nullable Object message) {
    FeedEvent event = FeedEvent.of(message);
    if (event == null) {
      return;
    }
    log.add(event);
    for (EventReader reader : readers) {
      reader.read(log);
    }
  }

  private void heartbeat() {
    readers.forEach(EventReader::heartbeat);
    boolean alone = readers.isEmpty() && opening == 0;
    heartbeatsAlone = alone ? heartbeatsAlone + 1 : 0;
    if (heartbeatsAlone > HEARTBEATS_KEPT && listening != null) {
      rest();
    }
  }

  private void rest() {
    MessageConsumer<Object> consumer = listener;
    listener = null;
    listening = null;
    log.clear();
    if (consumer != null) {
      consumer.unregister();
    }
  }
}
