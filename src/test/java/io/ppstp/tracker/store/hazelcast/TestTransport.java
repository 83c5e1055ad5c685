package io.ppstp.tracker.store.hazelcast;

import io.ppstp.tracker.store.hazelcast.transport.Transport;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Messages between members in one JVM. Thread-safe; its threads end with the JVM. */
final class TestTransport implements Transport {
  private final Map<String, List<Receiver>> receivers = new ConcurrentHashMap<>();
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread made = new Thread(work, "test-transport");
            made.setDaemon(true);
            return made;
          });

  /** Whether messages get lost. */
  volatile boolean loses;

  @Override
  public Channel open(String here, Receiver receiver) {
    List<Receiver> mine = receivers.computeIfAbsent(here, first -> new CopyOnWriteArrayList<>());
    synchronized (mine) {
      mine.add(receiver);
      return new Channel(mine.size() - 1, thread);
    }
  }

  /** Lets a node that starts again at the same address have channels from 0 on. */
  void forget(String node) {
    receivers.remove(node);
  }

  @Override
  public CompletionStage<Void> send(String node, int channel, byte[] message) {
    List<Receiver> there = receivers.getOrDefault(node, List.of());
    if (channel >= there.size()) {
      return CompletableFuture.failedStage(new IllegalStateException("nobody there"));
    }
    if (!loses) {
      thread.execute(() -> there.get(channel).receive(channel, message));
    }
    return CompletableFuture.completedStage(null);
  }
}
