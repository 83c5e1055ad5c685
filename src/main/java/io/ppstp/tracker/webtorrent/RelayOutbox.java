package io.ppstp.tracker.webtorrent;

import io.ppstp.tracker.bus.Relay;
import io.ppstp.tracker.bus.RelayBatch;
import io.ppstp.tracker.bus.SocketNumbers;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * Offers and answers on their way to other instances of the room, here and on other nodes. What one
 * turn of the event loop brings travels together. Confined to one event loop.
 *
 * <p>Nothing waits here: what is too much for another node is dropped, for an offer that comes late
 * is worth nothing, and the next announce brings others.
 */
final class RelayOutbox {
  /** Bytes under way to one node, from this instance. */
  static final int MOST_BYTES = 2 << 20;

  /** How long an instance that an offer could not be brought to is not given anything. */
  static final long SHUN_NS = 10_000_000_000L;

  /** The same for one that the cluster does not know, which is soon tried once more. */
  static final long RETRY_NS = 2_000_000_000L;

  /** How long an instance is taken for gone that the cluster did not know twice. */
  static final long GONE_NS = 60_000_000_000L;

  private static final int MOST_LOST = 256;

  private final long here;
  private final Carrier carrier;
  private final Executor loop;
  private final RoomCounts counts;
  private final Map<RoomInstance, List<Relay>> waiting = new LinkedHashMap<>();
  private final Map<Long, Integer> underWay = new LinkedHashMap<>();
  private final Map<RoomInstance, Loss> lost = new LinkedHashMap<>();
  private boolean flushing;

  /** An instance of the room. */
  private record RoomInstance(long node, int instance) {
    static RoomInstance of(long node, long socket) {
      return new RoomInstance(node, SocketNumbers.instanceOf(socket));
    }
  }

  /**
   * An offer did not get to an instance.
   *
   * @param unknown whether the cluster did not know the instance
   * @param gone whether that was not the first time
   */
  private record Loss(long sinceNs, boolean unknown, boolean gone) {
    boolean holds(long nowNs) {
      return nowNs - sinceNs < (gone ? GONE_NS : unknown ? RETRY_NS : SHUN_NS);
    }
  }

  /** Brings relays to other instances. */
  interface Carrier {
    /** Hands relays to an instance on this node. */
    void here(int instance, RelayBatch batch);

    /** Hands relays to another node; false if there is no such instance, or it fails. */
    CompletionStage<Boolean> there(long node, int instance, RelayBatch batch);
  }

  /**
   * Makes an empty one.
   *
   * @param here this node
   * @param loop runs on this event loop, after what is under way
   */
  RelayOutbox(long here, Carrier carrier, Executor loop, RoomCounts counts) {
    this.here = here;
    this.carrier = carrier;
    this.loop = loop;
    this.counts = counts;
  }

  /** Returns whether the instance that holds a socket could be reached as far as is known. */
  boolean isReachable(long node, long socket, long nowNs) {
    return isReachable(RoomInstance.of(node, socket), nowNs);
  }

  private boolean isReachable(RoomInstance target, long nowNs) {
    Loss loss = lost.get(target);
    return loss == null || !loss.holds(nowNs);
  }

  /** Returns whether there is any instance that could not be reached of late. */
  boolean hasLost() {
    return !lost.isEmpty();
  }

  /** Returns whether the instance that holds a socket is held to be gone for good. */
  boolean isGone(long node, long socket, long nowNs) {
    Loss loss = lost.get(RoomInstance.of(node, socket));
    return loss != null && loss.gone() && loss.holds(nowNs);
  }

  /** Notes that a node is there. */
  void heardFrom(long node) {
    if (!lost.isEmpty()) {
      lost.keySet().removeIf(instance -> instance.node() == node);
    }
  }

  /** Sends a relay to the node that holds its socket, or drops and counts it. */
  void add(long node, Relay relay, long nowNs) {
    RoomInstance target = RoomInstance.of(node, relay.socket());
    if (node != here) {
      if (!isReachable(target, nowNs)) {
        counts.drop(Dropped.LOST_NODE);
        return;
      }
      int bytes = underWay.getOrDefault(node, 0);
      if (bytes + relay.weight() > MOST_BYTES) {
        counts.drop(Dropped.SLOW_NODE);
        return;
      }
      underWay.put(node, bytes + relay.weight());
    }
    waiting.computeIfAbsent(target, first -> new ArrayList<>()).add(relay);
    if (!flushing) {
      flushing = true;
      loop.execute(() -> flush(nowNs));
    }
  }

  private void flush(long nowNs) {
    flushing = false;
    Map<RoomInstance, List<Relay>> all = new LinkedHashMap<>(waiting);
    waiting.clear();
    all.forEach(
        (target, relays) -> {
          for (int from = 0; from < relays.size(); from += RelayBatch.MOST) {
            int to = Math.min(relays.size(), from + RelayBatch.MOST);
            send(target, new RelayBatch(here, relays.subList(from, to)), nowNs);
          }
        });
  }

  private void send(RoomInstance target, RelayBatch batch, long nowNs) {
    if (target.node() == here) {
      carrier.here(target.instance(), batch);
      return;
    }
    int bytes = batch.relays().stream().mapToInt(Relay::weight).sum();
    carrier
        .there(target.node(), target.instance(), batch)
        .whenComplete(
            (known, failure) ->
                loop.execute(
                    () -> {
                      arrived(target.node(), bytes);
                      if (failure != null || !known) {
                        counts.drop(Dropped.LOST_NODE, batch.relays().size());
                        failed(target, batch, failure == null, nowNs);
                      }
                    }));
  }

  private void arrived(long node, int bytes) {
    underWay.computeIfPresent(node, (same, before) -> before > bytes ? before - bytes : null);
  }

  /** Where an offer goes the store says. Where an answer goes its sender says, who may lie. */
  private void failed(RoomInstance target, RelayBatch batch, boolean unknown, long nowNs) {
    if (batch.relays().stream().noneMatch(Relay.OfferRelay.class::isInstance)) {
      return;
    }
    Loss before = lost.remove(target);
    boolean again = before != null && before.unknown() && nowNs - before.sinceNs() >= RETRY_NS;
    if (lost.size() >= MOST_LOST) {
      Iterator<RoomInstance> oldest = lost.keySet().iterator();
      oldest.next();
      oldest.remove();
    }
    lost.put(target, new Loss(nowNs, unknown, unknown && again));
  }
}
