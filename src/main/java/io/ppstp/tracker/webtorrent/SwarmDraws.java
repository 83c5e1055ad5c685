package io.ppstp.tracker.webtorrent;

import io.ppstp.tracker.domain.TorrentIds;
import io.ppstp.tracker.domain.swarm.PeerList;
import io.ppstp.tracker.domain.swarm.Selection;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.domain.swarm.SwarmQuery;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.store.Stages;
import io.ppstp.tracker.store.TrackerStore;
import io.ppstp.tracker.webtorrent.protocol.Bytes20;
import io.ppstp.tracker.webtorrent.protocol.MessageWriter.Numbers;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Asks the store how many are in a swarm, and for some of them at random. Confined to one event
 * loop.
 */
final class SwarmDraws {
  /** Members drawn besides those wanted: some may be on the same socket, or on a lost node. */
  private static final int SPARE = 8;

  private final TrackerStore store;
  private final RandomGenerator random;

  SwarmDraws(TrackerStore store, RandomGenerator random) {
    this.store = store;
    this.random = random;
  }

  /**
   * Draws {@code wanted} others than {@code id}, which is seen at {@code ip}, and some to spare.
   */
  CompletionStage<PeerList.MemberDraw> draw(
      SwarmKey swarm, String id, @Nullable IpAddress ip, int wanted) {
    int count = wanted == 0 ? 0 : wanted + SPARE;
    return store.ask(
        swarm,
        new SwarmQuery.DrawMembers(swarm, id, count, random.nextLong(), ip, Selection.RANDOM));
  }

  /** Returns how many are in the swarm of a hash, and nobody of them. */
  CompletionStage<PeerList.MemberDraw> numbers(String infoHash) {
    return draw(TorrentIds.webTorrent(Bytes20.hex(infoHash)), "", null, 0);
  }

  /** Returns how many are in each of some swarms, in their order. */
  CompletionStage<List<Numbers>> numbers(List<String> infoHashes) {
    return Stages.all(
        infoHashes.stream()
            .map(
                hash ->
                    numbers(hash)
                        .thenApply(draw -> new Numbers(hash, draw.seeders(), draw.leeches())))
            .toList());
  }
}
