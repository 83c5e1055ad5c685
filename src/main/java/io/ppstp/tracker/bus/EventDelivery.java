package io.ppstp.tracker.bus;

import io.ppstp.tracker.bus.EventNumbers.NumberedEvent;
import io.ppstp.tracker.bus.NodeQuestions.Topic;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Brings events to the streams of this node and of others, as far as somebody there wants them: an
 * event that nobody wants costs a look at what is wanted. Publishing is thread-safe, all else is
 * confined to the context that opened it.
 *
 * <p>Each node tells all others what it wants, and again every few seconds, for that is forgotten
 * after {@value #LEASE_MS} ms: of a node that is gone nothing remains. A node that comes up greets
 * the others, who tell it at once. Events travel in batches of {@value #PASS_MS} ms. What is too
 * much for a stream is dropped and counted; publishers never wait.
 */
public final class EventDelivery {
  static final long PASS_MS = 10;
  static final long LEASE_MS = 15_000;
  private static final long RENEWAL_MS = 5_000;
  private static final int MOST_INTERESTS = 100;
  private static final int MOST_SUBSCRIBERS = 1_000;
  private static final int BATCH_BYTES = 256 << 10;
  private static final int MOST_BYTES_UNDER_WAY = 4 << 20;
  private static final String NODE = "node";
  private static final String INTERESTS = "interests";
  private static final String DROPPED = "dropped";
  private static final Topic<Boolean> TOPIC =
      new Topic<>(Addresses.STREAMS, Addresses::streams, Boolean.class);

  private final String node;
  private final int mostWaiting;
  private final LongSupplier nanoTime;
  private final CopyOnWriteArrayList<Subscription> subscriptions = new CopyOnWriteArrayList<>();
  private List<EventInterest> everywhere = List.of();
  private @Nullable Connection connection;
  private @Nullable Long passing;

  /** Takes what is wanted here. */
  public interface Stream {
    /**
     * Takes events of this node.
     *
     * @param dropped how many more there were before them, which were too many
     */
    void own(List<NumberedEvent> events, long dropped);

    /** Takes events of another node, each as its JSON form in UTF-8. */
    void foreign(List<byte[]> events, long dropped);
  }

  /**
   * What is there once the delivery is open.
   *
   * @param questions null if nodes keep events to themselves
   * @param nodes how many there are
   */
  private record Connection(
      Vertx vertx, Stream stream, @Nullable NodeQuestions<Boolean> questions, IntSupplier nodes) {}

  /** Where events are wanted, and what waits for it. Thread-safe. */
  private static final class Subscription {
    private final String node;
    private final int mostWaiting;
    private volatile List<EventInterest> interests = List.of();
    private List<NumberedEvent> waiting = new ArrayList<>();
    private long dropped;
    private long renewedNs;
    private int bytesUnderWay;

    Subscription(String node, int mostWaiting) {
      this.node = node;
      this.mostWaiting = mostWaiting;
    }

    void offer(NumberedEvent event) {
      for (EventInterest interest : interests) {
        if (interest.takes(event)) {
          add(event);
          return;
        }
      }
    }

    private synchronized void add(NumberedEvent event) {
      if (waiting.size() < mostWaiting) {
        waiting.add(event);
      } else {
        dropped++;
      }
    }

    synchronized @Nullable Waiting take() {
      if (waiting.isEmpty() && dropped == 0) {
        return null;
      }
      Waiting taken = new Waiting(waiting, dropped);
      waiting = new ArrayList<>();
      dropped = 0;
      return taken;
    }
  }

  /** What a subscription has waiting, and how much was dropped. */
  private record Waiting(List<NumberedEvent> events, long dropped) {}

  /**
   * Makes one that brings nothing yet.
   *
   * @param node that this is, as events name it
   * @param mostWaiting events that wait for one node at a time
   */
  public EventDelivery(String node, int mostWaiting) {
    this(node, mostWaiting, System::nanoTime);
  }

  EventDelivery(String node, int mostWaiting, LongSupplier nanoTime) {
    this.node = node;
    this.mostWaiting = mostWaiting;
    this.nanoTime = nanoTime;
  }

  /** Takes note of an event for those who want it. Thread-safe, never blocks for long. */
  public void publish(NumberedEvent event) {
    for (Subscription subscription : subscriptions) {
      subscription.offer(event);
    }
  }

  /**
   * Opens the delivery on the present context.
   *
   * @param stream of this node
   * @param ofCluster whether nodes tell each other their events
   * @param nodes how many there are
   */
  public Future<Void> open(Vertx vertx, Stream stream, boolean ofCluster, IntSupplier nodes) {
    if (!ofCluster) {
      connection = new Connection(vertx, stream, null, nodes);
      return Future.succeededFuture();
    }
    var bus = vertx.eventBus();
    Future<NodeQuestions<Boolean>> asking = NodeQuestions.open(vertx, node, TOPIC, this::asked);
    Future<Void> hearing = bus.<Object>consumer(Addresses.stream(node), this::heard).completion();
    Future<Void> greeted =
        bus.<Object>consumer(Addresses.GREETINGS, greeting -> renew()).completion();
    return Future.all(asking, hearing, greeted)
        .onSuccess(
            opened -> {
              connection = new Connection(vertx, stream, asking.result(), nodes);
              vertx.setPeriodic(RENEWAL_MS, timer -> renew());
              bus.publish(Addresses.GREETINGS, node);
            })
        .mapEmpty();
  }

  /**
   * Says what is wanted here from now on. Completes when all nodes know it, or after a second.
   *
   * @param here of this node
   * @param all of every node
   */
  public Future<Void> want(List<EventInterest> here, List<EventInterest> all) {
    List<EventInterest> ofThisNode = new ArrayList<>(all);
    ofThisNode.addAll(here);
    boolean asked = !all.isEmpty() || !everywhere.isEmpty();
    // More than the others would take are told apart here.
    everywhere = all.size() > MOST_INTERESTS ? List.of(EventInterest.ALL) : List.copyOf(all);
    subscribe(node, ofThisNode);
    return asked ? tellOthers() : Future.succeededFuture();
  }

  private void renew() {
    if (!everywhere.isEmpty()) {
      tellOthers();
    }
  }

  private Future<Void> tellOthers() {
    Connection open = connection;
    NodeQuestions<Boolean> questions = open == null ? null : open.questions();
    int nodes = open == null ? 1 : open.nodes().getAsInt();
    if (questions == null || nodes <= 1) {
      return Future.succeededFuture();
    }
    JsonArray interests = new JsonArray();
    everywhere.forEach(interest -> interests.add(interest.toJson()));
    return questions
        .ask(new JsonObject().put(NODE, node).put(INTERESTS, interests), nodes)
        .mapEmpty();
  }

  /** Another node says what it wants. Whoever is a member can send anything. */
  private Future<Boolean> asked(JsonObject question) {
    if (question.getValue(NODE) instanceof String other
        && !other.equals(node)
        && question.getValue(INTERESTS) instanceof JsonArray told
        && told.size() <= MOST_INTERESTS) {
      subscribe(other, told.stream().map(EventInterest::of).flatMap(Optional::stream).toList());
    }
    return Future.succeededFuture(true);
  }

  private void subscribe(String subscriber, List<EventInterest> interests) {
    Subscription known = null;
    for (Subscription subscription : subscriptions) {
      known = subscription.node.equals(subscriber) ? subscription : known;
    }
    if (interests.isEmpty()) {
      subscriptions.remove(known);
    } else {
      Subscription renewed = known == null ? new Subscription(subscriber, mostWaiting) : known;
      renewed.interests = List.copyOf(interests);
      renewed.renewedNs = nanoTime.getAsLong();
      if (known == null && subscriptions.size() < MOST_SUBSCRIBERS) {
        subscriptions.add(renewed);
      }
    }
    pass();
  }

  /** Passes on what waits now and from time to time, as long as anybody wants anything. */
  private void pass() {
    Connection open = connection;
    if (open == null) {
      return;
    }
    long nowNs = nanoTime.getAsLong();
    for (Subscription subscription : subscriptions) {
      if (subscription.node.equals(node)) {
        Waiting waiting = subscription.take();
        if (waiting != null) {
          open.stream().own(waiting.events(), waiting.dropped());
        }
      } else if (nowNs - subscription.renewedNs > LEASE_MS * 1_000_000) {
        subscriptions.remove(subscription);
      } else if (subscription.bytesUnderWay < MOST_BYTES_UNDER_WAY) {
        Waiting waiting = subscription.take();
        if (waiting != null) {
          send(open.vertx(), subscription, waiting);
        }
      }
    }
    if (!subscriptions.isEmpty() && passing == null) {
      passing = open.vertx().setPeriodic(PASS_MS, timer -> pass());
    } else if (subscriptions.isEmpty() && passing != null) {
      open.vertx().cancelTimer(passing);
      passing = null;
    }
  }

  private void send(Vertx vertx, Subscription to, Waiting waiting) {
    long dropped = waiting.dropped();
    Buffer lines = Buffer.buffer();
    for (NumberedEvent event : waiting.events()) {
      lines.appendBytes(event.toText()).appendByte((byte) '\n');
      if (lines.length() >= BATCH_BYTES) {
        send(vertx, to, lines, dropped);
        dropped = 0;
        lines = Buffer.buffer();
      }
    }
    if (lines.length() > 0 || dropped > 0) {
      send(vertx, to, lines, dropped);
    }
  }

  private void send(Vertx vertx, Subscription to, Buffer lines, long dropped) {
    DeliveryOptions options = new DeliveryOptions();
    if (dropped > 0) {
      options.addHeader(DROPPED, Long.toString(dropped));
    }
    int bytes = lines.length();
    to.bytesUnderWay += bytes;
    vertx
        .eventBus()
        .<Buffer>sender(Addresses.stream(to.node), options)
        .write(lines)
        .onComplete(sent -> to.bytesUnderWay -= bytes)
        // It is gone, or says again what it wants.
        .onFailure(failure -> subscriptions.remove(to));
  }

  private void heard(Message<Object> message) {
    Connection open = connection;
    if (open == null || !(message.body() instanceof Buffer lines)) {
      return;
    }
    List<byte[]> events = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < lines.length(); i++) {
      if (lines.getByte(i) == '\n') {
        events.add(lines.getBytes(start, i));
        start = i + 1;
      }
    }
    open.stream().foreign(events, droppedOf(message));
  }

  private static long droppedOf(Message<Object> message) {
    String told = message.headers().get(DROPPED);
    try {
      return told == null ? 0 : Math.max(0, Long.parseLong(told));
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
