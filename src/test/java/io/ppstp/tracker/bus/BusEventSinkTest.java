package io.ppstp.tracker.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.bus.BusEventSink.TrackerEventCodec;
import io.ppstp.tracker.bus.EventNumbers.NumberedEvent;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.Logs;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What listeners get, and what they cannot do to each other and to the tracker. */
class BusEventSinkTest {
  /** Events that a listener which does not keep up has waiting, at most. */
  private static final int BUFFERED = 1_000;

  private static final long NODE = 7;

  private final Vertx vertx = Vertx.vertx();

  /** Vert.x writes a line for each event that it drops. */
  private final Logs.Silence silence =
      Logs.silence("io.vertx.core.eventbus.impl.MessageConsumerImpl");

  @AfterEach
  void close() {
    Await.result(vertx.close());
    silence.close();
  }

  /** Does what the real codec does, and counts. */
  private static final class CountingCodec implements MessageCodec<NumberedEvent, JsonObject> {
    final AtomicInteger transformed = new AtomicInteger();
    private final TrackerEventCodec codec = new TrackerEventCodec();

    @Override
    public void encodeToWire(Buffer buffer, NumberedEvent event) {
      codec.encodeToWire(buffer, event);
    }

    @Override
    public JsonObject decodeFromWire(int position, Buffer buffer) {
      return codec.decodeFromWire(position, buffer);
    }

    @Override
    public JsonObject transform(NumberedEvent event) {
      transformed.incrementAndGet();
      return codec.transform(event);
    }

    @Override
    public String name() {
      return codec.name();
    }

    @Override
    public byte systemCodecID() {
      return codec.systemCodecID();
    }
  }

  private static TrackerEvent event(int number) {
    return new TrackerEvent.Joined(number, "p" + number, "s", PeerMode.SEEDER);
  }

  /** Returns the event of this number as the one that was published next after all before it. */
  private static JsonObject heardAs(int number) {
    return new NumberedEvent("000000000007", number + 1, event(number), PeerNames.CLEAR, null)
        .toJson();
  }

  private MessageConsumer<JsonObject> listen(List<JsonObject> heard) {
    MessageConsumer<JsonObject> listener =
        vertx
            .eventBus()
            .<JsonObject>consumer(Addresses.EVENTS, message -> heard.add(message.body()));
    Await.result(listener.completion());
    return listener;
  }

  @Test
  void aListenerGetsEachEventOnceAndInOrder() {
    RoomBus.create(vertx, 1, 1);
    BusEventSink sink =
        new BusEventSink(vertx, new EventNumbers(NODE, PeerNames.CLEAR), event -> {});
    List<JsonObject> heard = new CopyOnWriteArrayList<>();
    listen(heard);

    IntStream.range(0, 500).forEach(i -> sink.publish(event(i)));
    Await.until(() -> "events heard: " + heard.size(), () -> heard.size() >= 500);

    assertEquals(IntStream.range(0, 500).mapToObj(BusEventSinkTest::heardAs).toList(), heard);
  }

  @Test
  void eachListenerGetsItsOwnCopy() {
    RoomBus.create(vertx, 1, 1);
    BusEventSink sink =
        new BusEventSink(vertx, new EventNumbers(NODE, PeerNames.CLEAR), event -> {});
    List<JsonObject> one = new CopyOnWriteArrayList<>();
    List<JsonObject> other = new CopyOnWriteArrayList<>();
    listen(one);
    listen(other);

    sink.publish(event(1));
    Await.until(() -> "both heard it", () -> one.size() + other.size() == 2);

    assertEquals(one, other);
    assertNotSame(one.get(0), other.get(0));
  }

  @Test
  void aPausedListenerLosesEventsAndNobodyElseDoes() {
    RoomBus.create(vertx, 1, 1);
    BusEventSink sink =
        new BusEventSink(vertx, new EventNumbers(NODE, PeerNames.CLEAR), event -> {});
    List<JsonObject> late = new CopyOnWriteArrayList<>();
    List<JsonObject> awake = new CopyOnWriteArrayList<>();
    MessageConsumer<JsonObject> paused = listen(late);
    listen(awake);
    paused.pause();

    int sent = 0;
    for (int batch = 1; batch <= 10; batch++) {
      while (sent < batch * BUFFERED / 2) {
        sink.publish(event(sent++));
      }
      int expected = sent;
      Await.until(() -> "heard: " + awake.size(), () -> awake.size() == expected);
    }
    paused.resume();
    sink.publish(event(sent));
    Await.until(() -> "heard at last: " + late.size(), () -> late.contains(heardAs(5_000)));

    assertEquals(sent + 1, awake.size());
    assertTrue(late.size() <= BUFFERED + 1, () -> "kept for it: " + late.size());
  }

  @Test
  void aListenerThatThrowsDisturbsNobody() {
    RoomBus.create(vertx, 1, 1);
    BusEventSink sink =
        new BusEventSink(vertx, new EventNumbers(NODE, PeerNames.CLEAR), event -> {});
    AtomicInteger thrown = new AtomicInteger();
    vertx.exceptionHandler(failure -> {});
    Await.result(
        vertx
            .eventBus()
            .<JsonObject>consumer(
                Addresses.EVENTS,
                message -> {
                  thrown.incrementAndGet();
                  throw new IllegalStateException("a listener's own fault");
                })
            .completion());
    List<JsonObject> heard = new CopyOnWriteArrayList<>();
    listen(heard);

    IntStream.range(0, 100).forEach(i -> sink.publish(event(i)));
    Await.until(() -> "heard: " + heard.size(), () -> heard.size() == 100);
    Await.until(() -> "thrown: " + thrown, () -> thrown.get() == 100);
  }

  @Test
  void nothingIsMadeIntoJsonForNobody() {
    CountingCodec codec = new CountingCodec();
    vertx.eventBus().registerCodec(codec);
    BusEventSink sink =
        new BusEventSink(vertx, new EventNumbers(NODE, PeerNames.CLEAR), event -> {});

    IntStream.range(0, 100).forEach(i -> sink.publish(event(i)));
    assertEquals(0, codec.transformed.get());

    List<JsonObject> heard = new CopyOnWriteArrayList<>();
    MessageConsumer<JsonObject> listener = listen(heard);
    listen(heard);
    IntStream.range(0, 100).forEach(i -> sink.publish(event(i)));
    Await.until(() -> "heard: " + heard.size(), () -> heard.size() == 200);
    assertEquals(200, codec.transformed.get(), "once for each listener");

    Await.result(listener.unregister());
    sink.publish(event(0));
    Await.until(() -> "heard: " + heard.size(), () -> heard.size() == 201);
    assertEquals(201, codec.transformed.get());
  }

  @Test
  void aListenerThatIsGoneIsNoFault() {
    RoomBus.create(vertx, 1, 1);
    BusEventSink sink =
        new BusEventSink(vertx, new EventNumbers(NODE, PeerNames.CLEAR), event -> {});
    List<JsonObject> heard = new CopyOnWriteArrayList<>();
    Await.result(listen(heard).unregister());

    sink.publish(event(1));

    assertEquals(List.of(), heard);
  }
}
