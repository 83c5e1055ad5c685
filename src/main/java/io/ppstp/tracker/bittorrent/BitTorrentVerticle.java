package io.ppstp.tracker.bittorrent;

import io.ppstp.tracker.bus.Answer;
import io.ppstp.tracker.bus.RoomBus;
import io.ppstp.tracker.bus.RoomBus.TorrentRequest;
import io.ppstp.tracker.protocol.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.security.SecureRandom;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;

/** Puts the room of BitTorrent clients on the event bus, for one instance of ingress. */
public final class BitTorrentVerticle extends VerticleBase {
  private final int instance;
  private final RoomBus bus;
  private final TorrentServices services;
  private final Executor loop = task -> context.runOnContext(now -> task.run());

  /** Makes the instance numbered {@code instance}, of as many as ingress has. */
  public BitTorrentVerticle(int instance, RoomBus bus, TorrentServices services) {
    this.instance = instance;
    this.bus = bus;
    this.services = services;
  }

  @Override
  public Future<?> start() {
    SplittableRandom random = new SplittableRandom(new SecureRandom().nextLong());
    TorrentRoom room = new TorrentRoom(services, services.store().on(loop), random);
    return bus.onTorrents(instance, request -> answer(room, request));
  }

  private void answer(TorrentRoom room, TorrentRequest request) {
    room.answer(request.scrape(), request.query(), request.requester())
        .thenAccept(
            body ->
                bus.answer(request.ticket(), new Answer(null, ErrorCode.NO_ERROR, body, false)));
  }
}
