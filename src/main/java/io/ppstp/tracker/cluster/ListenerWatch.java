package io.ppstp.tracker.cluster;

import com.hazelcast.core.EntryEvent;
import com.hazelcast.core.EntryListener;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.MapEvent;
import com.hazelcast.multimap.MultiMap;
import io.ppstp.tracker.bus.Addresses;
import io.ppstp.tracker.bus.EventNumbers;
import io.ppstp.tracker.bus.EventNumbers.NumberedEvent;
import io.ppstp.tracker.bus.EventSink;
import io.ppstp.tracker.bus.Requester;
import io.ppstp.tracker.bus.TrackerEvent;
import io.vertx.core.eventbus.EventBus;
import java.util.function.Consumer;

/**
 * Knows whether anybody in the cluster listens to the tracker's events. Asking at each event would
 * be a remote operation when nobody does. Thread-safe.
 *
 * <p>Reads the map in which Vert.x keeps the registrations of all nodes.
 */
final class ListenerWatch {
  private static final String REGISTRATIONS = "__vertx.subs";

  private final MultiMap<String, Object> registrations;
  private volatile boolean listening;

  /** Begins to watch; blocks. */
  ListenerWatch(HazelcastInstance hazelcast) {
    registrations = hazelcast.getMultiMap(REGISTRATIONS);
    registrations.addEntryListener(new SubscriberListener(), Addresses.EVENTS, false);
    refresh();
  }

  /** Returns whether somebody listens. */
  boolean isListening() {
    return listening;
  }

  /** Looks again; blocks, so for a worker. Catches what a merge or a death did not tell. */
  void refresh() {
    listening = registrations.containsKey(Addresses.EVENTS);
  }

  private final class SubscriberListener implements EntryListener<String, Object> {
    @Override
    public void entryAdded(EntryEvent<String, Object> event) {
      listening = true;
    }

    @Override
    public void entryUpdated(EntryEvent<String, Object> event) {
      listening = true;
    }

    @Override
    public void entryRemoved(EntryEvent<String, Object> event) {}

    @Override
    public void entryEvicted(EntryEvent<String, Object> event) {}

    @Override
    public void entryExpired(EntryEvent<String, Object> event) {}

    @Override
    public void mapCleared(MapEvent event) {}

    @Override
    public void mapEvicted(MapEvent event) {}
  }

  /**
   * Publishes events to listeners on any node, as JSON that needs no class of ours. Thread-safe.
   */
  static final class ClusterEventSink implements EventSink {
    private final EventBus bus;
    private final ListenerWatch listeners;
    private final EventNumbers numbers;
    private final Consumer<NumberedEvent> delivery;

    ClusterEventSink(
        EventBus bus,
        ListenerWatch listeners,
        EventNumbers numbers,
        Consumer<NumberedEvent> delivery) {
      this.bus = bus;
      this.listeners = listeners;
      this.numbers = numbers;
      this.delivery = delivery;
    }

    @Override
    public void publish(TrackerEvent event) {
      publish(numbers.number(event));
    }

    @Override
    public void publish(TrackerEvent event, Requester sender) {
      publish(numbers.number(event, sender));
    }

    private void publish(NumberedEvent numbered) {
      delivery.accept(numbered);
      if (listeners.isListening()) {
        bus.publish(Addresses.EVENTS, numbered.toJson());
      }
    }
  }
}
