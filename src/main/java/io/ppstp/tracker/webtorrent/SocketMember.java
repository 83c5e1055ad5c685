package io.ppstp.tracker.webtorrent;

import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import io.ppstp.tracker.webtorrent.protocol.ClientMessage.Totals;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One peer in one swarm over one socket, as this room remembers it; whether it is still in the
 * swarm the store knows. Confined to one event loop.
 */
final class SocketMember {
  final String infoHash;
  final String peerId;
  final int slot;

  /** By what the store knows it. */
  final String id;

  final SwarmKey swarm;

  /** The mode joined in, null before it has joined and after it has left. */
  @Nullable PeerMode mode;

  /** When it announced itself last. */
  long heardMs;

  private long uploaded;
  private long downloaded;
  private boolean stated;
  private @Nullable Pace offers;
  private boolean busy;
  private final ArrayDeque<Supplier<CompletionStage<?>>> waiting = new ArrayDeque<>(0);

  SocketMember(String infoHash, String peerId, int slot, String id, SwarmKey swarm) {
    this.infoHash = infoHash;
    this.peerId = peerId;
    this.slot = slot;
    this.id = id;
    this.swarm = swarm;
  }

  /**
   * Starts {@code work} once all earlier work is done, so that what a client says takes effect in
   * that order. It may fail.
   *
   * @return what completes when it is done, normally in any case
   */
  CompletionStage<Void> run(Supplier<CompletionStage<?>> work) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    waiting.addLast(
        () ->
            work.get()
                .whenComplete(
                    (result, failure) -> {
                      done.complete(null);
                    }));
    if (!busy) {
      next();
    }
    return done;
  }

  private void next() {
    Supplier<CompletionStage<?>> work = waiting.pollFirst();
    busy = work != null;
    if (work != null) {
      work.get().whenComplete((done, failure) -> next());
    }
  }

  /** Returns whether nothing is under way. */
  boolean isIdle() {
    return !busy;
  }

  /** Takes what it says that it has sent and received; returns whether that is news. */
  boolean hasMoved(Totals told) {
    long sent = told.uploaded() == Totals.UNKNOWN ? uploaded : told.uploaded();
    long got = told.downloaded() == Totals.UNKNOWN ? downloaded : told.downloaded();
    boolean news = sent != uploaded || got != downloaded;
    stated |= told.uploaded() != Totals.UNKNOWN || told.downloaded() != Totals.UNKNOWN;
    uploaded = sent;
    downloaded = got;
    return news;
  }

  /**
   * Returns whether it has said before what it has sent and received. The first time it may speak
   * of what another socket was told of already.
   */
  boolean hasStated() {
    return stated;
  }

  /** Returns the bytes that it says it has sent to the swarm. */
  long uploaded() {
    return uploaded;
  }

  /** Returns the bytes that it says it has received from the swarm. */
  long downloaded() {
    return downloaded;
  }

  /** Takes room for an offer, of {@code perSecond} at most; returns whether there was any. */
  boolean tryOffer(int perSecond, long nowNs) {
    Pace pace = offers;
    if (pace == null) {
      pace = new Pace(perSecond, perSecond);
      offers = pace;
    }
    return pace.tryTake(nowNs);
  }
}
