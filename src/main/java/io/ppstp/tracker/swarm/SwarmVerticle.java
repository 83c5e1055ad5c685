package io.ppstp.tracker.swarm;

import io.ppstp.tracker.bus.RoomBus;
import io.ppstp.tracker.bus.TypedRequest;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;

/** Puts a {@link SwarmManager} on the event bus, for the share of the peers that is its own. */
public final class SwarmVerticle extends VerticleBase {
  private final int instance;
  private final RoomBus bus;
  private final SwarmManager manager;

  /** Makes the instance numbered {@code instance}. */
  public SwarmVerticle(int instance, RoomBus bus, SwarmManager manager) {
    this.instance = instance;
    this.bus = bus;
    this.manager = manager;
  }

  @Override
  public Future<?> start() {
    return bus.onManage(instance, this::manage);
  }

  private void manage(TypedRequest message) {
    manager
        .handle(message.request(), message.requester())
        .thenAccept(answer -> bus.answer(message.ticket(), answer));
  }
}
