package io.ppstp.tracker.cluster;

import io.ppstp.tracker.store.hazelcast.MembershipCheck;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The periodic work of a node: safety, the checks of lists and of backups, what merges did, who
 * listens to events, and what peers are called there. Each runs at most once at a time; a failure
 * waits for the next tick. Confined to its event loop.
 */
public final class ClusterVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterVerticle.class);
  private static final long TICK_MS = 1000;

  /** All shards of a node in a few minutes. */
  private static final int REPLICAS_PER_TICK = 4;

  private final ClusterNode node;
  private final ListenerWatch listeners;
  private final ClusterLog.LossLog losses;
  private final ClusterLog.MergeLog merges;
  private final int membersPerTick;
  private boolean watching;
  private boolean checking;
  private boolean checkingSafety;

  ClusterVerticle(
      ClusterNode node, ListenerWatch listeners, ClusterLog.LossLog losses, int membersPerTick) {
    this.node = node;
    this.listeners = listeners;
    this.losses = losses;
    this.merges = new ClusterLog.MergeLog(node.store());
    this.membersPerTick = membersPerTick;
  }

  @Override
  public Future<?> start() {
    vertx.setPeriodic(TICK_MS, timer -> tick());
    return Future.succeededFuture();
  }

  private void tick() {
    merges.tellNews();
    losses.tellNews();
    if (!watching) {
      watching = true;
      blocking(
              () -> {
                listeners.refresh();
                node.refreshDayKeys();
                return true;
              })
          .onComplete(done -> watching = false);
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
    if (!checking && node.mayServe()) {
      checking = true;
      check().onComplete(done -> checking = false);
    }
  }

  /** Runs on a worker what takes time proportional to the state, and answers here. */
  private Future<?> check() {
    return blocking(() -> node.store().membershipCheck().step(membersPerTick))
        .compose(step -> Future.fromCompletionStage(step, context))
        .onSuccess(this::tell)
        .compose(mended -> blocking(() -> node.store().replicaCheck().step(REPLICAS_PER_TICK)))
        .compose(step -> Future.fromCompletionStage(step, context))
        .onFailure(failure -> LOG.debug("the check of lists waits for its next turn", failure));
  }

  private void tell(MembershipCheck.Mended mended) {
    node.countMended(mended);
    if (mended.removed() + mended.restored() > 0) {
      LOG.info(
          "lists did not follow registrations: {} members were removed, {} added",
          mended.removed(),
          mended.restored());
    }
  }

  private <T> Future<T> blocking(Callable<T> work) {
    return vertx
        .executeBlocking(work, false)
        .onFailure(failure -> LOG.debug("periodic work of the cluster failed", failure));
  }
}
