package io.ppstp.tracker.config;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Something configured that can change while the tracker runs. Thread-safe.
 *
 * @param <T> immutable
 */
public final class Live<T> {
  private final List<Consumer<T>> followers = new CopyOnWriteArrayList<>();
  private volatile T now;

  /** Begins with {@code first}. */
  public Live(T first) {
    now = first;
  }

  /** Returns what is in force. */
  public T now() {
    return now;
  }

  /** Has {@code follower} told of every change, on the thread that makes it. */
  public void follow(Consumer<T> follower) {
    followers.add(follower);
  }

  /** Puts {@code next} in force. */
  public void change(T next) {
    now = next;
    followers.forEach(follower -> follower.accept(next));
  }
}
