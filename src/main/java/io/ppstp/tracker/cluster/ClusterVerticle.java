package io.ppstp.tracker.cluster;

import io.ppstp.tracker.store.hazelcast.OrphanCheck;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The periodic work of a node: counts, safety, the check for orphans, what merges did, and who
 * listens to events. Each runs at most once at a time; a failure waits for the next tick. Confined
 * to its event loop.
 */
public final class ClusterVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterVerticle.class);
  private static final long TICK_MS = 1000;

  private final ClusterNode node;
  private final ListenerWatch listeners;
  private final LossLog losses;
  private final MergeLog merges;
  private final OrphanCheck orphans;
  private final int orphansPerTick;
  private boolean counting;
  private boolean checking;
  private boolean checkingSafety;

  ClusterVerticle(ClusterNode node, ListenerWatch listeners, LossLog losses, int orphansPerTick) {
    this.node = node;
    this.listeners = listeners;
    this.losses = losses;
    this.merges = new MergeLog(node.store());
    this.orphans = node.store().orphanCheck();
    this.orphansPerTick = orphansPerTick;
  }

  @Override
  public Future<?> start() {
    vertx.setPeriodic(TICK_MS, timer -> tick());
    return Future.succeededFuture();
  }

  private void tick() {
    merges.tellNews();
    losses.tellNews();
    node.store().giveUpOverdue();
    if (!counting) {
      counting = true;
      blocking(
              () -> {
                node.store().clusterCensus().refresh();
                listeners.refresh();
                return true;
              })
          .onComplete(done -> counting = false);
    }
    if (!checkingSafety) {
      checkingSafety = true;
      blocking(
              () -> {
                node.checkSafety();
                return true;
              })
          .onComplete(done -> checkingSafety = false);
    }
    if (!checking) {
      checking = true;
      check().onComplete(done -> checking = false);
    }
  }

  private Future<?> check() {
    Future<?> round =
        orphans.roundIsOver()
            ? blocking(
                () -> {
                  orphans.beginRound();
                  return true;
                })
            : Future.succeededFuture();
    return round
        .compose(begun -> Future.fromCompletionStage(orphans.step(orphansPerTick), context))
        .onSuccess(this::tell)
        .onFailure(failure -> LOG.debug("the check for orphans waits for its next turn", failure));
  }

  private void tell(int removed) {
    if (removed > 0) {
      node.countOrphans(removed);
      LOG.info("{} members without a registration were removed from their swarms", removed);
    }
  }

  private <T> Future<T> blocking(Callable<T> work) {
    return vertx
        .executeBlocking(work, false)
        .onFailure(failure -> LOG.debug("periodic work of the cluster failed", failure));
  }
}
