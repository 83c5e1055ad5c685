package io.ppstp.tracker.store.hazelcast;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The post between members in one JVM. Thread-safe; its desk is a thread that ends with the JVM.
 */
final class TestPost implements Post {
  private final Map<String, TestPost> all;
  private final ExecutorService desk =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread thread = new Thread(work, "test-post");
            thread.setDaemon(true);
            return thread;
          });
  private volatile @Nullable Consumer<byte[]> reader;

  /** Whether letters get lost on their way to this member. */
  volatile boolean loses;

  private final AtomicLong letters = new AtomicLong();

  private TestPost(Map<String, TestPost> all) {
    this.all = all;
  }

  /** Opens the post of the node {@code here} among those of {@code all}. */
  static TestPost open(String here, Map<String, TestPost> all) {
    return all.computeIfAbsent(here, first -> new TestPost(all));
  }

  /** Returns how many letters were sent here. */
  long letters() {
    return letters.get();
  }

  @Override
  public CompletionStage<Void> send(String member, byte[] letter) {
    TestPost there = all.get(member);
    Consumer<byte[]> theirs = there == null ? null : there.reader;
    if (there == null || theirs == null) {
      return CompletableFuture.failedStage(new IllegalStateException("nobody there"));
    }
    there.letters.incrementAndGet();
    if (!there.loses) {
      there.desk.execute(() -> theirs.accept(letter));
    }
    return CompletableFuture.completedStage(null);
  }

  @Override
  public void receive(String node, Consumer<byte[]> newReader) {
    reader = newReader;
  }

  @Override
  public Executor desk() {
    return desk;
  }
}
