package io.ppstp.tracker.ingress;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** The {@link TlsMaterial} in force, which can change while listeners listen. Thread-safe. */
public final class LiveTls {
  private final List<Consumer<TlsMaterial>> followers = new CopyOnWriteArrayList<>();
  private volatile TlsMaterial now;

  /** Begins with {@code material}. */
  public LiveTls(TlsMaterial material) {
    now = material;
  }

  TlsMaterial now() {
    return now;
  }

  /** Has {@code follower} told of every change, on the thread that makes it. */
  void follow(Consumer<TlsMaterial> follower) {
    followers.add(follower);
  }

  /** Puts {@code material} in force for handshakes to come; connections there are go on. */
  public void change(TlsMaterial material) {
    now = material;
    followers.forEach(follower -> follower.accept(material));
  }
}
