package io.ppstp.tracker.swarm;

import io.ppstp.tracker.bus.RoomBus;
import io.ppstp.tracker.bus.RoomBus.TypedRequest;
import io.ppstp.tracker.config.Live;
import io.ppstp.tracker.store.TrackerStore;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Puts a {@link SwarmManager} on the event bus, for the share of the requests that is its own. */
public final class SwarmVerticle extends VerticleBase {
  private static final long UNTOLD_MS = 1000;

  private final int instance;
  private final RoomBus bus;
  private final TrackerStore store;
  private final Live<Function<TrackerStore, SwarmManager>> managers;
  private final PeerQueues queues;
  private final Executor executor = task -> context.runOnContext(v -> task.run());
  private @Nullable SwarmManager manager;

  /**
   * Makes the instance numbered {@code instance}.
   *
   * @param queues which all instances share
   * @param managers makes the manager over the store as this instance sees it
   */
  public SwarmVerticle(
      int instance,
      RoomBus bus,
      TrackerStore store,
      PeerQueues queues,
      Live<Function<TrackerStore, SwarmManager>> managers) {
    this.instance = instance;
    this.bus = bus;
    this.store = store;
    this.queues = queues;
    this.managers = managers;
  }

  @Override
  public Future<?> start() {
    TrackerStore confined = store.on(executor);
    manager = managers.now().apply(confined);
    managers.follow(changed -> context.runOnContext(now -> manager = changed.apply(confined)));
    vertx.setPeriodic(
        UNTOLD_MS,
        timer -> {
          SwarmManager ready = manager;
          if (ready != null) {
            ready.tellUntold();
          }
        });
    return bus.onManage(instance, this::manage);
  }

  private void manage(TypedRequest message) {
    SwarmManager ready = manager;
    if (ready == null) {
      throw new IllegalStateException("a request came before the start");
    }
    queues
        .run(
            message.request().peerId(),
            executor,
            () -> ready.handle(message.request(), message.requester()))
        .thenAccept(answer -> bus.answer(message.ticket(), answer));
  }
}
